/** The form of all that can be changed while the sprint runs. What somebody else changed meanwhile is never lost. */

import { announce } from "./announce.js";
import { made } from "./made.js";
import { get, post, put } from "./requests.js";
import { whenSeen } from "./seen.js";

const ADDRESS = "/api/organize/sprint";
const CONFLICT = 409;
const NUMBERS = [
  "ratings_per_prompt",
  "ratings_per_minute",
  "ratings_per_contributor",
  "repeat_every",
  "repeat_after",
  "repeat_after_days",
];
const MOMENTS = ["starts_at", "ends_at"];

class Settings {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.form = /** @type {HTMLFormElement} */ (part("form.settings"));
    this.state = part(".settings-state");
    this.button = part(".settings-save button");
    this.dates = part(".settings-dates");
    this.quotas = part(".quotas ul");
    this.template = /** @type {HTMLTemplateElement} */ (part("template.quota"));
    this.previewButton = part(".preview");
    this.previewed = part(".guidelines-preview");
    /** @type {any} what stood there when it was last read */
    this.was = null;
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.save();
    });
    this.form.addEventListener("input", () => (this.state.textContent = ""));
    part(".add-quota").addEventListener("click", () => this.addQuota({ ratings: 0, kind: null, source: null }).focus());
    part(".reset").addEventListener("click", () => {
      this.forget();
      if (this.was) this.fill(this.was);
    });
    part(".take-default").addEventListener("click", () => {
      if (this.was) this.form.guidelines.value = this.was.default_guidelines;
    });
    this.previewButton.addEventListener("click", () => this.preview());
    whenSeen(element, () => this.load());
  }

  async load() {
    try {
      const before = this.was;
      this.was = await get(ADDRESS);
      this.fill(this.was, before);
    } catch (failure) {
      this.state.textContent = failure.message;
    }
  }

  /**
   * @param {any} now
   * @param {any} [before] fields that differ from this were touched, and stay as they are
   */
  fill(now, before) {
    const touched = before ? this.changes(before) : {};
    this.dates.textContent = now.dates;
    for (const name of Object.keys(this.values())) {
      if (name in touched) continue;
      const field = this.form[name];
      if (name === "quotas") this.quotas.replaceChildren(), now.quotas.forEach((/** @type {any} */ quota) => this.addQuota(quota));
      else if (MOMENTS.includes(name)) field.value = localTime(now[name]);
      else if (field.type === "checkbox") field.checked = now[name];
      else field.value = now[name] ?? "";
    }
  }

  /** What stands in the form, as the server has it. */
  values() {
    const fields = /** @type {HTMLInputElement[]} */ ([...this.form.elements].filter((field) => /** @type {any} */ (field).name));
    const values = fields.map((field) => {
      if (field.type === "checkbox") return [field.name, field.checked];
      if (NUMBERS.includes(field.name)) return [field.name, Math.round(Number(field.value))];
      if (MOMENTS.includes(field.name)) return [field.name, field.value ? new Date(field.value).getTime() : null];
      if (field.name === "guidelines") return [field.name, field.value.trim() || null];
      return [field.name, field.value.trim()];
    });
    return { ...Object.fromEntries(values), quotas: [...this.quotas.children].map(quotaOf) };
  }

  /** @param {any} was */
  changes(was) {
    const differs = ([name, value]) => JSON.stringify(value) !== JSON.stringify(MOMENTS.includes(name) ? toTheMinute(was[name]) : was[name]);
    return Object.fromEntries(Object.entries(this.values()).filter(differs));
  }

  async save() {
    if (!this.was || !this.form.reportValidity()) return;
    const to = this.changes(this.was);
    if (!Object.keys(to).length) return this.say("Nothing has changed.");
    const was = Object.fromEntries(Object.keys(to).map((name) => [name, this.was[name]]));
    try {
      this.was = await put(ADDRESS, { to, was });
      this.fill(this.was);
      this.forget();
      this.say(`Saved. ${this.was.dates || "It holds for everybody from now on."}`);
    } catch (failure) {
      this.say(failure.message);
      // What one has written stays in the form; saved again, it takes the place of what stands there now.
      if (failure.status === CONFLICT) {
        await this.load();
        this.compare(was);
      }
    }
  }

  /**
   * Show beside each field what stands there now, if somebody else changed it since one looked.
   * @param {Record<string, any>} was
   */
  compare(was) {
    this.forget();
    for (const name of Object.keys(was)) {
      if (JSON.stringify(this.was[name]) === JSON.stringify(was[name])) continue;
      const note = made("small", { class: "stands-now" }, `Stands there now: ${inWords(name, this.was[name])}`);
      const place = name === "quotas" ? this.quotas.parentElement : this.form[name].closest("label");
      place.append(note);
    }
    if (this.form.querySelector(".stands-now")) this.button.textContent = "Save over what stands there now";
  }

  forget() {
    this.form.querySelectorAll(".stands-now").forEach((note) => note.remove());
    this.button.textContent = "Save";
  }

  /** @param {{ratings: number, kind: string | null, source: string | null}} quota */
  addQuota({ ratings, kind, source }) {
    const row = /** @type {HTMLElement} */ (this.template.content.firstElementChild.cloneNode(true));
    const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (row.querySelector(`[data-of=${name}]`));
    field("ratings").value = String(ratings);
    field("kind").value = kind ?? "";
    field("source").value = source ?? "";
    row.querySelector(".remove").addEventListener("click", () => row.remove());
    this.quotas.append(row);
    return field("ratings");
  }

  async preview() {
    const isOpen = !this.previewed.hidden;
    if (!isOpen) {
      try {
        const { html } = await post("/api/organize/preview", { markdown: this.form.guidelines.value || this.was.default_guidelines });
        // Made by the server of Markdown; nothing that runs comes through.
        this.previewed.innerHTML = html;
      } catch (failure) {
        return this.say(failure.message);
      }
    }
    this.previewed.hidden = isOpen;
    this.previewButton.setAttribute("aria-expanded", String(!isOpen));
  }

  /** @param {string} sentence */
  say(sentence) {
    this.state.replaceChildren(made("span", {}, sentence));
    announce(sentence);
  }
}

/**
 * @param {string} name
 * @param {any} value
 */
function inWords(name, value) {
  if (typeof value === "boolean") return value ? "on" : "off";
  if (name === "quotas") return value.map((/** @type {any} */ one) => [`at most ${one.ratings}`, one.kind, one.source].filter(Boolean).join(" · ")).join("; ") || "none";
  if (MOMENTS.includes(name)) return value === null ? "never" : new Date(value).toLocaleString();
  if (name === "guidelines" && value === null) return "those that come with the sprint";
  return `“${value}”`;
}

/** @param {Element} row */
function quotaOf(row) {
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (row.querySelector(`[data-of=${name}]`)).value.trim();
  return { ratings: Math.round(Number(field("ratings"))), source: field("source") || null, kind: field("kind") || null };
}

/** @param {number | null} moment */
function toTheMinute(moment) {
  return moment === null ? null : new Date(localTime(moment)).getTime();
}

/** @param {number | null} moment as such a field has it: in the reader's own time, to the minute */
function localTime(moment) {
  if (moment === null) return "";
  const local = new Date(moment - new Date(moment).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** @param {HTMLElement} element */
export function start(element) {
  new Settings(element);
}
