/** What is said about the time to come and the way so far: forecast, milestones. The numbers are the server's. */

import { count, number, percent } from "./words.js";

const DAY_MS = 86_400_000;
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });
const dayAndYear = new Intl.DateTimeFormat(undefined, { dateStyle: "long" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
const utcDay = new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeZone: "UTC" });

/**
 * @typedef {{per_day: number, days: number}} Pace
 * @typedef {{earliest: number, likely: number, latest: number | null}} Finish
 * @typedef {{fewest: number, likely: number, most: number, verdict: "likely" | "open" | "unlikely"}} ByEnd
 * @typedef {{missing: number, pace: Pace | null, finish: Finish | null, by_end: ByEnd | null}} Prospects
 * @typedef {{kind: string, number: number, ratings_per_prompt: number | null, reached_at: number}} Milestone
 */

const VERDICTS = {
  likely: "that is likely to be enough",
  open: "whether that is enough is open",
  unlikely: "that is unlikely to be enough",
};

/** @param {number} when epoch milliseconds */
export function dayOf(when) {
  const near = Math.abs(when - Date.now()) < 300 * DAY_MS;
  return (near ? day : dayAndYear).format(when);
}

/** @param {number} when epoch milliseconds */
export function momentInUtc(when) {
  return `${moment.format(when)} UTC`;
}

/** @param {number} when epoch milliseconds */
export function dayInUtc(when) {
  return utcDay.format(when);
}

/**
 * When it will be done, in one sentence; why nothing can be said, if so.
 * @param {Prospects} prospects
 * @param {string} state of the sprint
 */
export function finishWords({ missing, pace, finish }, state = "open") {
  if (missing === 0) return "No rating is missing: the goal is reached.";
  if (state === "closed") return `The sprint is over; ${count(missing, "rating is", "ratings are")} missing.`;
  if (!pace || !finish) return "A forecast needs three full days with ratings within the last week.";
  const { earliest, likely, latest } = finish;
  const until = latest === null ? `not before ${dayOf(earliest)}, but how much later is open` : between(earliest, latest);
  return `At this pace the last rating comes about ${dayOf(likely)}; in 8 of 10 sprints like this one, ${until}.`;
}

/**
 * @param {number} earliest
 * @param {number} latest
 */
function between(earliest, latest) {
  const [from, to] = [dayOf(earliest), dayOf(latest)];
  return from === to ? `on ${from}` : `between ${from} and ${to}`;
}

/**
 * What is likely until the sprint's end.
 * @param {Prospects} prospects
 */
export function endWords({ missing, by_end }) {
  if (!by_end || missing === 0) return "";
  const range = `${number(by_end.fewest)} to ${number(by_end.most)}`;
  return `Until the end ${range} more are to be expected, and ${number(missing)} are missing: ${VERDICTS[by_end.verdict]}.`;
}

/** @param {Milestone} milestone */
export function milestoneWords({ kind, number: n, ratings_per_prompt }) {
  if (kind === "ratings") return n === 1 ? "The first rating" : `${number(n)} ratings`;
  if (kind === "people") return `${number(n)} people have rated`;
  const many = kind === "every" ? n : (ratings_per_prompt ?? 1);
  const ratings = many === 1 ? "a rating" : count(many, "rating", "ratings");
  if (kind === "every" || n === 100) return `Every prompt has ${ratings}`;
  return `${n === 50 ? "Half" : percent(n / 100)} of the prompts have ${ratings}`;
}
