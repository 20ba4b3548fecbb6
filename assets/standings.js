/** Rows of standings: contributors or teams in a list, each of which slides to its new place. */

import { portrait } from "./account.js";
import * as session from "./session.js";
import { count, number } from "./words.js";

const SLIDE_MS = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const CELLS = ["rank", "portrait", "who", "value", "bar"];

/**
 * @typedef {{rank: number, name: string, ratings: number, completed: number, points: number | null, key?: string,
 *   moved?: number | null, profile?: string, avatar?: boolean, team?: string, days?: number, streak?: number,
 *   people?: number}} Row of a contributor, who has a key, or of a team
 */

/**
 * Show rows in a list.
 * @param {HTMLElement} list
 * @param {Row[]} rows
 * @param {number} most what the longest bar stands for
 */
export function showRows(list, rows, most) {
  const before = placesOf(list);
  const left = new Map(rowsOf(list).map((row) => [row.dataset.key, row]));
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const shown = rows.map((row) => fill(left.get(keyOf(row)) ?? emptyRow(keyOf(row)), row, most));
  for (const row of rowsOf(list)) if (!shown.includes(row)) row.remove();
  shown.forEach((row, place) => list.children[place] === row || list.insertBefore(row, list.children[place]));
  // A row that is moved lets go of the focus.
  if (list.contains(focused)) focused.focus({ preventScroll: true });
  markOwnRow(list);
  slideFrom(list, before);
}

/** @param {Row} row what a place on the board goes by */
export const valueOf = (row) => row.points ?? row.ratings;

const keyOf = (/** @type {Row} */ row) => row.key ?? `team ${row.name}`;
const rowsOf = (/** @type {HTMLElement} */ list) => /** @type {HTMLElement[]} */ ([...list.children]);

/** @param {string} key */
function emptyRow(key) {
  const row = document.createElement("li");
  row.dataset.key = key;
  for (const name of CELLS) {
    const cell = document.createElement("span");
    cell.className = `standing-${name}`;
    row.append(cell);
  }
  row.children[4].setAttribute("aria-hidden", "true");
  const name = document.createElement("span");
  name.className = "standing-name";
  const rest = document.createElement("small");
  rest.className = "standing-rest";
  row.children[2].append(name, rest);
  return row;
}

/**
 * @param {HTMLElement} element
 * @param {Row} row
 * @param {number} most
 */
function fill(element, row, most) {
  const [rank, picture, who, value, bar] = /** @type {HTMLElement[]} */ ([...element.children]);
  rank.replaceChildren(number(row.rank), ...movement(row));
  value.textContent = row.points === null ? ratings(row) : count(row.points, "point", "points");
  bar.style.setProperty("--share", String(most ? valueOf(row) / most : 0));
  const [name, rest] = /** @type {HTMLElement[]} */ ([...who.children]);
  rest.textContent = restOf(row).join(" · ");
  const seen = `${row.name} ${row.profile} ${row.avatar}`;
  if (element.dataset.shown === seen) return element;
  element.dataset.shown = seen;
  const face = row.avatar ? `/api/leaderboard/${row.key}/avatar` : "";
  picture.replaceChildren(portrait(row.name, keyOf(row), face));
  name.replaceChildren(nameOf(row.name, row.profile ?? ""));
  return element;
}

const ratings = (/** @type {Row} */ row) => count(row.ratings, "rating", "ratings");

/** @param {Row} row */
function restOf(row) {
  const rest = row.points === null ? [] : [ratings(row)];
  if (row.completed) rest.push(`${number(row.completed)} completed`);
  if (row.people) rest.unshift(count(row.people, "person", "people"));
  if (row.days) rest.push(count(row.days, "day", "days"));
  if (row.streak > 1) rest.push(`${number(row.streak)} in a row`);
  if (row.team) rest.push(row.team);
  return rest;
}

/** Ranks since yesterday; who stays says nothing. @param {Row} row */
function movement({ moved }) {
  if (!moved) return [];
  const element = document.createElement("small");
  element.className = moved > 0 ? "risen" : "sunk";
  element.title = `${number(Math.abs(moved))} ${moved > 0 ? "up" : "down"} since yesterday`;
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", element.title);
  element.textContent = `${moved > 0 ? "▲" : "▼"}${number(Math.abs(moved))}`;
  return [element];
}

/**
 * @param {string} name
 * @param {string} profile a page of the person, if it has a web address
 */
function nameOf(name, profile) {
  const web = /^https?:\/\//i.test(profile);
  const element = document.createElement(web ? "a" : "span");
  element.dir = "auto";
  element.textContent = name;
  if (web) Object.assign(element, { href: profile, target: "_blank", rel: "noopener noreferrer" });
  return element;
}

/** @param {HTMLElement} list */
export function markOwnRow(list) {
  const mine = session.current()?.presence?.key;
  for (const row of rowsOf(list)) {
    const own = Boolean(mine) && row.dataset.key === mine;
    row.classList.toggle("own", own);
    if (own) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function placesOf(/** @type {HTMLElement} */ list) {
  return new Map(rowsOf(list).map((row) => [row, row.offsetTop]));
}

/**
 * @param {HTMLElement} list
 * @param {Map<HTMLElement, number>} before
 */
function slideFrom(list, before) {
  if (still.matches) return;
  for (const [row, place] of placesOf(list)) {
    const moved = (before.get(row) ?? place) - place;
    if (moved) row.animate([{ transform: `translateY(${moved}px)` }, { transform: "none" }], SLIDE_MS);
  }
}
