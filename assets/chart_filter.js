/** What all charts show: some sources, kinds and days. It stands in the address, so that a view can be shared. */

import { get } from "./requests.js";
import { count } from "./words.js";

const NAMES = ["source", "kind", "from", "to"];

/** @type {Set<() => void>} */
const listeners = new Set();

/** The filter as it stands in the address, for a request. */
export function query() {
  const asked = new URLSearchParams();
  for (const [name, value] of new URL(location.href).searchParams) {
    if (NAMES.includes(name) && value) asked.append(name, value);
  }
  asked.sort();
  return asked.toString();
}

/** @param {() => void} listener called when the filter is another one */
export function onFilter(listener) {
  listeners.add(listener);
}

/** @param {HTMLElement} element */
export function start(element) {
  new Filter(element);
}

class Filter {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    this.part = (/** @type {string} */ name) => /** @type {any} */ (element.querySelector(name));
    this.sources = this.part(".filter-sources");
    this.list = this.part(".filter-list ul");
    this.asked = 0;
    this.said = query();
    this.part("form").addEventListener("submit", (/** @type {Event} */ event) => event.preventDefault());
    this.part("form").addEventListener("change", (/** @type {Event} */ event) => this.changed(event));
    this.part(".filter-find input").addEventListener("input", () => this.find());
    this.part(".filter-reset").addEventListener("click", () => this.reset());
    this.part(".filter-link").addEventListener("click", () => this.copy());
    this.sources.addEventListener("toggle", () => this.sources.open && this.read());
    this.closeSourcesElsewhere();
    window.addEventListener("popstate", () => this.moved());
    this.read();
  }

  closeSourcesElsewhere() {
    document.addEventListener("pointerdown", ({ target }) => {
      if (!this.sources.contains(target)) this.sources.open = false;
    });
    this.sources.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !this.sources.contains(relatedTarget)) this.sources.open = false;
    });
    this.sources.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape" || !this.sources.open) return;
      this.sources.open = false;
      this.sources.querySelector("summary").focus();
    });
  }

  /** Ask what can be chosen, and what the filter in the address means. */
  async read() {
    const asked = (this.asked += 1);
    const wanted = query();
    try {
      const choices = await get(`/api/charts${wanted && "?"}${wanted}`);
      if (asked === this.asked) this.show(choices, wanted);
    } catch (failure) {
      if (asked === this.asked) this.notice(failure.message);
    }
  }

  /**
   * @param {any} choices
   * @param {string} wanted what it answers
   */
  show(choices, wanted) {
    const { filter, notices } = choices;
    this.fill(choices.sources, new Set(filter.source));
    this.part(".filter-sources summary").textContent = said(filter.source);
    for (const box of this.element.querySelectorAll("[name=kind]")) {
      const kind = /** @type {HTMLInputElement} */ (box);
      kind.checked = filter.kind.includes(kind.value);
    }
    for (const name of ["from", "to"]) {
      const day = this.part(`[name=${name}]`);
      day.min = choices.first ?? "";
      day.max = choices.last ?? "";
      // Not while somebody types in it.
      if (document.activeElement !== day) day.value = filter[name][0] ?? "";
    }
    this.part(".filter-all").hidden = !wanted;
    this.notice(notices.join(" "));
  }

  /**
   * @param {{name: string, ratings: number}[]} sources
   * @param {Set<string>} chosen
   */
  fill(sources, chosen) {
    const focused = /** @type {any} */ (document.activeElement)?.value;
    const hadFocus = this.list.contains(document.activeElement);
    this.list.replaceChildren(...sources.map(({ name, ratings }) => line(name, ratings, chosen.has(name))));
    if (hadFocus) [...this.list.querySelectorAll("input")].find((box) => box.value === focused)?.focus();
    this.part(".filter-find").hidden = sources.length < 8;
    if (!sources.length) this.list.append(Object.assign(document.createElement("li"), { textContent: "None rated yet." }));
    this.find();
  }

  find() {
    const words = this.part(".filter-find input").value.trim().toLowerCase();
    for (const item of this.list.children) item.hidden = !item.textContent.toLowerCase().includes(words);
  }

  /** @param {Event} event */
  changed(event) {
    const { name } = /** @type {HTMLInputElement} */ (event.target);
    if (!NAMES.includes(name)) return;
    const data = new FormData(this.part("form"));
    this.go((address) => {
      for (const each of NAMES) {
        address.searchParams.delete(each);
        for (const value of data.getAll(each)) if (value) address.searchParams.append(each, String(value));
      }
    });
  }

  reset() {
    this.go((address) => NAMES.forEach((name) => address.searchParams.delete(name)));
    this.sources.querySelector("summary").focus();
  }

  /** @param {(address: URL) => void} change */
  go(change) {
    const address = new URL(location.href);
    change(address);
    history.replaceState(history.state, "", address);
    this.moved();
  }

  moved() {
    const now = query();
    if (now === this.said) return;
    this.said = now;
    this.read();
    listeners.forEach((listener) => listener());
  }

  async copy() {
    try {
      await navigator.clipboard.writeText(location.href);
      this.notice("The link is copied.");
    } catch {
      // Some browsers and frames do not allow it.
      this.notice(`The link: ${location.href}`);
    }
  }

  /** @param {string} sentence */
  notice(sentence) {
    this.part(".filter-notice").textContent = sentence;
  }
}

/** @param {string[]} sources */
function said(sources) {
  if (!sources.length) return "All sources";
  return sources.length === 1 ? sources[0] : count(sources.length, "source", "sources");
}

/**
 * @param {string} name
 * @param {number} ratings
 * @param {boolean} checked
 */
function line(name, ratings, checked) {
  const box = Object.assign(document.createElement("input"), { type: "checkbox", name: "source", value: name, checked });
  const words = document.createElement("bdi");
  words.textContent = name || "(no name)";
  const number = Object.assign(document.createElement("span"), { textContent: count(ratings, "rating", "ratings") });
  const label = document.createElement("label");
  label.append(box, words, number);
  const item = document.createElement("li");
  item.append(label);
  return item;
}
