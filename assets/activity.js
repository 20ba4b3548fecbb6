/** What organizers did, the last act first. */

import { Listing } from "./listing.js";
import { made } from "./made.js";
import { timeOf } from "./moments.js";

/** @typedef {{who: string, at: number, what: string, details: string[], reason: string | null, prompt_id: string | null}} Act */

/** @param {Act} act */
function row({ who, at, what, details, reason, prompt_id }) {
  return made(
    "li",
    {},
    made("p", {}, made("b", {}, who), ` ${what}`, prompt_id && ` ${prompt_id.slice(0, 8)}`),
    reason && made("p", { class: "act-reason" }, `“${reason}”`),
    ...details.map((line) => made("p", { class: "act-detail" }, line)),
    made("p", { class: "act-time" }, timeOf(at)),
  );
}

/** @param {HTMLElement} element */
export function start(element) {
  new Listing(element, "/api/organize/activity", (/** @type {Act} */ act) => [row(act)], ["act", "acts"]);
}
