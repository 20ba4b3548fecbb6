/** The quiet line that says whether everything is saved. */

import { announce } from "./announce.js";
import * as restoring from "./restoring.js";
import * as session from "./session.js";
import { number } from "./words.js";

// An answer usually comes sooner than this; saying "waiting" in between would only flicker.
const PATIENCE_MS = 400;
const SECOND_MS = 1000;
const KEEPS_NOTHING = "This browser keeps nothing for later: stay until this says saved.";
const SAVED = "saved ✓";

export class SavingLine {
  /** @param {HTMLElement} line */
  constructor(line) {
    this.line = line;
    this.timer = 0;
    this.sentSomething = false;
    /** whether the browser refused what was to be kept last: an answer comes too soon for that to be read */
    this.keepsNothing = false;
    /** what sort of thing the line says */
    this.shown = "";
    /** and what was last worth reading out */
    this.news = "";
  }

  /** @param {import("./outbox.js").State} state */
  show(state) {
    this.state = state;
    this.sentSomething ||= state.waiting > 0;
    const keptNothing = this.keepsNothing;
    if (state.waiting) this.keepsNothing = !state.keeps;
    if (this.keepsNothing && !keptNothing) announce(KEEPS_NOTHING);
    const { kind } = this.what(state);
    if (kind === "waiting" && this.shown !== "waiting") this.timer ||= setTimeout(() => this.say(), PATIENCE_MS);
    else this.say();
  }

  /** Say what is now. */
  say() {
    clearTimeout(this.timer);
    this.timer = 0;
    const { kind, words } = this.what(this.state);
    this.line.textContent = words;
    this.shown = kind;
    if (kind === "paused") this.timer = setTimeout(() => this.say(), SECOND_MS);
    // Each piece of news is read out once, when it begins, and that ratings arrive is none.
    if (kind === "waiting" || kind === this.news) return;
    if (["lost", "paused"].includes(kind)) announce(words);
    if (kind === "saved" && ["lost", "paused", "away", "at risk"].includes(this.news)) announce("All saved.");
    this.news = kind;
  }

  /** @param {import("./outbox.js").State} state */
  what({ waiting, connected, keeps, sentence, until }) {
    // As long as nobody can say who is here, it is who was here before.
    const isHere = session.current()?.signed_in ?? true;
    // Who was told to stay is told when they may go, but not after every rating.
    if (!keeps) return { kind: connected ? "unkept" : "at risk", words: KEEPS_NOTHING };
    const saved = this.keepsNothing ? `${SAVED} · this browser keeps nothing for later` : SAVED;
    if (!waiting) return isHere && this.sentSomething ? { kind: "saved", words: saved } : { kind: "", words: "" };
    if (!isHere) return { kind: "kept", words: `${number(waiting)} kept here until you sign in` };
    if (restoring.current()) return { kind: "away", words: `${number(waiting)} waiting until the sprint is back` };
    const left = Math.ceil((until - Date.now()) / SECOND_MS);
    if (left > 0) return { kind: "paused", words: `${number(waiting)} waiting, will be sent in ${secondsOrMinutes(left)}` };
    if (!connected) return { kind: "lost", words: `not connected, ${number(waiting)} waiting` };
    return { kind: "waiting", words: `${number(waiting)} waiting, will be sent${sentence ? `. ${sentence}` : ""}` };
  }
}

/** @param {number} seconds */
function secondsOrMinutes(seconds) {
  return seconds < 100 ? `${number(seconds)} s` : `${number(Math.ceil(seconds / 60))} minutes`;
}
