/** Five prompts to practise on, each with a score of ours and why. Nothing is sent, nothing counts. */

import { announce } from "./announce.js";
import { digitInDialog } from "./keys.js";
import { get } from "./requests.js";
import * as storage from "./storage.js";
import { count, number } from "./words.js";

/** @typedef {{prompt: string, score: number, explanation: string}} Example */

const SCORES = 5;
const ASKED = "practice";

export class Practice {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {() => void} rate called when somebody wants to rate now, after the dialog has closed
   */
  constructor(dialog, rate) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (dialog.querySelector(name));
    this.dialog = dialog;
    this.rate = rate;
    this.place = part(".practice-place");
    this.text = part(".practice-text");
    this.verdict = part(".practice-verdict");
    this.next = part(".practice-next");
    this.buttons = /** @type {HTMLElement[]} */ ([...dialog.querySelectorAll(".practice-score")]);
    for (const button of this.buttons) button.addEventListener("click", () => this.give(Number(button.dataset.score)));
    this.next.addEventListener("click", () => this.goOn());
    part(".close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("keydown", (event) => this.key(event));
  }

  async begin() {
    if (this.dialog.open) return;
    this.examples = /** @type {Example[]} */ (await get(new URL("practice.json", import.meta.url).href));
    this.at = 0;
    /** @type {number[]} how far each score was from ours */
    this.apart = [];
    this.dialog.showModal();
    this.show();
  }

  show() {
    const { prompt } = this.examples[this.at];
    this.given = 0;
    this.place.textContent = `Prompt ${number(this.at + 1)} of ${number(this.examples.length)}`;
    this.text.textContent = prompt;
    this.text.scrollTop = 0;
    this.verdict.replaceChildren();
    this.next.hidden = true;
    for (const button of this.buttons) {
      button.removeAttribute("aria-pressed");
      button.removeAttribute("aria-disabled");
      button.classList.remove("ours");
    }
    this.text.focus();
    announce(`${this.place.textContent}: ${prompt}`);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const digit = digitInDialog(event, SCORES);
    if (!digit) return;
    event.preventDefault();
    this.give(Number(digit));
  }

  /** @param {number} score */
  give(score) {
    if (this.given || this.at >= this.examples.length) return;
    this.given = score;
    const { score: ours, explanation } = this.examples[this.at];
    this.apart.push(Math.abs(score - ours));
    for (const button of this.buttons) {
      const value = Number(button.dataset.score);
      button.setAttribute("aria-disabled", "true");
      button.setAttribute("aria-pressed", String(value === score));
      button.classList.toggle("ours", value === ours);
    }
    const words = this.buttons[ours - 1].dataset.words;
    const verdict = score === ours ? `You gave ${score}, and so do we: ${words}.` : `You gave ${score}; we give ${ours}: ${words}.`;
    const head = document.createElement("b");
    head.textContent = verdict;
    this.verdict.replaceChildren(head, ` ${explanation}`);
    this.next.textContent = this.at + 1 < this.examples.length ? "Next" : "See how it went";
    this.next.hidden = false;
    this.next.focus();
    announce(`${verdict} ${explanation}`);
  }

  goOn() {
    this.at += 1;
    if (this.at < this.examples.length) this.show();
    else if (this.at === this.examples.length) this.sumUp();
    else this.startRating();
  }

  startRating() {
    this.dialog.close();
    this.rate();
  }

  sumUp() {
    const same = this.apart.filter((distance) => distance === 0).length;
    const near = this.apart.filter((distance) => distance <= 1).length;
    this.place.textContent = "Done";
    this.text.textContent = "";
    const agreed = `You gave our score to ${number(same)} of ${count(this.apart.length, "prompt", "prompts")}, and were at most one away in ${number(near)}.`;
    this.verdict.replaceChildren(`${agreed} There is no one right score, only a shared scale: the guidelines keep it. None of this counted.`);
    this.next.textContent = "Start rating";
    announce(this.verdict.textContent);
  }
}

/** The offer to practise, for whoever has not rated yet; it is made until somebody answers it, or rates. */
export class PracticeOffer {
  /**
   * @param {HTMLElement} place
   * @param {Practice} practice
   */
  constructor(place, practice) {
    this.place = place;
    place.querySelector(".accept").addEventListener("click", () => {
      this.answer();
      practice.begin();
    });
    place.querySelector(".decline").addEventListener("click", () => this.answer());
  }

  /**
   * @param {import("./session.js").Session} now
   * @param {number} given answers here, whatever the sprint knows yet
   * @param {number} before of them were given before signing in, with the offer still to come
   */
  consider(now, given, before) {
    const isNew = now.signed_in && now.me?.ratings <= before && given <= before;
    this.place.hidden = !isNew || storage.read(ASKED) !== null;
  }

  answer() {
    storage.write(ASKED, "answered");
    const hadFocus = this.place.contains(document.activeElement);
    this.end();
    if (hadFocus) /** @type {HTMLElement} */ (this.place.parentElement.querySelector(".prompt")).focus();
  }

  end() {
    this.place.hidden = true;
  }
}
