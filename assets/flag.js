/** What is wrong with a prompt: six reasons, by click, by digit, or by arrows and Enter; Escape flags nothing. */

import { digitInDialog } from "./keys.js";

const STEPS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };

export class FlagDialog {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {() => void} closed whether a reason was chosen or not
   */
  constructor(dialog, closed) {
    this.dialog = dialog;
    this.buttons = /** @type {HTMLButtonElement[]} */ ([...dialog.querySelectorAll("[data-reason]")]);
    this.chosen = (/** @type {string} */ reason) => {};
    for (const button of this.buttons) button.addEventListener("click", () => this.choose(button));
    dialog.addEventListener("close", closed);
    dialog.addEventListener("keydown", (event) => this.key(event));
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** @param {(reason: string) => void} chosen called if a reason is chosen, after the dialog has closed */
  ask(chosen) {
    this.chosen = chosen;
    this.dialog.showModal();
    this.buttons[0].focus();
  }

  /** @param {HTMLButtonElement} button */
  choose(button) {
    this.dialog.close();
    this.chosen(button.dataset.reason);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const digit = digitInDialog(event, this.buttons.length);
    const step = STEPS[event.key];
    if (!digit && !step) return;
    event.preventDefault();
    if (digit) return this.choose(this.buttons[Number(digit) - 1]);
    const place = this.buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
    this.buttons.at((place + step + this.buttons.length) % this.buttons.length).focus();
  }
}
