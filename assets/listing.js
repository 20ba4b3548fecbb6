/** A list that organizers search and page through. */

import { announce } from "./announce.js";
import { get } from "./requests.js";
import { whenSeen } from "./seen.js";
import { count, number } from "./words.js";

const TYPING_MS = 300;

/** @template T */
export class Listing {
  /**
   * @param {HTMLElement} element with the parts of `components/organizing/listing.py`
   * @param {string} address
   * @param {(row: T) => Node[]} draw
   * @param {[string, string]} nouns for one row, and for many
   */
  constructor(element, address, draw, nouns) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.address = address;
    this.draw = draw;
    this.nouns = nouns;
    this.form = /** @type {HTMLFormElement | null} */ (part(".listing-search"));
    this.state = part(".listing-state");
    this.rows = part(".listing-rows");
    this.pages = part(".listing-pages");
    this.pageWords = part(".listing-page");
    this.back = part(".earlier");
    this.on = part(".later");
    this.page = 1;
    this.lastPage = 1;
    this.turn = 0;
    this.typing = 0;
    /** @type {any} */
    this.answer = null;
    this.back.addEventListener("click", () => this.turnTo(this.page - 1));
    this.on.addEventListener("click", () => this.turnTo(this.page + 1));
    this.form?.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
    });
    this.form?.addEventListener("input", () => {
      clearTimeout(this.typing);
      this.typing = setTimeout(() => this.search(), TYPING_MS);
    });
    whenSeen(element, () => this.load());
  }

  search() {
    clearTimeout(this.typing);
    this.page = 1;
    this.load(true);
  }

  /** @param {number} page */
  async turnTo(page) {
    if (page < 1 || page > this.lastPage) return;
    this.page = page;
    await this.load(true);
    this.state.focus();
  }

  /** @param {boolean} [aloud] whether to say what came of it */
  async load(aloud = false) {
    const turn = ++this.turn;
    const asked = new URLSearchParams(this.form ? /** @type {any} */ (new FormData(this.form)) : undefined);
    asked.set("page", String(this.page));
    try {
      const answer = await get(`${this.address}?${asked}`);
      if (turn === this.turn) this.show(answer);
    } catch (failure) {
      if (turn === this.turn) this.state.textContent = failure.message;
    }
    if (aloud) announce(this.state.textContent);
  }

  /** @param {{total: number, page: number, pages: number, rows: T[]}} answer */
  show(answer) {
    const { total, page, pages, rows } = answer;
    this.answer = answer;
    this.page = page;
    this.lastPage = pages;
    this.rows.replaceChildren(...rows.flatMap((row) => this.draw(row)));
    this.state.textContent = total ? count(total, ...this.nouns) : "Nothing here.";
    this.pages.hidden = pages < 2;
    this.pageWords.textContent = `Page ${number(page)} of ${number(pages)}`;
    this.back.setAttribute("aria-disabled", String(page <= 1));
    this.on.setAttribute("aria-disabled", String(page >= pages));
  }
}
