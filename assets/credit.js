/** Whether one wants to be named in the published dataset. */

import { get, put } from "./requests.js";
import * as session from "./session.js";

const ADDRESS = "/api/my/credit";

/** @param {HTMLElement} element */
export function start(element) {
  const section = /** @type {HTMLElement} */ (element.querySelector(".credit"));
  const box = /** @type {HTMLInputElement} */ (section.querySelector("input"));
  const state = /** @type {HTMLElement} */ (section.querySelector(".credit-state"));
  const load = async () => {
    section.hidden = !session.current()?.signed_in;
    if (section.hidden) return;
    box.checked = (await get(ADDRESS).catch(() => ({ credit: box.checked }))).credit;
  };
  box.addEventListener("change", async () => {
    try {
      await put(ADDRESS, { credit: box.checked });
      state.textContent = box.checked ? "You will be named from the next snapshot on." : "You will not be named.";
    } catch (failure) {
      box.checked = !box.checked;
      state.textContent = failure.message;
    }
  });
  session.onChange(load);
  load();
}
