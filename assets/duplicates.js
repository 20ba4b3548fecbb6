/** Duplicates: compare all prompts, read pairs side by side, decide. */

import { announce } from "./announce.js";
import { progressOf, showShare } from "./imports.js";
import { timeOf } from "./moments.js";
import { get, post } from "./requests.js";
import * as session from "./session.js";
import { count, number, percent } from "./words.js";

const EVERY_MS = 1000;
const PAGE = 20;
const DECISIONS = [
  ["keep", "Keep both", "both are rated"],
  ["merge", "Rate only the first", "only the first is rated from now on"],
  ["retire", "Retire the second", "the second is retired"],
];

/**
 * @typedef {{prompt_id: string, text: string, context: string | null, source: string, kind: string,
 *   status: string, ratings: number}} Compared
 * @typedef {{first: Compared, second: Compared, similarity: number, decision: string | null}} Pair
 */

class Duplicates {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {any} */ (element.querySelector(name));
    this.element = element;
    this.state = part(".duplicates-state");
    this.bar = part("progress");
    this.cancel = part(".import-cancel");
    this.found = part(".duplicates-found");
    this.pairs = part(".duplicates-pairs");
    this.pages = part("nav");
    this.which = part("select");
    this.from = 0;
    this.timer = 0;
    this.isSeen = false;
    part("form").addEventListener("submit", (/** @type {Event} */ event) => {
      event.preventDefault();
      this.ask("POST", "/api/duplicates", { alike: Number(part("[name=alike]").value) / 100 });
    });
    this.cancel.addEventListener("click", () => this.ask("DELETE", "/api/duplicates/job", {}));
    this.which.addEventListener("change", () => this.turnTo(0));
    part(".newer").addEventListener("click", () => this.turnTo(Math.max(0, this.from - PAGE)));
    part(".older").addEventListener("click", () => this.turnTo(this.from + PAGE));
    this.pairs.addEventListener("click", (/** @type {Event} */ event) => this.decide(event));
    // What was decided stays in its place while one looks at it, however the page moves.
    new ResizeObserver(() => {
      const isSeen = element.getClientRects().length > 0;
      if (isSeen && !this.isSeen) this.load();
      this.isSeen = isSeen;
    }).observe(element);
    session.onChange(() => this.load());
  }

  /** @param {number} from */
  turnTo(from) {
    this.from = from;
    this.load();
  }

  /**
   * @param {string} method
   * @param {string} address
   * @param {object} body
   */
  async ask(method, address, body) {
    try {
      await post(address, body, { method });
      this.from = 0;
    } catch (failure) {
      this.state.textContent = failure.message;
      return;
    }
    this.load();
  }

  async load() {
    clearTimeout(this.timer);
    if (!session.current()?.organizer || !this.element.getClientRects().length) return;
    try {
      const told = await get(`/api/duplicates?which=${this.which.value}&start=${this.from}`);
      this.show(told);
      if (told.job?.running) this.timer = setTimeout(() => this.load(), EVERY_MS);
    } catch (failure) {
      this.state.textContent = failure.message;
    }
  }

  /** @param {any} told */
  show(told) {
    const { job, at } = told;
    this.bar.hidden = this.cancel.hidden = !job?.running;
    if (job) showShare(this.bar, job);
    this.found.hidden = !at;
    if (job?.running) this.state.textContent = progressOf(job);
    else if (job?.error) this.state.textContent = job.error;
    else if (at) this.state.replaceChildren(...summaryOf(told));
    else this.state.textContent = "";
    if (this.wasRunning && !job?.running) announce(this.state.textContent);
    this.wasRunning = job?.running;
    if (at) this.showPairs(told);
  }

  /** @param {{pairs: Pair[], further: number}} told */
  showPairs({ pairs, further }) {
    const nothing = document.createElement("li");
    nothing.textContent = "Nothing here.";
    this.pairs.replaceChildren(...(pairs.length ? pairs.map(pairOf) : [nothing]));
    // What differs may stand far below: it is in view.
    for (const different of this.pairs.querySelectorAll("mark")) {
      const words = different.parentElement;
      words.scrollTop = different.offsetTop - words.offsetTop - words.clientHeight / 3;
    }
    this.pages.hidden = this.from === 0 && !further;
    this.pages.querySelector(".newer").disabled = this.from === 0;
    this.pages.querySelector(".older").disabled = !further;
    this.pages.querySelector(".duplicates-page").textContent = `${number(this.from + 1)} to ${number(this.from + pairs.length)}`;
  }

  /** @param {Event} event */
  async decide(event) {
    const button = /** @type {HTMLElement} */ (event.target).closest?.("button[data-decision]");
    const pair = /** @type {HTMLElement} */ (button?.closest("li"));
    if (!button || !pair) return;
    const { first, second } = pair.dataset;
    const decision = button.getAttribute("data-decision");
    const words = pair.querySelector(".duplicates-decided");
    try {
      await post("/api/duplicates/decisions", { decision, first, second });
    } catch (failure) {
      words.textContent = failure.message;
      return;
    }
    // The pair stays where it is until one looks again: whoever slipped can still decide otherwise.
    for (const other of pair.querySelectorAll("button[data-decision]")) other.setAttribute("aria-pressed", String(other === button));
    words.textContent = `Decided: ${DECISIONS.find(([name]) => name === decision)[2]}.`;
  }
}

