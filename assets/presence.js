/** How others see oneself: asked once, calmly, and changed in a dialog that the account's own button opens. */

import { announce } from "./announce.js";
import { subscribe } from "./live.js";
import { put } from "./requests.js";
import * as session from "./session.js";

/** @typedef {{visibility: "" | "name" | "nickname" | "hidden", shown_as: string | null, key: string | null,
 *   nickname: string, team: string}} Presence */

/**
 * The question, as long as it is not answered.
 * @param {HTMLElement} element
 */
export function start(element) {
  const place = /** @type {HTMLElement} */ (element.querySelector(".presence-question"));
  const words = /** @type {HTMLElement} */ (place.querySelector(".presence-words"));
  const state = /** @type {HTMLElement} */ (place.querySelector(".presence-state"));
  const answers = /** @type {HTMLButtonElement[]} */ ([...place.querySelectorAll("button[value]")]);
  session.onChange((now) => {
    const open = now.signed_in && now.presence?.visibility === "";
    const answeredHere = !open && place.contains(document.activeElement);
    place.hidden = !open;
    if (answeredHere) {
      announce(seenAs(now.presence));
      // The button that had the focus is gone: on with the prompt, or on another tab with the tab itself.
      const places = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('#rate .prompt, #tabs [aria-selected="true"]')]);
      places.filter((one) => one.getClientRects().length).at(-1)?.focus({ preventScroll: true });
    }
    if (!open) return;
    words.replaceChildren("Others see you as ", bold(now.presence.nickname), ". How do you want to be seen?");
    const [named] = answers;
    named.textContent = `As ${now.name || now.username}`;
  });
  for (const button of answers) {
    button.addEventListener("click", () => {
      state.textContent = "";
      say({ visibility: button.value }).catch((failure) => (state.textContent = failure.message));
    });
  }
  place.querySelector(".presence-more").addEventListener("click", () => openDialog());
}

/**
 * @param {object} chosen
 * @throws {import("./requests.js").Failure}
 */
async function say(chosen) {
  session.seen(await put("/api/my/visibility", chosen));
  announce(seenAs(session.current()?.presence));
}

/** @param {Presence | null | undefined} presence */
export function seenAs(presence) {
  if (!presence) return "";
  return presence.shown_as ? `Others see you as ${presence.shown_as}.` : "You are hidden from others, and counted.";
}

/** @param {string} text */
function bold(text) {
  const element = document.createElement("b");
  element.dir = "auto";
  element.textContent = text;
  return element;
}

/** Whether the sprint has teams, as the leaderboard last said. */
let hasTeams = true;
let teams = /** @type {string[]} */ ([]);

/** Ask how one wants to be seen, and which team one is in. */
export function openDialog() {
  const dialog = dialogOnPage();
  const now = session.current();
  if (!now?.presence) return;
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const field = (/** @type {string} */ name) => /** @type {any} */ (form.elements.namedItem(name));
  field("visibility").value = now.presence.visibility || "nickname";
  field("nickname").value = now.presence.nickname;
  field("team").value = now.presence.team;
  dialog.querySelector(".presence-name").textContent = now.name || now.username;
  dialog.querySelector(".presence-team").toggleAttribute("hidden", !hasTeams);
  dialog.querySelector("datalist").replaceChildren(...teams.map((name) => new Option(name, name)));
  dialog.querySelector(".presence-state").textContent = "";
  dialog.showModal();
}

/** @returns {HTMLDialogElement} */
function dialogOnPage() {
  const dialog = /** @type {HTMLDialogElement} */ (document.querySelector("dialog.presence"));
  if (!dialog.dataset.started) {
    dialog.dataset.started = "yes";
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
    form.addEventListener("submit", (event) => {
      if (/** @type {HTMLButtonElement} */ (event.submitter)?.value === "cancel") return;
      event.preventDefault();
      keep(dialog, form);
    });
    // Whoever writes a nickname wants to be seen under it.
    form.querySelector("[name=nickname]").addEventListener("input", () => {
      /** @type {any} */ (form.elements.namedItem("visibility")).value = "nickname";
    });
    subscribe("leaderboard-all", dialog, (board) => {
      hasTeams = board.teams_on;
      teams = board.teams.map((/** @type {{name: string}} */ team) => team.name);
      dialog.querySelector(".presence-team").toggleAttribute("hidden", !hasTeams);
      dialog.querySelector("datalist").replaceChildren(...teams.map((name) => new Option(name, name)));
    });
  }
  return dialog;
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLFormElement} form
 */
async function keep(dialog, form) {
  const state = dialog.querySelector(".presence-state");
  const { visibility, nickname, team } = /** @type {any} */ (Object.fromEntries(new FormData(form)));
  state.textContent = "";
  try {
    await say({ visibility, nickname });
    if (hasTeams && team.trim() !== session.current()?.presence?.team) session.seen(await put("/api/my/team", { team }));
    dialog.close();
  } catch (failure) {
    state.textContent = failure.message;
  }
}
