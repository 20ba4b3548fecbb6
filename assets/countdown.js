/** How long the sprint still has, or until it opens, as people say it; by the second towards the end. */

import { count } from "./words.js";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** @typedef {{state: "preparing" | "open" | "paused" | "closed", starts_at: number | null, ends_at: number | null}} Sprint */

/**
 * A span of time with about two digits: "5 days", "20 hours", "42 minutes", and in the last hour "9:41".
 * @param {number} span in milliseconds
 */
export function spanOf(span) {
  if (span >= 2 * DAY_MS) return count(Math.floor(span / DAY_MS), "day", "days");
  if (span >= HOUR_MS) return count(Math.floor(span / HOUR_MS), "hour", "hours");
  const seconds = Math.max(0, Math.floor(span / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/**
 * "5 days left", "opens in 3 hours", "paused", "closed"; empty for an open sprint without an end.
 * @param {Sprint} sprint
 * @param {number} [now]
 */
export function timeLeft({ state, starts_at, ends_at }, now = Date.now()) {
  if (state === "preparing") return starts_at === null ? "opens soon" : `opens in ${spanOf(starts_at - now)}`;
  if (state === "open") return ends_at === null ? "" : `${spanOf(ends_at - now)} left`;
  return state;
}

/**
 * Keep a text up to date while time passes.
 * @param {HTMLElement} element
 * @returns {(sprint: Sprint) => void} to be told of each new state
 */
export function countdown(element) {
  let timer = 0;
  return function show(/** @type {Sprint} */ sprint) {
    clearTimeout(timer);
    if (!element.isConnected) return;
    const words = timeLeft(sprint);
    if (element.textContent !== words) element.textContent = words;
    const moment = sprint.state === "preparing" ? sprint.starts_at : sprint.ends_at;
    if (moment === null || sprint.state === "closed") return;
    const soon = moment - Date.now() <= HOUR_MS;
    timer = setTimeout(() => show(sprint), soon ? 1000 - (Date.now() % 1000) : MINUTE_MS / 2);
  };
}
