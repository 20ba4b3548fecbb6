/** Moments as people say them, "3 minutes ago", and exactly where one points at them. */

const saying = new Intl.RelativeTimeFormat(undefined, { numeric: "always" });
const justNow = new Intl.RelativeTimeFormat(undefined, { numeric: "auto" }).format(0, "second");
const timeOfDay = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const exactly = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "medium" });

// A unit, and how many of it make one of the next.
const UNITS = /** @type {const} */ ([
  ["second", 60],
  ["minute", 60],
  ["hour", 24],
  ["day", 30],
  ["month", 12],
  ["year", Infinity],
]);
const JUST_NOW_S = 10;

/**
 * @param {number} moment UTC epoch milliseconds
 * @param {number} [now]
 */
export function ago(moment, now = Date.now()) {
  let span = Math.max(0, now - moment) / 1000;
  if (span < JUST_NOW_S) return justNow;
  for (const [unit, many] of UNITS) {
    if (Math.round(span) < many) return saying.format(-Math.round(span), unit);
    span /= many;
  }
  return "";
}

/**
 * @param {number} moment UTC epoch milliseconds
 * @returns {HTMLTimeElement}
 */
export function timeOf(moment) {
  const time = document.createElement("time");
  time.dateTime = new Date(moment).toISOString();
  time.title = exactly.format(moment);
  time.textContent = ago(moment);
  return time;
}

/** That nothing answers, from now on. A page that hangs on a wall must not let old numbers pass for new ones. */
export function lostWords() {
  return `Not connected since ${timeOfDay.format(Date.now())}.`;
}

/** @param {HTMLElement} element say all times in it as of now */
export function sayAgain(element) {
  for (const time of element.querySelectorAll("time")) time.textContent = ago(Date.parse(time.dateTime));
}
