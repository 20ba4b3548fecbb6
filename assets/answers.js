/** The buttons that answer: five scores, skip, not equipped, flag, undo. Each has a key. */

import { deed } from "./last.js";

const PRESSED_MS = 120;
const KEY_OF = { skipped: "s", discarded: "d", flagged: "f" };

/** @typedef {{action: string, score?: number, reason?: string}} Said */

export class Answers {
  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} earlier where it stands what one said before taking it back
   * @param {(key: string) => void} pressed by click, tap or key
   * @param {() => void} tapped called after a click of a pointing device
   */
  constructor(place, earlier, pressed, tapped) {
    this.buttons = /** @type {HTMLElement[]} */ ([...place.querySelectorAll("[data-key]")]);
    this.earlier = earlier;
    this.pressed = pressed;
    for (const button of this.buttons) {
      // A second click of a double click, and an Enter held down, are no second opinion.
      button.addEventListener("click", (event) => {
        if (event.detail > 1) return;
        this.press(button);
        if (event.detail) tapped();
      });
      button.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.preventDefault());
    }
  }

  /** @param {string} key */
  of(key) {
    return this.buttons.find((button) => button.dataset.key === key);
  }

  /** @param {HTMLElement} button */
  press(button) {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), PRESSED_MS);
    this.pressed(button.dataset.key);
  }

  /**
   * @param {boolean} hasPrompt
   * @param {boolean} hasSteps that can be taken back
   */
  enable(hasPrompt, hasSteps) {
    // Never `disabled`: that would throw the focus out.
    for (const button of this.buttons) {
      button.setAttribute("aria-disabled", String(!(button.dataset.key === "u" ? hasSteps : hasPrompt)));
    }
  }

  /** @param {Said} [said] of the prompt on the card, before it was taken back */
  mark(said) {
    const key = said && (KEY_OF[said.action] ?? String(said.score));
    for (const button of this.buttons) button.classList.toggle("before", button.dataset.key === key);
    this.earlier.textContent = said ? `before: you ${this.inWords(said)}` : "";
  }

  /**
   * What was done, as in "you ...", with the score's own word.
   * @param {Said} said
   */
  inWords(said) {
    return deed(said) + (said.score ? `, ${this.of(String(said.score)).dataset.words}` : "");
  }
}
