/** What organizers may want to look at, with what it rests on; and the way to whom it is about. */

import { announce } from "./announce.js";
import { made } from "./made.js";
import { timeOf } from "./moments.js";
import { get } from "./requests.js";
import { whenSeen } from "./seen.js";
import { count } from "./words.js";

/**
 * @typedef {{sort: string, accounts: {contributor_id: string, username: string}[], told: string}} Finding
 * @typedef {{made_at: number | null, sorts: Record<string, string>, rows: Finding[]}} Found
 */

/** @param {HTMLElement} element */
export function start(element) {
  const state = /** @type {HTMLElement} */ (element.querySelector(".review-made"));
  const place = /** @type {HTMLElement} */ (element.querySelector(".review-found"));
  whenSeen(element, async () => {
    try {
      show(await get("/api/organize/review"), state, place);
    } catch (failure) {
      state.textContent = failure.message;
    }
  });
}

/**
 * @param {Found} found
 * @param {HTMLElement} state
 * @param {HTMLElement} place
 */
function show({ made_at, sorts, rows }, state, place) {
  if (made_at === null) {
    state.textContent = "Nothing is computed yet; it is, within a minute or two after ratings came in.";
    return;
  }
  const words = rows.length ? `${count(rows.length, "finding", "findings")}. ` : "Nothing stands out. ";
  state.replaceChildren(words, "Computed ", timeOf(made_at), ".");
  const parts = Object.entries(sorts).map(([sort, title]) => [title, rows.filter((one) => one.sort === sort)]);
  place.replaceChildren(...parts.filter(([, some]) => some.length).flatMap(([title, some]) => part(/** @type {string} */ (title), /** @type {Finding[]} */ (some))));
}

/**
 * @param {string} title
 * @param {Finding[]} findings
 */
function part(title, findings) {
  return [made("h3", {}, title), made("ul", { class: "findings" }, ...findings.map((one) => made("li", {}, made("p", {}, ...names(one.accounts)), made("p", { class: "finding-told" }, one.told))))];
}

/** @param {Finding["accounts"]} accounts */
function names(accounts) {
  return accounts.flatMap(({ username }, place) => [place ? " and " : "", made("button", { type: "button", class: "quiet", dir: "auto", click: () => look(username) }, username)]);
}

/** Where one is excluded, with a reason. @param {string} username */
function look(username) {
  /** @type {HTMLElement} */ (document.querySelector('[data-section="contributors"]')).click();
  const search = /** @type {HTMLInputElement} */ (document.querySelector("#contributors-title ~ .listing-search [name=q]"));
  search.value = username;
  search.dispatchEvent(new Event("input", { bubbles: true }));
  search.focus();
  announce(`Contributors called ${username}.`);
}
