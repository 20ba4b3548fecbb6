/** A list that organizers search and page through. */

import { announce } from "./announce.js";
import { Pages, whenSearched } from "./pages.js";
import { get } from "./requests.js";
import { whenSeen } from "./seen.js";
import { count } from "./words.js";

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
    this.pages = new Pages(part(".listing-pages"), () => this.turned());
    this.turn = 0;
    /** @type {any} */
    this.answer = null;
    if (this.form) whenSearched(this.form, () => this.search());
    whenSeen(element, () => this.load());
  }

  search() {
    this.pages.page = 1;
    this.load(true);
  }

  async turned() {
    await this.load(true);
    this.state.focus();
  }

  /** @param {boolean} [aloud] whether to say what came of it */
  async load(aloud = false) {
    const turn = ++this.turn;
    const asked = new URLSearchParams(this.form ? /** @type {any} */ (new FormData(this.form)) : undefined);
    asked.set("page", String(this.pages.page));
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
    this.rows.replaceChildren(...rows.flatMap((row) => this.draw(row)));
    this.state.textContent = total ? count(total, ...this.nouns) : "Nothing here.";
    this.pages.show(page, pages);
  }
}
