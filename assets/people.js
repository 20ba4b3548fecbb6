/** Who takes part: what everybody does, roles, exclusions, sessions. */

import { announce } from "./announce.js";
import { Listing } from "./listing.js";
import { made } from "./made.js";
import { drawn, points } from "./rates.js";
import { timeOf } from "./moments.js";
import { get, post, put, remove } from "./requests.js";
import { whenSeen } from "./seen.js";
import * as session from "./session.js";
import { count, number, percent } from "./words.js";

const LOOK_AGAIN_MS = 1000;
// As the server has it: with fewer gold prompts, or prompts rated again, nothing is said.
const FEWEST_CHECKED = 10;
const BASE = "/api/organize/contributors";

/**
 * @typedef {{contributor_id: string, username: string, name: string, organizer: boolean, excluded: boolean,
 *   excluded_reason: string | null, counting: boolean, first_seen: number, last_seen: number, ratings: number,
 *   skips: number, discards: number, flags: number, days: number, median_ms: number | null,
 *   known: import("./rates.js").Known | null}} Person
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
    const resting = /** @type {HTMLElement} */ (element.querySelector(".resting-on"));
    whenSeen(element, async () => (resting.textContent = await get(`${BASE}/concentration`).then(restingOn, (failure) => failure.message)));
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
        cell("Agreement", agreement(person.known)),
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
      person.known && made("div", { class: "how-parts" }, ...drawn(person.known, FEWEST_CHECKED, "h3")),
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
      const reason = /** @type {HTMLInputElement} */ (made("input", { required: true, maxlength: "500", placeholder: "Reason", "aria-label": "Reason" }));
      const submit = (/** @type {Event} */ event) => {
        event.preventDefault();
        act(() => put(`${BASE}/${id}/exclusion`, { reason: reason.value }), `${username} counts nowhere now.`);
      };
      place.replaceChildren(
        made(
          "form",
          { class: "exclude", submit },
          made("p", {}, `This takes ${count(ratings, "rating", "ratings")} out of everything that is counted; ${count(prompts_below_goal, "prompt falls", "prompts fall")} below the goal. Nothing is deleted, and it can be undone. They are told the reason; it also stands, without a name, on the dataset’s card.`),
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

/** @param {Person["known"]} known */
function agreement(known) {
  if (!known || known.consistency.value === null) return made("span", { title: known?.why ?? "Not computed yet." }, "–");
  const { value, low, high } = known.consistency;
  return made("span", {}, points(value), low === null ? null : made("small", { class: "with-ends" }, ` ${points(low)} to ${points(high)}`));
}

/** @param {{contributors: number, effective: number, share: number, enough: number, above: number, above_share: number}} found */
function restingOn({ contributors, effective, share, enough, above, above_share }) {
  if (!contributors) return "Nobody has rated yet.";
  const even = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 }).format(effective);
  const words = `The ratings of ${count(contributors, "person", "people")} weigh like those of ${even} who all give the same number; the busiest gave ${percent(share)}.`;
  if (!enough) return `${words} Settings can name how many are enough from one person.`;
  return `${words} ${above ? `${count(above, "person", "people")} gave more than the ${number(enough)} that are enough, ${percent(above_share)} of all` : `Nobody gave more than the ${number(enough)} that are enough`}.`;
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
