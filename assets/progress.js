/** The bar's middle: the sprint's title, how many prompts have the ratings they want, and the time left. */

import { countdown } from "./countdown.js";
import { onConnection } from "./live.js";
import { count, megabytes, number, percent } from "./words.js";

const NOT_CONNECTED = "Not connected. The page keeps trying.";
// In the address of a page that is to open with the Progress section: `?progress`.
const NAME = "progress";

let connected = true;
/** @type {(sprint: import("./countdown.js").Sprint) => void} */
let showTimeLeft;

/** @param {HTMLElement} element */
export function start(element) {
  const words = /** @type {HTMLElement} */ (element.querySelector(".progress-words"));
  showTimeLeft = countdown(/** @type {HTMLElement} */ (element.querySelector(".progress-left")));
  onConnection((now) => {
    connected = now;
    words.textContent = now ? words.dataset.words || "" : NOT_CONNECTED;
  });
  const button = /** @type {HTMLElement} */ (element.querySelector(".progress-open"));
  button.addEventListener("click", () => openSection(button, button.getAttribute("aria-expanded") !== "true"));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || button.getAttribute("aria-expanded") !== "true") return;
    const target = /** @type {HTMLElement} */ (event.target);
    const elsewhere = target.closest("input, select, textarea") && !target.closest(".outlook");
    if (event.defaultPrevented || elsewhere || document.querySelector("dialog[open]")) return;
    openSection(button, false);
    button.focus();
  });
  if (new URL(location.href).searchParams.has(NAME)) openSection(button, true);
}

/**
 * @param {HTMLElement} button
 * @param {boolean} open
 */
function openSection(button, open) {
  button.setAttribute("aria-expanded", String(open));
  document.body.classList.toggle("progress-opened", open);
  const address = new URL(location.href);
  if (open === address.searchParams.has(NAME)) return;
  if (open) address.searchParams.set(NAME, "open");
  else address.searchParams.delete(NAME);
  history.replaceState(history.state, "", address);
}

/**
 * @param {HTMLElement} element
 * @param {any} progress the view
 */
export function render(element, progress) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
  const share = progress.share_done ?? 0;
  document.title = progress.title;
  part(".progress-title").textContent = progress.title;
  const description = part(".progress-description");
  description.textContent = progress.description ?? "";
  description.hidden = !progress.description;
  const words = part(".progress-words");
  words.dataset.words = progress.importing ? bringingIn(progress.importing) : done(progress);
  words.textContent = connected ? words.dataset.words : NOT_CONNECTED;
  words.title = progress.prompts
    ? `${number(progress.prompts_done)} of ${count(progress.prompts, "prompt", "prompts")}; ${wanted(progress)}`
    : "";
  const line = part(".progress-line");
  line.setAttribute("aria-valuenow", String(Math.floor(share * 100)));
  line.setAttribute("aria-valuetext", progress.importing ? words.dataset.words : both(progress));
  line.style.setProperty("--share", String(share));
  line.style.setProperty("--given", String(progress.share_given ?? 0));
  part(".progress-given").textContent = progress.prompts && !progress.importing ? `${wanted(progress)} are there` : "";
  showTimeLeft(progress);
}

/** @param {any} progress */
export function done({ prompts, share_done, ratings_per_prompt }) {
  if (!prompts) return "No prompts yet";
  return `${percent(share_done)} of prompts have ${count(ratings_per_prompt, "rating", "ratings")}`;
}

/**
 * How far the ratings are that the goal wants; those beyond it on one prompt fill no gap of another.
 * @param {any} progress
 */
export function wanted({ prompts, share_given }) {
  return prompts ? `${percent(share_given)} of the ratings wanted` : "";
}

/** @param {any} progress */
export function both(progress) {
  return [done(progress), wanted(progress)].filter(Boolean).join("; ");
}

/**
 * In the place of numbers while there are none.
 * @param {{state: string}} sprint
 * @param {string} [when] such as " today"
 */
export function nothingYet({ state }, when = "") {
  if (state === "closed") return when ? `No ratings${when}.` : "No ratings came in.";
  return `No ratings${when} yet${state === "open" ? ": the first one is yours" : ""}.`;
}

/** @param {{file: string, read: number, share: number | null}} importing `read` in bytes */
function bringingIn({ file, read, share }) {
  return `Bringing in prompts from ${file}: ${share === null ? megabytes(read) : percent(share)}`;
}
