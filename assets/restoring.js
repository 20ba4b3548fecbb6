/** While the sprint is brought back from its backup: how far it has come, for a banner above every tab and for the card. */

import { announce } from "./announce.js";
import { check, onConnection } from "./live.js";
import { get, onUnavailable } from "./requests.js";

const EVERY_MS = 2000;

/** @typedef {{place: string, share: number | null, sentence: string, error: string | null}} Restoring */

/** @type {Restoring | null} */
let restoring = null;
let looking = false;
let timer = 0;
/** @type {Set<(now: Restoring | null) => void>} */
const listeners = new Set();

/** @returns {Restoring | null} null: the sprint is all there, or nothing is known of it */
export function current() {
  return restoring;
}

/** @param {(now: Restoring | null) => void} listener called now, if there is something to say, and at every change */
export function onChange(listener) {
  listeners.add(listener);
  if (restoring) listener(restoring);
}

/** Ask how far it has come, and go on asking until it is done. */
async function look() {
  clearTimeout(timer);
  if (looking || document.visibilityState !== "visible") return;
  looking = true;
  // If nobody answers, it is as far as it was.
  await get("/api/restoring").then(become, () => {});
  looking = false;
  if (restoring) timer = setTimeout(look, EVERY_MS * (0.75 + Math.random() / 2));
}

/** @param {Restoring | null} now */
function become(now) {
  const before = restoring;
  restoring = now;
  if (before === now) return;
  if (now && (!before || now.error !== before.error)) announce(`${now.sentence} ${now.error ?? ""}`);
  if (!now) {
    announce("The sprint is back.");
    check();
  }
  listeners.forEach((listener) => listener(now));
}

/** @param {HTMLElement} element */
export function start(element) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
  const banner = part(".restoring");
  const bar = /** @type {HTMLProgressElement} */ (part("progress"));
  const show = () => {
    banner.hidden = !restoring;
    if (!restoring) return;
    const { share, sentence, error } = restoring;
    part(".restoring-words").textContent = sentence;
    part(".restoring-error").textContent = error ?? "";
    bar.hidden = share === null;
    bar.value = share ?? 0;
  };
  onChange(show);
}

onUnavailable(look);
onConnection((now) => now && look());
document.addEventListener("visibilitychange", () => restoring && look());
