/** The leaderboard: contributors by number of ratings. Rows slide to their new places. */

import { portrait } from "./account.js";
import * as session from "./session.js";
import { count, number } from "./words.js";

const SLIDE_MS = 200;
const still = matchMedia("(prefers-reduced-motion: reduce)");

/** @typedef {{rank: number, username: string, name: string, profile: string, ratings: number}} Row */

/** @param {HTMLElement} element */
export function start(element) {
  session.onChange(() => markOwnRow(listOf(element)));
}

const listOf = (/** @type {HTMLElement} */ element) => /** @type {HTMLElement} */ (element.querySelector(".standings"));

/**
 * @param {HTMLElement} element
 * @param {{contributors: number, ratings: number, rows: Row[]}} view
 */
export function render(element, view) {
  element.querySelector(".totals").textContent = view.contributors
    ? `${count(view.ratings, "rating", "ratings")} by ${count(view.contributors, "person", "people")}`
    : "No ratings yet: the first one is yours.";
  const list = listOf(element);
  const before = placesOf(list);
  const rows = rowsOf(list);
  const most = view.rows[0]?.ratings ?? 1;
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const shown = view.rows.map((row) => fill(takeRow(rows, row.username), row, most));
  const gone = rowsOf(list).filter((row) => !shown.includes(row));
  gone.forEach((row) => row.remove());
  shown.forEach((row, place) => list.children[place] === row || list.insertBefore(row, list.children[place]));
  // A row that is moved lets go of the focus.
  if (list.contains(focused)) focused.focus({ preventScroll: true });
  markOwnRow(list);
  slideFrom(list, before);
}

const rowsOf = (/** @type {HTMLElement} */ list) =>
  /** @type {HTMLElement[]} */ ([...list.querySelectorAll("li[data-username]")]);

/**
 * The row that somebody has already, or a new one. Two people may have one username; each gets a row.
 * @param {HTMLElement[]} rows those not taken yet
 * @param {string} username
 */
function takeRow(rows, username) {
  const place = rows.findIndex((row) => row.dataset.username === username);
  return place < 0 ? emptyRow(username) : rows.splice(place, 1)[0];
}

/** @param {string} username */
function emptyRow(username) {
  const row = document.createElement("li");
  row.dataset.username = username;
  for (const name of ["rank", "portrait", "who", "ratings", "bar"]) {
    const cell = document.createElement("span");
    cell.className = `standing-${name}`;
    row.append(cell);
  }
  row.children[4].setAttribute("aria-hidden", "true");
  return row;
}

/**
 * @param {HTMLElement} row
 * @param {Row} standing
 * @param {number} most
 */
function fill(row, { rank, username, name, profile, ratings }, most) {
  const [rankCell, portraitCell, whoCell, ratingsCell, bar] = /** @type {HTMLElement[]} */ ([...row.children]);
  rankCell.textContent = number(rank);
  ratingsCell.textContent = count(ratings, "rating", "ratings");
  bar.style.setProperty("--share", String(ratings / most));
  if (row.dataset.shown === `${name} ${profile}`) return row;
  row.dataset.shown = `${name} ${profile}`;
  portraitCell.replaceChildren(portrait(name, username));
  whoCell.replaceChildren(nameOf(name || username, profile));
  return row;
}

/**
 * @param {string} name
 * @param {string} profile a page of the person, if it has a web address
 */
function nameOf(name, profile) {
  const web = /^https?:\/\//i.test(profile ?? "");
  const element = document.createElement(web ? "a" : "span");
  element.dir = "auto";
  element.textContent = name;
  if (web) Object.assign(element, { href: profile, target: "_blank", rel: "noopener noreferrer" });
  return element;
}

/** One's own row keeps in sight; who stands below the rows shown gets a line of their own. */
function markOwnRow(/** @type {HTMLElement} */ list) {
  const now = session.current();
  const mine = now?.signed_in ? now.username : null;
  list.querySelector(".own-below")?.remove();
  for (const row of rowsOf(list)) {
    const own = row.dataset.username === mine;
    row.classList.toggle("own", own);
    if (own) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
  if (mine && !list.querySelector(".own")) list.append(ownBelow(now));
}

/** @param {session.Session} now */
function ownBelow({ name, username, me }) {
  const row = emptyRow("");
  row.removeAttribute("data-username");
  row.className = "own own-below";
  row.setAttribute("aria-current", "true");
  const [rank, portraitCell, who, ratings] = row.children;
  rank.textContent = "–";
  portraitCell.append(portrait(name ?? "", username ?? ""));
  who.append(nameOf(name || username || "", ""));
  ratings.textContent = count(me?.ratings ?? 0, "rating", "ratings");
  return row;
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
