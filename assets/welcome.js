/** What somebody sees who is not signed in: a real prompt, and after the first answer the way in. */

import { focusFirst, signInForm } from "./account.js";
import { announce } from "./announce.js";
import { subscribe } from "./live.js";
import * as session from "./session.js";

const NO_PROMPTS = "There are no prompts yet. As soon as there are, one will stand here.";

export class Welcome {
  /**
   * @param {HTMLElement} element the card
   * @param {HTMLElement} ask where the way in is shown
   */
  constructor(element, ask) {
    this.element = element;
    this.ask = ask;
    this.end = () => {};
  }

  /**
   * One real prompt; it stays while they read, even if others rate it meanwhile.
   * @param {(prompt: import("./texts.js").Prompt | null, sentence: string) => void} show
   */
  showPrompt(show) {
    this.end = subscribe("welcome", this.element, ({ prompt, reason }) => {
      if (prompt) this.end();
      show(prompt ?? null, reason ?? NO_PROMPTS);
    });
  }

  /**
   * @param {string} sentence
   * @param {{takeFocus?: boolean}} [how]
   */
  askToSignIn(sentence, { takeFocus = true } = {}) {
    const words = document.createElement("p");
    words.textContent = sentence;
    this.ask.replaceChildren(words, signInForm(session.current()));
    this.ask.hidden = false;
    announce(sentence);
    if (takeFocus) focusFirst(this.ask);
  }

  /** @returns {boolean} whether the focus was in what went away */
  stopAsking() {
    const hadFocus = this.ask.contains(document.activeElement);
    this.ask.hidden = true;
    this.ask.replaceChildren();
    return hadFocus;
  }

  /** They are here now. */
  over() {
    this.end();
    return this.stopAsking();
  }
}
