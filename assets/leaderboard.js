/** The leaderboard: four periods, everybody searchable a page at a time, one's own place, teams. */

import { announce } from "./announce.js";
import { follow, subscribe } from "./live.js";
import { OwnStanding } from "./own_standing.js";
import { Pages, whenSearched } from "./pages.js";
import { nothingYet } from "./progress.js";
import * as session from "./session.js";
import { markOwnRow, showRows, valueOf } from "./standings.js";
import { count } from "./words.js";

const PER_PAGE = 50;
const day = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeZone: "UTC" });

class Leaderboard {
  /**
   * @param {HTMLElement} element
   * @param {string} usual the period to begin with
   */
  constructor(element, usual) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.totals = part(".totals");
    this.form = /** @type {HTMLFormElement} */ (part(".board-search"));
    this.field = /** @type {HTMLInputElement} */ (part(".board-search input"));
    this.state = part(".board-state");
    this.list = part(".board-rows");
    this.pages = new Pages(part(".board-pages"), () => this.turned());
    this.teams = part(".board-teams");
    this.formula = part(".board-formula");
    this.thin = part(".board-thin");
    this.periods = /** @type {HTMLButtonElement[]} */ ([...element.querySelectorAll(".board-periods button")]);
    this.own = new OwnStanding(part(".board-own"));
    this.usual = usual;
    const asked = new URL(location.href).searchParams;
    this.period = this.periods.some(({ value }) => value === asked.get("period")) ? asked.get("period") : usual;
    this.words = asked.get("find") ?? "";
    this.field.value = this.words;
    this.pages.page = Math.max(1, parseInt(asked.get("rows"), 10) || 1);
    this.aloud = false;
    this.most = 0;
    this.end = () => {};
    this.endTop = () => {};
    this.listen();
    this.choose();
  }

  listen() {
    for (const button of this.periods) {
      button.addEventListener("click", () => {
        this.period = button.value;
        this.pages.page = 1;
        this.keep();
        this.choose();
      });
    }
    whenSearched(this.form, () => this.search());
    session.onChange(() => markOwnRow(this.list));
  }

  search() {
    this.words = this.field.value.trim();
    this.pages.page = 1;
    this.aloud = true;
    this.keep();
    this.choose();
  }

  turned() {
    this.aloud = true;
    this.keep();
    this.choose();
    this.list.scrollIntoView({ block: "nearest" });
  }

  /** What is looked at stands in the address: a reload keeps it, and a link shares it. */
  keep() {
    const address = new URL(location.href);
    const { period, words, usual } = this;
    const { page } = this.pages;
    for (const [name, value] of Object.entries({
      period: period === usual ? "" : period,
      find: words,
      // Not "page": Gradio has pages of its own.
      rows: page === 1 ? "" : String(page),
    })) {
      if (value) address.searchParams.set(name, value);
      else address.searchParams.delete(name);
    }
    history.replaceState(history.state, "", address);
  }

  /** Follow what is to be shown from now on: the live view, and for another page or a search that part of it. */
  choose() {
    this.end();
    this.endTop();
    for (const button of this.periods) button.setAttribute("aria-pressed", String(button.value === this.period));
    const whole = !this.words && this.pages.page === 1;
    this.endTop = subscribe(`leaderboard-${this.period}`, this.element, (board) => this.showTop(board, whole));
    const asked = new URLSearchParams({ period: this.period, q: this.words, page: String(this.pages.page) });
    this.end = whole ? () => {} : follow(`/api/leaderboard?${asked}`, this.element, (board) => this.showPart(board));
  }

  /**
   * @param {any} board
   * @param {boolean} whole whether its rows are the ones to show
   */
  showTop(board, whole) {
    this.most = board.rows.length ? valueOf(board.rows[0]) : 0;
    this.totals.textContent = totalsOf(board);
    this.form.hidden = !board.listed;
    this.formula.hidden = !board.points || !board.ranking;
    this.thin.textContent = board.thin.length ? `Thin now: ${board.thin.join(", ")}.` : "";
    this.teams.hidden = !board.teams.length;
    showRows(this.teams.querySelector(".standings"), board.teams, board.teams.length ? valueOf(board.teams[0]) : 0);
    if (whole) this.show({ ...board, found: board.listed, page: 1, pages: Math.ceil(board.listed / PER_PAGE), notices: [] });
    this.own.show(this.period, this.most);
  }

  /** @param {any} board */
  showPart(board) {
    this.most ||= valueOf(board.rows[0] ?? { ratings: 0 });
    this.show(board);
  }

  /** @param {any} board */
  show(board) {
    showRows(this.list, board.rows, this.most);
    this.pages.show(board.page, board.pages);
    const said = [...board.notices, this.sentence(board)].filter(Boolean).join(" ");
    if (this.state.textContent !== said) this.state.textContent = said;
    if (this.aloud) announce(`${count(board.found, "contributor", "contributors")}. ${this.pages.words.textContent}.`);
    this.aloud = false;
  }

  /** @param {any} board */
  sentence({ ranking, people, found, listed }) {
    if (!ranking) return "The organizers keep no ranking in this sprint. Everything anybody rates counts all the same.";
    if (this.words) return found ? "" : "Nobody is called so, and no team either.";
    if (people > listed) return `${count(people - listed, "person is", "people are")} hidden, and counted.`;
    return "";
  }
}

/** @param {any} board */
function totalsOf({ people, total, last_day, first_day, state }) {
  if (!people && first_day && first_day > last_day) {
    return `The sprint's days begin on ${day.format(Date.parse(first_day))}; what was rated before is counted under All.`;
  }
  if (!people) return nothingYet({ state }, first_day && first_day === last_day ? " today" : "");
  const what = `${count(total.ratings, "rating", "ratings")} by ${count(people, "person", "people")}`;
  return `${what}, ${count(total.completed, "prompt", "prompts")} completed`;
}

/**
 * @param {HTMLElement} element
 * @param {{usual: string}} props
 */
export function start(element, props) {
  new Leaderboard(element, props.usual);
}
