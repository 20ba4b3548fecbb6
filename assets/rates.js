/** How somebody rates, drawn: each number with its interval, or why there is none. */

import { made } from "./made.js";
import { ranges } from "./ranges.js";
import { count, number, percent } from "./words.js";

/**
 * @typedef {{value: number | null, low: number | null, high: number | null}} Interval
 * @typedef {{n: number, same: number, consistency: Interval, apart: Interval}} Check
 * @typedef {{ratings: number, shared: number, severity: Interval, consistency: Interval, score: number, share: number, run: number,
 *   scores: number[], others: number[] | null, gold: Check | null, repeats: Check | null, seconds: (Interval & {n: number}) | null,
 *   why: string | null}} Known
 */

const decimals = (/** @type {number} */ digits) => new Intl.NumberFormat(undefined, { minimumFractionDigits: digits, maximumFractionDigits: digits });
const [one, two] = [decimals(1), decimals(2)];
const said = (/** @type {Intl.NumberFormat} */ format, /** @type {number} */ value) => format.format(value).replace("-", "−");
export const points = (/** @type {number} */ value) => said(two, value);

const FEWEST_POINTS = 1;
const AGREEING = { from: -0.2, to: 1, marks: /** @type {[number, string][]} */ ([[0, "as by chance"], [0.5, "halfway"], [1, "always the same"]]) };
const WORDS = ["Very bad", "Bad", "Ok", "Good", "Very good"];

/**
 * @param {Known} known
 * @param {number} fewest prompts that one has to be checked with before anything is said
 * @param {"h3" | "h4"} heading of each part
 * @returns {HTMLElement[]}
 */
export function drawn(known, fewest, heading) {
  const { severity, seconds, run, score } = known;
  const far = Math.max(FEWEST_POINTS, ...[severity.low, severity.high].map((end) => Math.abs(end ?? 0)));
  const end = Math.ceil(2 * far) / 2;
  const scale = { from: -end, to: end, marks: /** @type {[number, string][]} */ ([[-end, `${said(one, end)} below`], [0, "as others"], [end, `${said(one, end)} above`]]) };
  const agreed = agreeing(known, fewest);
  return [
    known.why ? made("p", { class: "rates-more" }, known.others ? known.why : `${known.why} So far: ${number(known.shared)}.`) : null,
    severity.value === null ? null : figure(heading, "Beside others", "Points above or below what others gave the same prompts", ranges([{ name: "Scores", words: withEnds(severity, signed), ...severity }], scale)),
    known.why && agreed.every(({ value }) => value === null) ? null : figure(heading, "Agreement", "1 is always the same score, 0 as if the prompts had not been read", ranges(agreed, AGREEING)),
    // Of few ratings shares would be chance.
    known.others ? figure(heading, "Scores given", "Filled: given here. Hollow: by others, to the same prompts", ranges(...given(known))) : null,
    made("p", { class: "rates-more" }, [pace(seconds), score && known.others ? `The same score at most ${count(run, "time", "times")} in a row.` : ""].filter(Boolean).join(" ")),
  ].filter((part) => part !== null);
}

/**
 * @param {Known} known
 * @param {number} fewest
 */
function agreeing({ consistency, shared, repeats, gold, why }, fewest) {
  const checked = (/** @type {string} */ name, /** @type {Check | null} */ check) =>
    check && check.n ? [{ name, words: `${withEnds(check.consistency, points) || "–"} · ${number(check.same)} of ${number(check.n)} the same`, ...check.consistency, why: check.n < fewest ? `It takes ${number(fewest)} such prompts.` : "All of them were given one score: where nothing differs, agreement cannot be told from chance." }] : [];
  return [
    { name: "With others", words: `${withEnds(consistency, points) || "–"} · ${count(shared, "rating", "ratings")}`, ...consistency, why: why ?? "All ratings that can be compared are the same score." },
    ...checked("With oneself, on prompts that came again", repeats),
    ...checked("With the organizers, on gold prompts", gold),
  ];
}

/**
 * @param {Known} known
 * @returns {[import("./ranges.js").Row[], import("./ranges.js").Scale]}
 */
function given({ scores, others }) {
  const total = scores.reduce((sum, n) => sum + n, 0) || 1;
  const most = Math.max(...scores.map((n) => n / total), ...others);
  const end = Math.min(1, Math.ceil(4 * most) / 4);
  const rows = scores.map((n, place) => ({
    name: `${place + 1} ${WORDS[place]}`,
    words: `${percent(n / total)} · others ${percent(others[place])}`,
    value: n / total,
    without: others[place],
  }));
  return [rows.reverse(), { from: 0, to: end, marks: [[0, "0"], [end / 2, percent(end / 2)], [end, percent(end)]] }];
}

/** @param {(Interval & {n: number}) | null} seconds */
function pace(seconds) {
  if (!seconds || seconds.value === null) return "";
  const time = (/** @type {number} */ value) => new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 }).format(value);
  return `Half of the prompts were looked at for less than ${time(seconds.value)}\u00a0s (${time(seconds.low)} to ${time(seconds.high)}).`;
}

/**
 * @param {Interval} interval
 * @param {(value: number) => string} words
 */
function withEnds({ value, low, high }, words) {
  if (value === null) return "";
  return low === null ? words(value) : `${words(value)} (${words(low)} to ${words(high)})`;
}

const signed = (/** @type {number} */ value) => (value > 0 ? `+${points(value)}` : points(value));

/**
 * @param {"h3" | "h4"} heading
 * @param {string} title
 * @param {string} subtitle
 * @param {HTMLElement} picture
 */
function figure(heading, title, subtitle, picture) {
  return made("section", { class: "rates-part" }, made(heading, {}, title), made("p", { class: "rates-about" }, subtitle), picture);
}
