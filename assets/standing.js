/** Where the sprint stands, for organizers. */

import { number, percent } from "./words.js";

/**
 * @param {HTMLElement} element
 * @param {any} progress the view
 */
export function render(element, progress) {
  const numbers = [
    ["Prompts", number(progress.prompts)],
    [`With ${number(progress.ratings_per_prompt)} or more ratings`, doneOf(progress)],
    [ratingsName(progress), number(progress.ratings)],
    ["People who rated", number(progress.contributors_rated)],
    ["People who joined", number(progress.contributors_joined)],
  ];
  element.querySelector(".numbers").replaceChildren(...numbers.map(([name, value]) => pair(name, value)));
}

/** @param {any} progress */
function ratingsName({ surplus }) {
  return surplus > 0 ? `Ratings, ${number(surplus)} beyond the goal` : "Ratings";
}

/** @param {any} progress */
function doneOf({ prompts_done, share_done }) {
  return share_done === null ? number(prompts_done) : `${number(prompts_done)} (${percent(share_done)})`;
}

/**
 * @param {string} name
 * @param {string} value
 */
function pair(name, value) {
  const place = document.createElement("div");
  const term = document.createElement("dt");
  term.textContent = name;
  const description = document.createElement("dd");
  description.textContent = value;
  place.append(term, description);
  return place;
}
