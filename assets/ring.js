/** The ring: how much of the goal is reached. */

import { percent } from "./words.js";

/**
 * @param {HTMLElement} ring
 * @param {number | null} share from 0 to 1; null while there is no prompt
 * @param {string} words what it says, for those who do not see it
 */
export function showRing(ring, share, words) {
  ring.style.setProperty("--share", String(share ?? 0));
  ring.setAttribute("aria-label", words);
  ring.querySelector(".ring-share").textContent = share === null ? "" : percent(share);
}
