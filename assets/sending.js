/** The one outbox of this page: the card and My ratings both send through it, and both hear what became of it. */

import { Outbox } from "./outbox.js";
import * as session from "./session.js";
import { today } from "./words.js";

/**
 * @typedef {object} Hears
 * @property {(answer: any) => void} [answered] what the sprint said to a request
 * @property {(reason: string) => void} [rejected] why an event is not taken, and dropped
 * @property {(state: import("./outbox.js").State) => void} [changed] how much is waiting
 */

/** @type {Set<Hears>} */
const listeners = new Set();

export const outbox = new Outbox({
  answered: (answer) => listeners.forEach((hears) => hears.answered?.(answer)),
  rejected: (reason) => listeners.forEach((hears) => hears.rejected?.(reason)),
  changed: (state) => listeners.forEach((hears) => hears.changed?.(state)),
  signedOut: () => session.expired(),
  stillOurs: () => session.stillOurs(),
});

/** @param {Hears} hears what becomes of events, from now on */
export function hear(hears) {
  listeners.add(hears);
}

/**
 * An event that happens now.
 * @param {string} prompt_id
 * @param {string} action
 * @param {object} [more] score, reason, undoes, shown_ms
 */
export function happening(prompt_id, action, more = {}) {
  const nothing = { score: null, reason: null, undoes: null, shown_ms: null };
  return { event_id: newId(), prompt_id, action, ...nothing, ...more, happened_at: Date.now(), local_date: today() };
}

/** A random UUID; browsers have their own only on pages that came over https or from this machine. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const template = "10000000-1000-4000-8000-100000000000";
  return template.replace(/[018]/g, (digit) =>
    (Number(digit) ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (Number(digit) / 4)))).toString(16),
  );
}
