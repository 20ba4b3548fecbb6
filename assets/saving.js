/** The quiet line that says whether everything is saved. */

import { announce } from "./announce.js";
import * as session from "./session.js";
import { number } from "./words.js";

// An answer usually comes sooner than this; saying "waiting" in between would only flicker.
const PATIENCE_MS = 400;

export class SavingLine {
  /** @param {HTMLElement} line */
  constructor(line) {
    this.line = line;
    this.timer = 0;
    this.sentSomething = false;
  }

  /** @param {import("./outbox.js").State} state */
  show(state) {
    clearTimeout(this.timer);
    this.sentSomething ||= state.waiting > 0;
    const words = this.words(state);
    if (state.waiting && state.connected && state.keeps) this.timer = setTimeout(() => this.say(words), PATIENCE_MS);
    else this.say(words, !state.connected);
  }

  /**
   * @param {string} words
   * @param {boolean} [aloud] if the connection was just lost
   */
  say(words, aloud = false) {
    if (aloud && !this.line.textContent.startsWith("not connected")) announce(words);
    this.line.textContent = words;
  }

  /** @param {import("./outbox.js").State} state */
  words({ waiting, connected, keeps, sentence }) {
    if (!keeps) return "This browser keeps nothing for later: stay until this says saved.";
    if (!waiting) return this.sentSomething && session.current()?.signed_in ? "saved ✓" : "";
    if (!session.current()?.signed_in) return `${number(waiting)} kept here until you sign in`;
    if (!connected) return `not connected, ${number(waiting)} waiting`;
    return `${number(waiting)} waiting, will be sent${sentence ? `. ${sentence}` : ""}`;
  }
}
