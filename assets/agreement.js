/** How far the sprint's numbers carry: agreement, the claim about kinds, how it rests on a few people, each drawn. */

import { made } from "./made.js";
import { timeOf } from "./moments.js";
import { ranges } from "./ranges.js";
import { count, number, percent } from "./words.js";

/**
 * @typedef {{value: number | null, low: number | null, high: number | null, prompts: number, pairs: number,
 *   why: string | null, sentence: string}} Alpha
 * @typedef {{kind: string, prompts: number, ratings: number, sources: number}} Side
 * @typedef {{basis: string, first: Side, second: Side, value: number | null, low: number | null, high: number | null,
 *   why: string | null, sentence: string}} Claim
 */

const GROUPS = /** @type {[string, string][]} */ ([["source", "By source"], ["kind", "By kind"], ["length", "By length"], ["week", "By week"]]);
// From where on he draws tentative conclusions, and firm ones: Klaus Krippendorff, Content Analysis, 2004.
const TENTATIVE = 0.667;
const FIRM = 0.8;
const BASES = /** @type {Record<string, string>} */ ({
  "as rated": "As rated",
  "severity taken out": "Severity of contributors taken out",
  "severity and source taken out": "Severity and source taken out",
});
const LEVELS = /** @type {Record<string, string>} */ ({ nominal: "nominal (equal or not)", interval: "interval (squared points)" });

const two = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const one = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const points = (/** @type {number} */ value) => two.format(value).replace(/^-(?=0[.,]00$)/, "").replace("-", "−");

/**
 * @param {HTMLElement} element
 * @param {any} found the view
 */
export function render(element, found) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
  const state = part(".agreement-state");
  part(".agreement-more").hidden = Boolean(found.empty);
  if (found.empty) return state.replaceChildren(found.empty);
  state.replaceChildren(
    `${count(found.ratings, "rating", "ratings")} of ${count(found.prompts, "prompt", "prompts")} by ${count(found.contributors, "contributor", "contributors")}. Computed `,
    timeOf(found.made_at),
    "; anew at most once a minute.",
  );
  const open = new Set([...element.querySelectorAll("details[open]")].map((details) => details.getAttribute("data-name")));
  part(".agreement-parts").replaceChildren(...[alphas, kinds, people, factors].map((draw) => draw(found)));
  for (const details of element.querySelectorAll("details")) details.open = open.has(details.getAttribute("data-name"));
  part(".agreement-notes").replaceChildren(...found.notes.map((/** @type {string} */ note) => made("li", {}, note)));
  part(".agreement-notes").hidden = !found.notes.length;
}

/**
 * @param {string} title
 * @param {string} subtitle
 * @param {(Node | null)[]} parts
 */
function figure(title, subtitle, ...parts) {
  return made("figure", { class: "chart" }, made("figcaption", {}, made("h3", { class: "chart-title" }, title), made("p", { class: "chart-subtitle" }, subtitle)), ...parts);
}

/**
 * @param {string} name
 * @param {string} words
 * @param {(Node | null)[]} parts
 */
function folded(name, words, ...parts) {
  return made("details", { class: "chart-text", "data-name": name }, made("summary", {}, words), ...parts);
}

/** @param {any} found */
function alphas({ alpha, by, levels, fleiss, ratio }) {
  const everything = [alpha, ...Object.values(by).flat()];
  const scale = alphaScale(everything);
  const shown = GROUPS.filter(([name]) => alpha.value !== null && by[name].length > 1);
  return figure(
    "How far do people agree?",
    alpha.sentence,
    alpha.value === null ? null : ranges([row("All prompts", alpha)], scale),
    alpha.value === null ? null : made("p", { class: "range-n" }, "0: as by chance; 1: all agree. Krippendorff draws tentative conclusions from two thirds on and firm ones from 0.8 on, where there is a right answer; of taste nobody expects that."),
    made("div", { class: "agreement-groups" }, ...shown.map(([name, words]) =>
      made("section", {}, made("h4", {}, words), ranges(by[name].map((/** @type {Alpha & {name: string}} */ group) => row(name === "week" ? week(group.name) : group.name, group, name === "kind" ? group.name : undefined)), scale)),
    )),
    folded(
      "other",
      "Other measures",
      made(
        "p",
        {},
        alpha.value === null
          ? ""
          : `Krippendorff's alpha is ordinal here. ${Object.entries(LEVELS)
              .map(([name, words]) => `With ${words} distance: ${points(levels[name].value)}.`)
              .join(" ")} Fleiss' kappa: ${fleiss === null ? "not defined" : points(fleiss)}.`,
      ),
      made("p", {}, ratioWords(ratio)),
    ),
  );
}

/**
 * @param {string} name
 * @param {Alpha} alpha
 * @param {string} [kind]
 */
function row(name, alpha, kind) {
  const { value, low, high, pairs, why } = alpha;
  const words = value === null ? "not defined" : `${interval(value, low, high)} · ${count(pairs, "pair", "pairs")}`;
  return { name, words, value, low, high, kind, why };
}

/**
 * @param {number} value
 * @param {number | null} low
 * @param {number | null} high
 */
