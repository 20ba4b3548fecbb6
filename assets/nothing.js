/** When there is no prompt to show: why, and what would bring more. */

import { showTab } from "./page.js";
import * as restoring from "./restoring.js";

/**
 * @param {import("./queue.js").Queue} queue
 * @param {number} until the moment before which the sprint takes nothing, or 0
 * @param {string} state of the sprint
 * @returns {string}
 */
export function whyNothing({ reason, trouble }, until, state) {
  if (restoring.current()) {
    return "The sprint is being brought back. What you have rated waits in this browser and is sent when it is there again.";
  }
  if (reason && state !== "open") return reason;
  if (until) {
    const time = new Intl.DateTimeFormat(undefined, { timeStyle: "medium" }).format(until);
    return `You are faster than this sprint takes ratings. Nothing is lost: it goes on at ${time}.`;
  }
  if (reason) return `Nothing left for you right now. ${reason}`;
  return trouble ? `${trouble} The page keeps trying.` : "Fetching prompts …";
}

/**
 * @param {import("./queue.js").Queue} queue
 * @param {import("./choice.js").Choice} choice
 * @param {string} state of the sprint
 * @returns {HTMLElement[]} buttons
 */
export function waysOn(queue, choice, state) {
  const ways = [way("Watch the leaderboard", () => showTab("leaderboard"))];
  if (state !== "open") return ways;
  if (choice.wanted.skipped) return [way("Back to new prompts", () => choice.choose({ skipped: false })), ...ways];
  if (queue.skipped) ways.unshift(way("Show what I skipped", () => choice.choose({ skipped: true })));
  if (choice.isNarrow) ways.unshift(way("Take any length and language", () => choice.widen()));
  return ways;
}

/**
 * @param {string} words
 * @param {() => void} pressed
 */
function way(words, pressed) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "way";
  button.textContent = words;
  button.addEventListener("click", pressed);
  return button;
}