/** @param {any} told */
function summaryOf({ at, prompts, exact, near, undecided }) {
  const words =
    `${count(prompts, "prompt", "prompts")} compared: ${count(exact, "exact copy", "exact copies")}, ` +
    `${count(near, "pair", "pairs")} nearly the same; ${number(undecided)} to be decided. Compared `;
  return [words, timeOf(at), "."];
}

/** @param {Pair} pair */
function pairOf({ first, second, similarity, decision }) {
  const made = document.createElement("li");
  made.dataset.first = first.prompt_id;
  made.dataset.second = second.prompt_id;
  const alike = document.createElement("p");
  alike.className = "duplicates-alike";
  alike.textContent = similarity === 1 ? "exactly the same" : `${percent(similarity)} the same`;
  const texts = document.createElement("div");
  texts.className = "duplicates-texts";
  texts.append(textOf(first, second), textOf(second, first));
  const tools = document.createElement("p");
  tools.className = "import-line";
  for (const [name, label] of DECISIONS) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet";
    button.dataset.decision = name;
    button.textContent = label;
    button.setAttribute("aria-pressed", String(name === decision));
    tools.append(button);
  }
  const words = document.createElement("span");
  words.className = "duplicates-decided";
  words.setAttribute("role", "status");
  tools.append(words);
  made.append(alike, texts, tools);
  return made;
}

/**
 * @param {Compared} prompt
 * @returns {string} all of it that is read
 */
const wordsOf = ({ text, context }) => (context ? `${text}\n\n${context}` : text);

/**
 * Where a text is another one than the one beside it: its first and last difference.
 * @param {string} text
 * @param {string} other
 * @returns {[number, number]} from here to there; the same number twice if nothing was added
 */
function differenceOf(text, other) {
  const shorter = Math.min(text.length, other.length);
  let from = 0;
  while (from < shorter && text[from] === other[from]) from++;
  let behind = 0;
  while (behind < shorter - from && text[text.length - 1 - behind] === other[other.length - 1 - behind]) behind++;
  return [from, text.length - behind];
}

/**
 * @param {Compared} prompt
 * @param {Compared} other the one it is compared with
 */
function textOf(prompt, other) {
  const { source, kind, status, ratings } = prompt;
  const text = wordsOf(prompt);
  const [from, to] = differenceOf(text, wordsOf(other));
  const made = document.createElement("div");
  const words = document.createElement("p");
  words.className = "import-text";
  const different = document.createElement("mark");
  different.textContent = text.slice(from, to);
  words.append(text.slice(0, from), different, text.slice(to));
  words.tabIndex = 0;
  const about = document.createElement("p");
  about.className = "import-about";
  const state = status === "active" || status === "kept" ? "" : ` · ${status}`;
  about.textContent = `${source} · ${kind} · ${count(ratings, "rating", "ratings")}${state}`;
  made.append(words, about);
  return made;
}

/** @param {HTMLElement} element */
export function start(element) {
  new Duplicates(element);
}
