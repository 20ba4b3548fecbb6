/** How everybody rates, for organizers: severities drawn with their intervals, and who agrees with whom. */

import { made } from "./made.js";
import { timeOf } from "./moments.js";
import { axis, line, ranges } from "./ranges.js";
import { get } from "./requests.js";
import { whenSeen } from "./seen.js";
import { count, number, percent } from "./words.js";

const ADDRESS = "/api/organize/agreement";
const LOOK_AGAIN_MS = 2000;
const LOOK_LATER_MS = 20_000;
const FIRST_CHOSEN = 4;
const MOST_CHOSEN = 8;

/**
 * @typedef {{value: number | null, low: number | null, high: number | null}} Interval
 * @typedef {{contributor_id: string, username: string, ratings: number, shared: number, severity: Interval,
 *   consistency: Interval, score: number, share: number, run: number, why: string | null}} Rater
 * @typedef {{first: string, second: string, value: number | null, prompts: number, why: string | null}} Pair
 * @typedef {{name: string, value: number | null, without: number | null}} Headline
 * @typedef {{username: string, ratings: number, headlines: Headline[], means: (Headline & {kind: string})[], sentence: string}} Rest
 */

const two = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const points = (/** @type {number} */ value) => two.format(value).replace("-", "−");
const signed = (/** @type {number} */ value) => (value > 0 ? `+${points(value)}` : points(value));

