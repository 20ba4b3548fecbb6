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
    ? `${number(progress.prompts_done)} of ${count(progress.prompts, "prompt", "prompts")}`
    : "";
  const line = part(".progress-line");
  line.setAttribute("aria-valuenow", String(Math.floor(share * 100)));
  line.setAttribute("aria-valuetext", words.dataset.words);
  line.style.setProperty("--share", String(share));
  showTimeLeft(progress);
}

/** @param {any} progress */
export function done({ prompts, share_done, ratings_per_prompt }) {
  if (!prompts) return "No prompts yet";
  return `${percent(share_done)} of prompts have ${count(ratings_per_prompt, "rating", "ratings")}`;
}

/** @param {{file: string, read: number, share: number | null}} importing `read` in bytes */
function bringingIn({ file, read, share }) {
  return `Bringing in prompts from ${file}: ${share === null ? megabytes(read) : percent(share)}`;
}
