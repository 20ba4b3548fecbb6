/** What one wants to be given: any length, short or long, and a language; never a source or a kind. */

import { subscribe } from "./live.js";
import * as storage from "./storage.js";
import { count, number } from "./words.js";

/** @typedef {{length: "any" | "short" | "long", language: string | null, skipped: boolean}} Wanted */

const KEPT = "choice";
const LENGTHS = ["any", "short", "long"];

export class Choice {
  /**
   * @param {HTMLElement} element
   * @param {() => void} changed
   */
  constructor(element, changed) {
    this.element = element;
    this.changed = changed;
    this.lengths = /** @type {HTMLInputElement[]} */ ([...element.querySelectorAll("input[name=length]")]);
    this.languages = /** @type {HTMLSelectElement} */ (element.querySelector("select"));
    /** @type {Wanted} what is skipped is asked for once, and not remembered */
    this.wanted = { ...remembered(), skipped: false };
    this.show();
    element.addEventListener("change", () => this.read());
    subscribe("choices", element, (choices) => this.offer(choices));
  }

  /** Whether some prompts are left out. */
  get isNarrow() {
    return this.wanted.length !== "any" || this.wanted.language !== null;
  }

  read() {
    const length = /** @type {Wanted["length"]} */ (this.lengths.find((radio) => radio.checked)?.value ?? "any");
    this.choose({ length, language: this.languages.value || null, skipped: false });
  }

  /** @param {Partial<Wanted>} wanted */
  choose(wanted) {
    this.wanted = { ...this.wanted, ...wanted };
    const { length, language } = this.wanted;
    storage.write(KEPT, JSON.stringify({ length, language }));
    this.show();
    this.changed();
  }

  widen() {
    this.choose({ length: "any", language: null, skipped: false });
  }

  show() {
    for (const radio of this.lengths) radio.checked = radio.value === this.wanted.length;
    const { language } = this.wanted;
    if (language && ![...this.languages.options].some((option) => option.value === language)) {
      this.languages.append(new Option(nameOf(language), language));
    }
    this.languages.value = language ?? "";
    this.showLanguages();
  }

  /** A list with one language, or none, is no choice. */
  showLanguages() {
    this.languages.parentElement.hidden = this.languages.options.length < 3 && !this.wanted.language;
  }

  /** @param {{any: number, short: number, long: number, languages: {language: string, prompts: number}[]}} choices */
  offer(choices) {
    for (const radio of this.lengths) {
      radio.parentElement.title = `${count(choices[radio.value], "prompt", "prompts")} open`;
    }
    // An open list would close under one's hand.
    if (document.activeElement === this.languages) return;
    const options = choices.languages.map(
      ({ language, prompts }) => new Option(`${nameOf(language)} (${number(prompts)})`, language),
    );
    this.languages.replaceChildren(new Option("Any language", ""), ...options);
    this.show();
  }
}

/** @returns {{length: Wanted["length"], language: string | null}} */
function remembered() {
  try {
    const { length, language } = JSON.parse(storage.read(KEPT) ?? "{}");
    return {
      length: LENGTHS.includes(length) ? length : "any",
      // What the sprint would refuse must not hold up what is sent beside it.
      language: /^[a-z]{2,3}$/.test(language ?? "") ? language : null,
    };
  } catch {
    return { length: "any", language: null };
  }
}

/** A language as the reader calls it. */
function nameOf(/** @type {string} */ language) {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(language);
  } catch {
    return language;
  }
}
