/** Who is signed in here, as the server says, for every part of the page. */

import { get, post } from "./requests.js";
import * as storage from "./storage.js";
import { today } from "./words.js";

/**
 * @typedef {{ratings: number, today: number, streak: number, daily_goal: number, milestone: number,
 *   enough: number}} OwnProgress
 * @typedef {{signed_in: boolean, key: string | null, username: string | null, name: string | null,
 *   organizer: boolean, picture?: string, sign_in: "local" | "provider" | "none",
 *   me: OwnProgress | null, presence: import("./presence.js").Presence | null}} Session
 *   `key` names the person in what this browser keeps; a username may change hands, a key does not
 */

// Other pages of this browser share the cookie: what they write here tells that somebody else is signed in.
const MARK = "signed-in";
const AGAIN_MS = 3000;

/** @type {Session | null} */
let session = null;
let marked = false;
let timer = 0;
/** @type {Set<(now: Session) => void>} */
const listeners = new Set();
let trouble = "";
/** @type {Set<(sentence: string) => void>} */
const troubleListeners = new Set();

/** @returns {string} the key of who was here when the server said so last, or empty */
export function knownLast() {
  return storage.read(MARK) ?? "";
}

/** @returns {Session | null} null until the server has answered for the first time */
export function current() {
  return session;
}

/** @param {(now: Session) => void} listener called now, if it is known, and at every change */
export function onChange(listener) {
  listeners.add(listener);
  if (session) listener(session);
}

/** @param {(sentence: string) => void} listener called when the server cannot say who is here, and nothing is known yet */
export function onTrouble(listener) {
  troubleListeners.add(listener);
  if (trouble) listener(trouble);
}

/** Ask the server who is signed in; keeps asking until it answers. */
export async function refresh() {
  clearTimeout(timer);
  try {
    become(await get(`/api/session?local_date=${today()}`));
    trouble = "";
  } catch (failure) {
    trouble = failure.message;
    if (!session) troubleListeners.forEach((listener) => listener(trouble));
    clearTimeout(timer);
    timer = setTimeout(refresh, AGAIN_MS * (0.75 + Math.random() / 2));
  }
}

/**
 * Sign in by name: on one's own machine only.
 * @param {string} name
 * @throws {import("./requests.js").Failure}
 */
export async function signInLocally(name) {
  become(await post(`/login/local?local_date=${today()}`, { name }));
}

/** @throws {import("./requests.js").Failure} */
export async function signOut() {
  await post("/logout", {});
  const nobody = { signed_in: false, key: null, username: null, name: null, organizer: false, me: null, presence: null };
  become({ ...session, ...nobody });
}

/** @param {OwnProgress} me one's own progress, from an answer to a rating */
export function progressed(me) {
  if (session?.signed_in) tell({ ...session, me });
}

/** @param {import("./presence.js").Presence} presence how others see one, from an answer to a change of it */
export function seen(presence) {
  if (session?.signed_in) tell({ ...session, presence });
}

/** Whether the cookie still belongs to whom this page thinks; what it sends goes to that person. */
export function stillOurs() {
  if (!marked || storage.read(MARK) === session?.key) return true;
  refresh();
  return false;
}

/** @param {Session} now what the server just said of the cookie that all pages of this browser share */
function become(now) {
  // A browser that keeps nothing cannot tell its other pages.
  marked = storage.write(MARK, now.key ?? "");
  tell(now);
}

/** @param {Session} now */
function tell(now) {
  session = now;
  listeners.forEach((listener) => listener(now));
}

window.addEventListener("storage", (event) => {
  if (event.key === MARK && event.newValue !== (session?.key ?? "")) refresh();
});
refresh();