function interval(value, low, high) {
  return low === null ? points(value) : `${points(value)} (${points(low)} to ${points(/** @type {number} */ (high))})`;
}

/** @param {Alpha[]} shown */
function alphaScale(shown) {
  const ends = shown.flatMap(({ value, low }) => [value ?? 0, low ?? 0]);
  const from = Math.max(-1, Math.min(0, Math.floor(10 * Math.min(...ends)) / 10));
  const marks = /** @type {[number, string][]} */ ([[0, "0"], [TENTATIVE, "⅔"], [FIRM, one.format(FIRM)], [1, "1"]]);
  return { from, to: 1, marks };
}

/** @param {{value: number | null, prompts: number, single: number}} ratio */
function ratioWords({ value, prompts, single }) {
  const mean = value === null ? "not applicable yet" : `${points(value)} on average of ${count(prompts, "prompt", "prompts")}`;
  const rest = single ? `; not applicable to ${count(single, "prompt", "prompts")} with one rating` : "";
  return `The agreement ratio, as published datasets have it: ${mean}${rest}. It ignores how far scores are apart and depends on how many there are.`;
}

/** @param {string} monday */
function week(monday) {
  return `Week of ${new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" }).format(Date.parse(monday))}`;
}

/** @param {any} found */
function kinds({ claims }) {
  const pairs = /** @type {Claim[][]} */ ([]);
  for (const claim of claims) {
    const last = pairs[pairs.length - 1];
    if (last?.[0].first.kind === claim.first.kind && last[0].second.kind === claim.second.kind) last.push(claim);
    else pairs.push([claim]);
  }
  if (!pairs.length) return figure("Is one kind rated higher?", "It takes ratings of two kinds of prompts to compare them.");
  const [foremost, ...others] = pairs;
  return figure("Is one kind rated higher?", believed(foremost).sentence, differences(foremost), ...others.map((pair) => folded(names(pair), `${names(pair)}`, made("p", {}, believed(pair).sentence), differences(pair))));
}

/** @param {Claim[]} pair */
const believed = (pair) => pair[pair.length - 1];

/** @param {Claim[]} pair */
function names([{ first, second }]) {
  return `${capital(first.kind)} and ${second.kind}`;
}

/** @param {string} word */
const capital = (word) => word.charAt(0).toLocaleUpperCase() + word.slice(1);

/** @param {Claim[]} pair */
function differences(pair) {
  const [{ first, second }] = pair;
  const most = Math.max(0.5, ...pair.flatMap(({ low, high, value }) => [low ?? value ?? 0, high ?? value ?? 0]).map(Math.abs));
  const end = Math.min(4, Math.ceil(2 * most) / 2);
  const marks = /** @type {[number, string][]} */ ([[-end, `${second.kind} +${one.format(end)}`], [0, "0"], [end, `${first.kind} +${one.format(end)}`]]);
  const rows = pair.map(({ basis, value, low, high, why }) => ({
    name: BASES[basis],
    words: value === null ? "cannot be told" : interval(value, low, high),
    value,
    low,
    high,
    why,
  }));
  const side = (/** @type {Side} */ one) => `${one.kind}: ${count(one.ratings, "rating", "ratings")} of ${count(one.prompts, "prompt", "prompts")} from ${count(one.sources, "source", "sources")}`;
  return made("div", {}, ranges(rows, { from: -end, to: end, marks }), made("p", { class: "range-n" }, `${capital(side(first))}; ${side(second)}. On the right ${first.kind} prompts are rated higher, by so many points.`));
}

/** @param {any} found */
function people({ concentration }) {
  const share = { name: "The busiest contributor's ratings", words: percent(concentration.share), value: concentration.share, bar: true };
  const effective = concentration.contributors
    ? { name: "Contributors who would weigh the same", words: `${one.format(concentration.effective)} of ${number(concentration.contributors)}`, value: concentration.effective / concentration.contributors, bar: true }
    : null;
  const shares = ranges([share, effective].filter(Boolean), { from: 0, to: 1, marks: [[0, "0"], [0.5, percent(0.5)], [1, percent(1)]] });
  const { sentence, conclusions } = concentration;
  return figure("Does it rest on a few people?", sentence, shares, conclusions ? made("p", { class: "range-n" }, conclusions, " The numbers without them are for organizers: from the difference anybody could tell how one person rates.") : null);
}

/** @param {any} found */
function factors({ factors: all }) {
  const rows = all.map((/** @type {any} */ { name, share, prompts, groups, why }) => ({
    name: capital(name),
    words: share === null ? "cannot be told" : `${percent(share)} · ${number(groups)} on ${count(prompts, "prompt", "prompts")}`,
    value: share,
    bar: true,
    why,
  }));
  return figure(
    "What does disagreement go along with?",
    "Which share of the differences source, kind and length of a prompt account for, and how much of the distance between two ratings is one person's being severe. No causes, and they do not add up.",
    ranges(rows, { from: 0, to: 1, marks: [[0, "0"], [0.5, percent(0.5)], [1, percent(1)]] }),
  );
}
