/** How I rate: numbers about oneself, beside others and beside oneself, that nobody else but organizers sees. */

import { timeOf } from "./moments.js";
import { drawn } from "./rates.js";
import { get } from "./requests.js";
import { whenSeen } from "./seen.js";
import * as session from "./session.js";

/** @param {HTMLElement} element */
export function start(element) {
  const section = /** @type {HTMLElement} */ (element.querySelector(".how"));
  const state = /** @type {HTMLElement} */ (section.querySelector(".how-state"));
  const again = /** @type {HTMLElement} */ (section.querySelector(".how-again"));
  const parts = /** @type {HTMLElement} */ (section.querySelector(".how-parts"));
  let person = /** @type {string | null} */ (null);
  const load = async () => {
    const asked = session.current()?.key ?? null;
    if (asked !== person) parts.replaceChildren();
    person = asked;
    try {
      const { made_at, known, repeats, fewest_shared, fewest_checked } = await get("/api/my/reliability");
      if (asked !== session.current()?.key) return;
      again.hidden = !repeats;
      if (!known) {
        state.textContent = `This is computed within a minute or two after ratings came in. It takes ${fewest_shared} ratings of prompts that others rated, too.`;
        return parts.replaceChildren();
      }
      state.replaceChildren("Computed ", timeOf(made_at), ".");
      parts.replaceChildren(...drawn(known, fewest_checked, "h3"));
    } catch (failure) {
      state.textContent = failure.message;
    }
  };
  whenSeen(element, load, (now) => Boolean(now?.signed_in));
}
