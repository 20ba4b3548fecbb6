/** The ring: how much of the goal is reached, and paler how much of the way is gone. */

import { both } from "./progress.js";
import { percent } from "./words.js";

/**
 * @param {HTMLElement} ring
 * @param {any} progress the view; paler than what is done is what is given of the ratings wanted
 */
export function showRing(ring, progress) {
  const { share_done, share_given } = progress;
  ring.style.setProperty("--share", String(share_done ?? 0));
  ring.style.setProperty("--given", String(share_given ?? 0));
  ring.setAttribute("aria-label", both(progress));
  ring.querySelector(".ring-share").textContent = share_done === null ? "" : percent(share_done);
}
