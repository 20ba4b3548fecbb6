/** My ratings: everything one did, to be searched, changed in place, withdrawn, and undone again. */

import { announce } from "./announce.js";
import { Farewell } from "./farewell.js";
import { LedgerRow } from "./ledger_row.js";
import { onConnection } from "./live.js";
import { sayAgain } from "./moments.js";
import { Pages, whenSearched } from "./pages.js";
import { get } from "./requests.js";
import { SavingLine } from "./saving.js";
import { hear, outbox } from "./sending.js";
import * as session from "./session.js";
import { count, number } from "./words.js";

const TIMES_GO_ON_MS = 30_000;
const SUM_AFTER_MS = 500;

class Ledger {
  /**
   * @param {HTMLElement} element
   * @param {{score: number, words: string}[]} scores
   */
  constructor(element, scores) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.scores = scores;
    this.form = /** @type {HTMLFormElement} */ (part(".ledger-search"));
    this.state = part(".ledger-state");
    this.list = part(".ledger-rows");
    this.earned = part(".ledger-sum");
    this.pages = new Pages(part(".ledger-pages"), () => this.turned());
    this.saving = new SavingLine(part(".ledger-saving"));
    this.farewell = new Farewell(part(".farewell"));
    /** @type {LedgerRow[]} */
    this.rows = [];
    this.turn = 0;
    this.summing = 0;
    this.visible = false;
    this.failed = false;
    this.person = /** @type {string | null} */ (null);
    this.listen();
  }

  listen() {
    whenSearched(this.form, () => this.search());
    hear({ answered: (answer) => this.answered(answer), changed: (state) => this.saving.show(state) });
    onConnection((now) => now && this.failed && this.load());
    session.onChange((now) => this.whoIsHere(now));
    new ResizeObserver(() => this.seen()).observe(this.element);
    setInterval(() => this.visible && sayAgain(this.list), TIMES_GO_ON_MS);
  }

  /** The tab was opened or left: what was done on the card meanwhile stands here when one looks. */
  seen() {
    const visible = this.element.getClientRects().length > 0;
    if (visible && !this.visible) this.load();
    this.visible = visible;
  }

  /** @param {session.Session} now */
  whoIsHere(now) {
    const person = now.signed_in ? now.key : null;
    if (person === this.person) return;
    this.person = person;
    this.form.reset();
    this.farewell.hide();
    this.show({ total: 0, page: 1, pages: 1, rows: [], earned: null });
    this.state.textContent = "\u00a0";
    if (this.visible) this.load();
  }

  search() {
    this.pages.page = 1;
    this.load(true);
  }

  async turned() {
    await this.load(true);
    this.state.focus({ preventScroll: true });
    this.element.scrollIntoView();
  }

  /** @param {boolean} [aloud] whether to say what came of it */
  async load(aloud = false) {
    if (!this.person) return;
    const turn = ++this.turn;
    this.list.setAttribute("aria-busy", "true");
    const asked = new URLSearchParams(/** @type {any} */ (new FormData(this.form)));
    asked.set("page", String(this.pages.page));
    try {
      // What still waits here would be missing there.
      await outbox.flush();
      const answer = await get(`/api/my/ratings?${asked}`);
      if (turn !== this.turn) return;
      this.failed = false;
      this.show(answer);
      this.state.textContent = this.words(answer);
      if (aloud) announce(this.state.textContent);
    } catch (failure) {
      if (turn !== this.turn) return;
      if (failure.status === 401) return session.refresh();
      this.failed = true;
      this.state.textContent = `${failure.message} Your ratings are not lost: they stand here as soon as it answers.`;
      announce(this.state.textContent);
    } finally {
      if (turn === this.turn) this.list.removeAttribute("aria-busy");
    }
  }

  /** @param {{total: number, page: number, pages: number, rows: any[], earned: {points: number, why: string} | null}} answer */
  show({ page, pages, rows, earned }) {
    this.showSum(earned);
    this.rows = rows.map((row) => new LedgerRow(row, this.scores));
    this.list.replaceChildren(...this.rows.map((row) => row.element));
    const waiting = outbox.waiting();
    this.rows.forEach((row) => row.takeOver(waiting));
    this.pages.show(page, pages);
  }

  /** @param {{total: number, page: number, pages: number}} answer */
  words({ total, page, pages }) {
    const { q, action } = Object.fromEntries(new FormData(this.form));
    if (!total && (String(q).trim() || action)) return "Nothing you did fits that.";
    if (!total) return "Nothing here yet: the first prompt you rate will stand here.";
    const where = pages > 1 ? `, page ${number(page)} of ${number(pages)}` : "";
    return `${count(total, "prompt", "prompts")}, newest first${where}`;
  }

  /** @param {any} answer to a request of this page, from here or from the card */
  answered(answer) {
    for (const row of this.rows) row.answered(answer);
    clearTimeout(this.summing);
    if (this.visible && this.person) this.summing = setTimeout(() => this.sumUp(), SUM_AFTER_MS);
  }

  /** What everything together earned, again: a rating that was changed or withdrawn may have changed it. */
  async sumUp() {
    const { person } = this;
    try {
      const { earned } = await get("/api/my/ratings");
      if (person === this.person) this.showSum(earned);
    } catch {
      // It is told when one looks again.
    }
  }

  /** @param {{points: number, why: string} | null} earned */
  showSum(earned) {
    this.earned.textContent = earned ? `${count(earned.points, "point", "points")}: ${earned.why}.` : "";
  }
}

/**
 * @param {HTMLElement} element
 * @param {{scores: {score: number, words: string}[]}} props
 */
export function start(element, props) {
  new Ledger(element, props.scores);
}
