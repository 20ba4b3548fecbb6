/** The one outbox of this page: the card and My ratings both send through it, and both hear what became of it. */

import { Outbox } from "./outbox.js";
import * as session from "./session.js";
import { newId, today } from "./words.js";

/**
 * @typedef {object} Hears
 * @property {(answer: any) => void} [answered] what the sprint said to a request
 * @property {(eventId: string, reason: string) => void} [rejected] why an event is not taken, and dropped
 * @property {(state: import("./outbox.js").State) => void} [changed] how much is waiting
 * @property {() => object} [alongside] what else each request says
 * @property {() => void} [sentAgain] something that was confirmed waits again: the sprint may have lost it
 * @property {(promptId: string) => void} [saidAside] something was said of a prompt, but not on the card
 */

/** @type {Set<Hears>} */
const listeners = new Set();
let happenedAt = 0;

export const outbox = new Outbox({
  answered: (answer) => listeners.forEach((hears) => hears.answered?.(answer)),
  rejected: (eventId, reason) => listeners.forEach((hears) => hears.rejected?.(eventId, reason)),
  changed: (state) => listeners.forEach((hears) => hears.changed?.(state)),
  signedOut: () => session.refresh(),
  stillOurs: () => session.stillOurs(),
  alongside: () => Object.assign({}, ...[...listeners].map((hears) => hears.alongside?.())),
  sentAgain: () => listeners.forEach((hears) => hears.sentAgain?.()),
});

/** @param {Hears} hears what becomes of events, from now on */
export function hear(hears) {
  listeners.add(hears);
}

/**
 * Say something of a prompt, but not on the card.
 * @param {import("./outbox.js").Happening} event
 */
export function sayAside(event) {
  outbox.keep(event);
  listeners.forEach((hears) => hears.saidAside?.(event.prompt_id));
  outbox.flush();
}

/**
 * An event that happens now. A clock that stands still or goes back must not turn the order round.
 * @param {string} prompt_id
 * @param {{action: string, score?: number, reason?: string, undoes?: string, shown_ms?: number}} what
 * @returns {import("./outbox.js").Happening}
 */
export function happening(prompt_id, what) {
  happenedAt = Math.max(Date.now(), happenedAt + 1);
  return { event_id: newId(), prompt_id, ...what, happened_at: happenedAt, local_date: today() };
}
