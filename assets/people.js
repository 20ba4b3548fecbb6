/** Who takes part: what everybody does, roles, exclusions, sessions. */

import { announce } from "./announce.js";
import { Listing } from "./listing.js";
import { made } from "./made.js";
import { timeOf } from "./moments.js";
import { get, post, put, remove } from "./requests.js";
import * as session from "./session.js";
import { count, number } from "./words.js";

const LOOK_AGAIN_MS = 1000;
const BASE = "/api/organize/contributors";

/**
 * @typedef {{contributor_id: string, username: string, name: string, organizer: boolean, excluded: boolean,
 *   excluded_reason: string | null, counting: boolean, first_seen: number, last_seen: number, ratings: number,
 *   skips: number, discards: number, flags: number, days: number, median_ms: number | null,
 *   agreement: number | null}} Person
 */

class People {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.open = /** @type {string | null} */ (null);
    this.timer = 0;
    this.listing = new Listing(element, BASE, (/** @type {Person} */ person) => this.rows(person), ["person", "people"]);
    const show = this.listing.show.bind(this.listing);
    this.listing.show = (answer) => {
      show(answer);
      clearTimeout(this.timer);
      if (answer.rows.some((person) => person.counting)) this.timer = setTimeout(() => this.listing.load(), LOOK_AGAIN_MS);
    };
    this.everybodyOut(/** @type {HTMLElement} */ (element.querySelector(".everybody-out")));
  }

  /** @param {Person} person */
  rows(person) {
    const { contributor_id: id, username, ratings, days, median_ms, last_seen } = person;
    const isOpen = this.open === id;
    const more = made("tr", { class: "person-more", id: `person-${id}`, hidden: !isOpen }, made("td", { colspan: "7" }));
    const manage = made("button", { type: "button", "aria-expanded": String(isOpen), "aria-controls": `person-${id}` }, "Manage");
    const fill = () => /** @type {HTMLElement} */ (more.firstElementChild).replaceChildren(...this.manage(person, manage));
    manage.addEventListener("click", () => {
      more.hidden = !more.hidden;
      manage.setAttribute("aria-expanded", String(!more.hidden));
      this.open = more.hidden ? null : id;
      if (!more.hidden) fill();
    });
    if (isOpen) fill();
    const cell = (/** @type {string} */ label, /** @type {(Node | string)[]} */ ...inside) => made("td", { "data-label": label }, ...inside);
    return [
      made(
        "tr",
        { class: person.excluded ? "excluded" : "" },
        made("th", { scope: "row" }, username, ...badges(person)),
        cell("Ratings", number(ratings)),
        cell("Days", number(days)),
        cell("Time each", median_ms === null ? "–" : seconds(median_ms)),
        cell("Agreement", "–"),
        cell("Last seen", timeOf(last_seen)),
        made("td", {}, manage),
      ),
      more,
    ];
  }

  /**
   * @param {Person} person
   * @param {HTMLElement} manage
   */
  manage(person, manage) {
    const { contributor_id: id, username, name, organizer, excluded, excluded_reason } = person;
    const trouble = made("p", { class: "trouble-line", role: "alert" });
    const place = made("div", {});
    const act = async (/** @type {() => Promise<unknown>} */ send, /** @type {string} */ told) => {
      try {
        await send();
        announce(told);
        await this.listing.load();
        document.querySelector(`[aria-controls="person-${id}"]`)?.focus();
        session.refresh();
      } catch (failure) {
        trouble.textContent = failure.message;
      }
    };
    const button = (/** @type {string} */ words, /** @type {() => void} */ click) => made("button", { type: "button", click }, words);
    const role = organizer
      ? button("Dismiss as organizer", () => act(() => put(`${BASE}/${id}/role`, { organizer: false }), `${username} is no organizer any more.`))
      : button("Make an organizer", () => act(() => put(`${BASE}/${id}/role`, { organizer: true }), `${username} is an organizer now.`));
    const out = button("Sign out", () => act(() => post(`${BASE}/${id}/sign-out`, {}), `${username} has to sign in again.`));
    const count = excluded
      ? button("Readmit", () => act(() => remove(`${BASE}/${id}/exclusion`), `${username} counts again.`))
      : button("Exclude …", () => this.ask(person, place, act, trouble));
    return [
      made("p", { class: "person-about" }, `${name}. ${did(person)} First seen `, timeOf(person.first_seen), "."),
      excluded && made("p", {}, `Excluded: “${excluded_reason}”`),
      made("div", { class: "moderated-acts" }, organizer && !excluded ? null : count, excluded ? null : role, out),
      place,
      trouble,
    ].filter(Boolean);
  }

  /**
   * Say what an exclusion would do before it is done.
   * @param {Person} person
   * @param {HTMLElement} place
   * @param {(send: () => Promise<unknown>, told: string) => void} act
   * @param {HTMLElement} trouble
   */
  async ask({ contributor_id: id, username }, place, act, trouble) {
    try {
      const { ratings, prompts_below_goal } = await get(`${BASE}/${id}/exclusion`);
      const reason = /** @type {HTMLInputElement} */ (made("input", { required: true, maxlength: "500", placeholder: "Reason, which they are told", "aria-label": "Reason" }));
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        act(() => put(`${BASE}/${id}/exclusion`, { reason: reason.value }), `${username} counts nowhere now.`);
      };
      place.replaceChildren(
        made(
          "form",
          { class: "exclude", submit },
          made("p", {}, `This takes ${count(ratings, "rating", "ratings")} out of everything that is counted; ${count(prompts_below_goal, "prompt falls", "prompts fall")} below the goal. Nothing is deleted, and it can be undone.`),
          made("div", { class: "moderated-acts" }, reason, made("button", { class: "action danger" }, `Exclude ${username}`)),
        ),
      );
      reason.focus();
    } catch (failure) {
      trouble.textContent = failure.message;
    }
  }

  /** @param {HTMLElement} part */
  everybodyOut(part) {
    const [first, sure] = part.querySelectorAll("button");
    const words = /** @type {HTMLElement} */ (part.querySelector("p"));
    const state = /** @type {HTMLElement} */ (part.querySelector("[role=status]"));
    first.setAttribute("aria-expanded", "false");
    first.addEventListener("click", () => {
      words.hidden = !words.hidden;
      first.setAttribute("aria-expanded", String(!words.hidden));
    });
    sure.addEventListener("click", async () => {
      try {
        await post("/api/organize/sign-out", {});
        session.refresh();
      } catch (failure) {
        state.textContent = failure.message;
      }
    });
  }
}

/** @param {Person} person */
function badges({ organizer, excluded, counting }) {
  const words = [organizer && "organizer", excluded && "excluded", counting && "being counted …"];
  return words.filter(Boolean).map((word) => made("small", { class: "badge" }, /** @type {string} */ (word)));
}

/** @param {Person} person */
function did({ ratings, skips, discards, flags }) {
  return `${count(ratings, "rating", "ratings")}, ${number(skips)} skipped, ${number(discards)} not equipped, ${count(flags, "flag", "flags")}.`;
}

/** @param {number} ms */
function seconds(ms) {
  return `${new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 }).format(ms / 1000)} s`;
}

/** @param {HTMLElement} element */
export function start(element) {
  new People(element);
}
