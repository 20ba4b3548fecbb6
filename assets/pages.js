/** The pages of a list, and the form it is searched with. */

import { number } from "./words.js";

const TYPING_MS = 300;

/**
 * Search when somebody pauses typing, and at once when they press Enter.
 * @param {HTMLFormElement} form
 * @param {() => void} search
 */
export function whenSearched(form, search) {
  let typing = 0;
  const now = () => {
    clearTimeout(typing);
    search();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    now();
  });
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(now, TYPING_MS);
  });
}

export class Pages {
  /**
   * @param {HTMLElement} nav with two buttons and words between them
   * @param {() => void} turned to another page
   */
  constructor(nav, turned) {
    this.nav = nav;
    this.words = nav.querySelector("span");
    [this.back, this.on] = nav.querySelectorAll("button");
    this.turned = turned;
    /** the one that is asked for, or shown */
    this.page = 1;
    this.last = 1;
    this.back.addEventListener("click", () => this.turnTo(this.page - 1));
    this.on.addEventListener("click", () => this.turnTo(this.page + 1));
  }

  /** @param {number} page */
  turnTo(page) {
    if (page < 1 || page > this.last) return;
    this.page = page;
    this.turned();
  }

  /**
   * @param {number} page that is shown
   * @param {number} pages there are
   */
  show(page, pages) {
    this.page = page;
    this.last = Math.max(1, pages);
    this.nav.hidden = this.last < 2;
    this.words.textContent = `Page ${number(page)} of ${number(this.last)}`;
    this.back.setAttribute("aria-disabled", String(page <= 1));
    this.on.setAttribute("aria-disabled", String(page >= this.last));
  }
}