class Review {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.part = (/** @type {string} */ name) => /** @type {any} */ (element.querySelector(name));
    this.chosen = /** @type {Set<string> | null} */ (null);
    this.madeAt = /** @type {number | null | undefined} */ (undefined);
    this.timer = 0;
    this.turn = 0;
    whenSeen(element, () => this.load());
  }

  async load() {
    clearTimeout(this.timer);
    let wait = LOOK_LATER_MS;
    try {
      const found = await get(ADDRESS);
      this.show(found);
      if (found.progress) wait = LOOK_AGAIN_MS;
    } catch (failure) {
      this.part(".review-state").textContent = failure.message;
    }
    if (this.element.checkVisibility()) this.timer = setTimeout(() => this.load(), wait);
  }

  /** @param {{made_at: number | null, progress: {doing: string, done: number, total: number} | null, total: number, rows: Rater[], rest: Rest | null}} found */
  show(found) {
    const { progress, made_at, rows, total } = found;
    const bar = this.part("progress");
    bar.hidden = !progress;
    bar.value = progress && progress.total ? progress.done / progress.total : 0;
    const words = made_at === null ? ["Nothing is computed yet; it is, within a minute or two after ratings came in."] : [`${count(total, "contributor", "contributors")}. Computed `, timeOf(made_at), "."];
    this.part(".review-state").replaceChildren(...words, progress ? ` Now: ${progress.doing} …` : "");
    if (made_at === this.madeAt) return;
    this.madeAt = made_at;
    this.chosen ??= new Set(rows.slice(0, FIRST_CHOSEN).map((one) => one.contributor_id));
    this.draw(rows);
    this.rest(found.rest);
    this.compare();
  }

  /** @param {Rest | null} rest what every headline is without the busiest */
  rest(rest) {
    this.part(".review-rest").hidden = !rest;
    if (!rest) return;
    const { username, sentence, ratings, headlines, means } = rest;
    const told = (/** @type {number | null} */ value) => (value === null ? "cannot be told" : points(value));
    const words = (/** @type {Headline} */ { value, without }) => (value === null && without === null ? "cannot be told" : `${told(value)} → ${told(without)}`);
    const end = Math.max(1, Math.ceil(Math.max(...headlines.flatMap(({ value, without }) => [Math.abs(value ?? 0), Math.abs(without ?? 0)]))));
    this.part(".review-rest h3").textContent = `Without ${username}, the busiest`;
    this.part(".review-rest p").textContent = `${sentence} ${count(ratings, "rating is", "ratings are")} left. The filled dot is with them, the hollow one without.`;
    this.part(".review-rest div").replaceChildren(
      ranges(headlines.map((one) => ({ ...one, words: words(one) })), { from: -end, to: end, marks: [[-end, points(-end)], [0, "0"], [end, points(end)]] }),
      ranges(means.map((one) => ({ ...one, name: `Mean score, ${one.kind}`, words: words(one) })), { from: 1, to: 5, marks: [[1, "1"], [2, "2"], [3, "3"], [4, "4"], [5, "5"]] }),
    );
  }

  /** @param {Rater[]} rows */
  draw(rows) {
    const ends = rows.flatMap(({ severity: { low, high } }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]);
    const end = Math.min(4, Math.ceil(2 * Math.max(0.5, ...ends)) / 2);
    const scale = { from: -end, to: end, marks: /** @type {[number, string][]} */ ([[-end, `${points(end)} below others`], [0, "as others"], [end, `${points(end)} above`]]) };
    const [told, untold] = [rows.filter((one) => one.severity.value !== null), rows.filter((one) => one.severity.value === null)];
    this.part(".review-people").replaceChildren(...told.map((one) => this.rater(one, scale)), told.length ? axis(scale) : "");
    const why = new Set(untold.map((one) => one.why));
    this.part(".review-untold").hidden = !untold.length;
    this.part(".review-untold summary").textContent = `${count(untold.length, "contributor", "contributors")} of whom nothing is said`;
    this.part(".review-untold p").textContent = [...why].join(" ");
    this.part(".review-untold ol").replaceChildren(...untold.map((one) => made("li", {}, this.box(one), ` · ${count(one.ratings, "rating", "ratings")}`)));
  }

  /**
   * @param {Rater} one
   * @param {import("./ranges.js").Scale} scale
   */
  rater(one, scale) {
    const { ratings, severity, consistency, share, score } = one;
    const told = [
      `${signed(/** @type {number} */ (severity.value))} (${signed(/** @type {number} */ (severity.low))} to ${signed(/** @type {number} */ (severity.high))})`,
      consistency.value === null ? null : `consistency ${points(consistency.value)}`,
      `${percent(share)} are ${number(score)}`,
      count(ratings, "rating", "ratings"),
    ];
    return line({ name: this.box(one), words: told.filter(Boolean).join(" · "), ...severity }, scale);
  }

  /** @param {Rater} one a box to choose them by */
  box({ contributor_id: id, username }) {
    const box = /** @type {HTMLInputElement} */ (made("input", { type: "checkbox", checked: this.chosen?.has(id) ?? false, "aria-label": `Compare ${username}` }));
    box.addEventListener("change", () => this.choose(id, box));
    return made("label", {}, box, ` ${username}`);
  }

  /**
   * @param {string} id
   * @param {HTMLInputElement} box
   */
  choose(id, box) {
    if (box.checked && this.chosen.size >= MOST_CHOSEN) box.checked = false;
    else if (box.checked) this.chosen.add(id);
    else this.chosen.delete(id);
    this.compare();
  }

  async compare() {
    const turn = ++this.turn;
    const place = this.part(".review-kappa");
    place.hidden = this.chosen.size < 2;
    if (place.hidden) return;
    const asked = new URLSearchParams([...this.chosen].map((id) => ["contributor", id]));
    try {
      const { names, pairs } = await get(`${ADDRESS}/kappa?${asked}`);
      if (turn === this.turn) this.part(".chart-table").replaceChildren(table([...this.chosen], names, pairs));
    } catch (failure) {
      if (turn === this.turn) this.part(".chart-table").textContent = failure.message;
    }
  }
}

/**
 * @param {string[]} ids
 * @param {Record<string, string>} names
 * @param {Pair[]} pairs
 */
function table(ids, names, pairs) {
  const found = (/** @type {string} */ a, /** @type {string} */ b) => pairs.find(({ first, second }) => (first === a && second === b) || (first === b && second === a));
  const cell = (/** @type {string} */ a, /** @type {string} */ b) => {
    const pair = found(a, b);
    if (!pair) return made("td", {}, "");
    const heat = Math.round(100 * Math.max(0, pair.value ?? 0));
    const shown = pair.value === null ? "–" : points(pair.value);
    return made("td", { class: "kappa", style: `--heat: ${heat}%`, title: pair.why ?? "" }, shown, made("small", {}, number(pair.prompts)));
  };
  const head = made("tr", {}, made("td", {}), ...ids.map((id) => made("th", { scope: "col", dir: "auto" }, names[id])));
  const rows = ids.map((a) => made("tr", {}, made("th", { scope: "row", dir: "auto" }, names[a]), ...ids.map((b) => cell(a, b))));
  return made("table", {}, made("thead", {}, head), made("tbody", {}, ...rows));
}

/** @param {HTMLElement} element */
export function start(element) {
  new Review(element);
}
