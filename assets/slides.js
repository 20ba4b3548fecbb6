/** What the big screen shows, one idea each. A new one is an entry in `SLIDES` and a section in screen.html. */

import { nothingYet, wanted } from "./progress.js";
import { finishWords, milestoneWords } from "./prospects.js";
import { showRing } from "./ring.js";
import { valueOf } from "./standings.js";
import { count, number, percent } from "./words.js";

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const TOP = 10;
const WIDTH = 600;
const HEIGHT = 240;
const SCORE_WORDS = ["Very bad", "Bad", "Ok", "Good", "Very good"];

/**
 * @typedef {Record<string, any>} Views the latest of each, by name
 * @typedef {object} Slide
 * @property {string} name
 * @property {string[]} needs
 * @property {(views: Views) => boolean} has whether there is something to show
 * @property {(element: HTMLElement, views: Views) => void} draw
 */

/** @type {Slide[]} */
export const SLIDES = [
  { name: "goal", needs: ["progress", "outlook"], has: () => true, draw: drawGoal },
  { name: "hour", needs: ["screen", "outlook"], has: ({ screen }) => screen.minutes.length > 0, draw: drawHour },
  { name: "people", needs: ["leaderboard-today"], has: (views) => views["leaderboard-today"].rows.length > 0, draw: drawPeople },
  { name: "scores", needs: ["screen"], has: ({ screen }) => screen.kinds.length > 0, draw: drawScores },
  { name: "liked", needs: ["screen"], has: ({ screen }) => screen.liked !== null, draw: drawLiked },
];

const partOf = (/** @type {HTMLElement} */ element, /** @type {string} */ name) =>
  /** @type {HTMLElement} */ (element.querySelector(name));

/** Only what changed is touched: a text that is read aloud or looked at must not flicker. */
function say(/** @type {HTMLElement} */ element, /** @type {string} */ words) {
  if (element.textContent !== words) element.textContent = words;
}

/** @type {Slide["draw"]} */
function drawGoal(element, { progress, outlook }) {
  showRing(partOf(element, ".ring"), progress);
  const goal = count(progress.ratings_per_prompt, "rating", "ratings");
  const prompts = count(progress.prompts, "prompt", "prompts");
  say(partOf(element, ".goal-words"), progress.prompts ? `of ${prompts} have ${goal}` : "No prompts yet");
  const people = count(progress.contributors_rated, "person", "people");
  const ratings = `${count(progress.ratings, "rating", "ratings")} by ${people}`;
  say(partOf(element, ".goal-ratings"), progress.ratings ? `${ratings}, ${wanted(progress)}` : nothingYet(progress));
  const newest = outlook.milestones.at(-1);
  const canSay = outlook.finish || progress.state === "closed" || outlook.missing === 0;
  const otherwise = newest ? `Reached last: ${milestoneWords(newest)}` : "";
  say(partOf(element, ".goal-finish"), progress.prompts && canSay ? finishWords(outlook, progress.state) : otherwise);
}

/** @type {Slide["draw"]} */
function drawHour(element, { screen, outlook }) {
  const now = Date.now();
  const from = now - HOUR_MS;
  const within = (/** @type {number} */ moment) => Math.max(0, Math.min(1, (moment - from) / HOUR_MS));
  /** @type {[number, number][]} */
  const points = [[0, 0]];
  let total = 0;
  for (const [minute, ratings] of screen.minutes) {
    points.push([within(minute), total]);
    total += ratings;
    points.push([within(minute + MINUTE_MS), total]);
  }
  points.push([1, total]);
  const line = points.map(([x, y]) => `${(x * WIDTH).toFixed(1)},${(HEIGHT - (y / total) * HEIGHT * 0.96).toFixed(1)}`);
  partOf(element, ".line-stroke").setAttribute("d", `M${line.join("L")}`);
  partOf(element, ".line-area").setAttribute("d", `M${line.join("L")}L${WIDTH},${HEIGHT}L0,${HEIGHT}Z`);
  const { active } = outlook.people;
  const ratingNow = active ? `, ${count(active, "person", "people")} rating now` : "";
  say(partOf(element, "h2"), `${count(total, "rating", "ratings")} in the last hour${ratingNow}`);
}

/** @type {Slide["draw"]} */
function drawPeople(element, { "leaderboard-today": board }) {
  const rows = board.rows.slice(0, TOP);
  const people = count(board.people, "person", "people");
  const by = board.points ? "points" : "ratings";
  say(partOf(element, "h2"), rows.length < TOP ? `${people} rated today, by ${by}` : `Today's top ${TOP} of ${people}, by ${by}`);
  const list = partOf(element, ".top");
  const shown = rows.map((/** @type {any} */ row) => `${row.rank} ${row.name} ${valueOf(row)}`).join("|");
  if (list.dataset.shown === shown) return;
  list.dataset.shown = shown;
  list.replaceChildren(...rows.map(personRow));
}

/** @param {import("./standings.js").Row} person */
function personRow(person) {
  const row = document.createElement("li");
  for (const [css, text] of [
    ["top-rank", number(person.rank)],
    ["top-name", person.name],
    ["top-ratings", number(valueOf(person))],
  ]) {
    const cell = document.createElement("span");
    cell.className = css;
    cell.textContent = text;
    if (css === "top-name") cell.dir = "auto";
    row.append(cell);
  }
  return row;
}

/** @type {Slide["draw"]} */
function drawScores(element, { screen }) {
  partOf(element, ".kinds").replaceChildren(...screen.kinds.map(kindRow));
  partOf(element, ".scale").replaceChildren(
    ...SCORE_WORDS.map((words, place) => {
      const key = document.createElement("span");
      key.dataset.score = String(place + 1);
      key.textContent = words;
      return key;
    }),
  );
}

/** @param {{kind: string, counts: number[]}} group */
function kindRow({ kind, counts }) {
  const n = counts.reduce((sum, ratings) => sum + ratings, 0);
  const row = document.createElement("div");
  const name = document.createElement("p");
  name.dataset.kind = kind;
  name.textContent = `${kind}, n = ${number(n)}`;
  const bar = document.createElement("div");
  bar.className = "kind-bar";
  bar.setAttribute("role", "img");
  bar.setAttribute("aria-label", counts.map((ratings, place) => `${SCORE_WORDS[place]} ${number(ratings)}`).join(", "));
  counts.forEach((ratings, place) => {
    const share = document.createElement("span");
    share.dataset.score = String(place + 1);
    share.style.flexGrow = String(ratings);
    const words = document.createElement("b");
    words.textContent = ratings ? percent(ratings / n) : "";
    share.append(words);
    bar.append(share);
  });
  row.append(name, bar);
  return row;
}

/** @type {Slide["draw"]} */
function drawLiked(element, { screen: { liked } }) {
  say(partOf(element, "h2"), `${count(liked.counts[4], "person gives", "people give")} this prompt a 5`);
  say(partOf(element, ".liked-from"), `${liked.source}, ${liked.kind}`);
  const text = partOf(element, ".liked-text");
  say(text, liked.text);
  text.style.webkitLineClamp = "none";
  // Only whole lines: what has no room ends with dots.
  const lines = Math.floor(text.clientHeight / parseFloat(getComputedStyle(text).lineHeight) + 0.05);
  text.style.webkitLineClamp = String(Math.max(1, lines));
}
