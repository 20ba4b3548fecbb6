/** Prompts in: what was brought in, and the import that is under way. */

import { announce } from "./announce.js";
import { ImportForm } from "./import_form.js";
import { sayAgain, timeOf } from "./moments.js";
import { get, post } from "./requests.js";
import * as session from "./session.js";
import { count, megabytes, number, percent } from "./words.js";

const EVERY_MS = 1000;
const IDLE_MS = 15_000;
const MOST_SOURCES = 4;
const NEWS_MS = 10 * 60_000;

/**
 * @typedef {{name: string, running: boolean, doing: string, unit: string, done: number, total: number | null,
 *   ended_at: number | null, error: string | null, sentences: string[]}} Job
 * @typedef {{id: string, at: number, by: string | null, file: string, added: number, copies: number,
 *   ratings: number, sources: Record<string, number>, undone_at: number | null}} Import
 */

class Imports {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.job = part(".import-job");
    this.list = part(".import-list");
    this.state = part(".import-list-state");
    this.timer = 0;
    /** @type {number | null | undefined} when the job ended that is shown, and the last one that was read */
    this.ended = this.read = undefined;
    this.loading = false;
    this.form = new ImportForm(element, () => this.load());
    part(".import-origin").addEventListener("input", () => {
      this.read = this.ended;
      if (!this.wasRunning) this.job.hidden = true;
    });
    part(".import-cancel").addEventListener("click", () => this.ask("/api/imports/job", "DELETE"));
    this.list.addEventListener("click", ({ target }) => {
      const button = /** @type {HTMLElement} */ (target).closest?.("button[data-import]");
      if (button) this.ask(`/api/imports/${button.getAttribute("data-import")}/undo`, "POST");
    });
    new ResizeObserver(() => this.load()).observe(element);
    document.addEventListener("visibilitychange", () => this.load());
    session.onChange(() => this.load());
  }

  get isSeen() {
    return document.visibilityState === "visible" && this.element.getClientRects().length > 0;
  }

  /**
   * @param {string} address
   * @param {string} method
   */
  async ask(address, method) {
    try {
      const told = await post(address, {}, { method });
      this.state.textContent = told.prompts === undefined ? "" : `${count(told.prompts, "prompt was", "prompts were")} taken back.`;
    } catch (failure) {
      this.state.textContent = failure.message;
    }
    this.load();
  }

  async load() {
    clearTimeout(this.timer);
    if (this.loading || !this.isSeen || !session.current()?.organizer) return;
    this.loading = true;
    let pause = IDLE_MS;
    try {
      const { job, imports } = await get("/api/imports");
      this.show(job);
      this.showList(imports);
      if (job?.running) pause = EVERY_MS;
    } catch (failure) {
      this.state.textContent = failure.message;
    }
    this.loading = false;
    this.timer = setTimeout(() => this.load(), pause);
  }

  /** @param {Job | null} job */
  show(job) {
    // What came of it is news until the next one is prepared, or for some minutes.
    if (job && !job.running && (job.ended_at === this.read || job.ended_at < Date.now() - NEWS_MS)) job = null;
    this.job.hidden = !job;
    if (!job) return;
    this.ended = job.ended_at;
    const bar = this.job.querySelector("progress");
    const words = this.job.querySelector(".import-doing");
    /** @type {HTMLElement} */ (this.job.querySelector(".import-cancel")).hidden = !job.running;
    bar.hidden = !job.running;
    showShare(bar, job);
    const said = job.running ? progressOf(job) : (job.error ?? "");
    if (words.textContent !== said) words.textContent = said;
    this.job.classList.toggle("warning", job.error !== null);
    this.job.querySelector(".import-report").replaceChildren(...job.sentences.map((sentence) => item(sentence)));
    if (this.wasRunning && !job.running) announce(job.error ?? job.sentences[0] ?? "");
    this.wasRunning = job.running;
  }

  /** @param {Import[]} imports */
  showList(imports) {
    const shown = JSON.stringify(imports);
    if (shown === this.shown) return sayAgain(this.list);
    this.shown = shown;
    this.list.replaceChildren(...imports.map(lineOf));
    if (!imports.length) this.list.append(item("Nothing yet."));
  }
}

/** @param {Job} job */
export function progressOf({ name, doing, unit, done, total }) {
  const words = unit === "B" ? megabytes : (/** @type {number} */ n) => `${number(n)}${unit}`;
  const share = total ? ` of ${words(total)} (${percent(done / total)})` : "";
  return `${name}: ${doing}, ${words(done)}${share}`;
}

/**
 * @param {HTMLProgressElement} bar
 * @param {Job} job
 */
export function showShare(bar, { done, total }) {
  if (total) bar.value = Math.min(1, done / total);
  else bar.removeAttribute("value");
}

/** @param {Import} one */
function lineOf({ id, at, by, file, added, copies, ratings, sources, undone_at }) {
  const line = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = file;
  const names = Object.keys(sources);
  const from = names.slice(0, MOST_SOURCES).join(", ") + (names.length > MOST_SOURCES ? ` and ${names.length - MOST_SOURCES} more` : "");
  const parts = [count(added, "prompt", "prompts")];
  if (copies) parts.push(count(copies, "exact copy", "exact copies"));
  if (ratings) parts.push(count(ratings, "rating", "ratings"));
  if (names.length > 1 || (names.length && names[0] !== file)) parts.push(`from ${from}`);
  line.append(name, `: ${parts.join(", ")}; `, timeOf(at), by ? ` by ${by}` : "", undone_at ? ", undone." : ". ");
  // What is rated, if only by whoever it comes from, cannot be taken back.
  if (undone_at || ratings) return line;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Undo";
  button.dataset.import = id;
  button.setAttribute("aria-label", `Undo the import of ${file}`);
  line.append(button);
  return line;
}

/** @param {string} words */
function item(words) {
  const made = document.createElement("li");
  made.textContent = words;
  return made;
}

/** @param {HTMLElement} element */
export function start(element) {
  new Imports(element);
}
