/** Flagged prompts, and what becomes of them. Nothing asks whether one is sure: everything can be undone. */

import { announce } from "./announce.js";
import { Listing } from "./listing.js";
import { made } from "./made.js";
import { put } from "./requests.js";
import { count, number } from "./words.js";

/**
 * @typedef {"active" | "kept" | "retired"} Status
 * @typedef {{prompt_id: string, text: string, context: string | null, source: string, kind: string, metadata: string,
 *   status: Status, status_reason: string | null, gold: number | null, ratings: number, flags: Record<string, number>,
 *   held_back: boolean}} Flagged
 */

const SCORES = [1, 2, 3, 4, 5];
const DONE = { active: "Neither kept nor retired.", kept: "Kept: it is handed out whatever its flags.", retired: "Retired." };

class Row {
  /**
   * @param {Flagged} prompt
   * @param {Record<string, string>} reasons
   */
  constructor(prompt, reasons) {
    this.reasons = reasons;
    this.element = made("li", {});
    /** @type {{status: Status, reason: string | null} | null} what it was before the last decision */
    this.before = null;
    this.show(prompt);
  }

  /** @param {Flagged} prompt */
  show(prompt) {
    this.prompt = prompt;
    this.trouble = made("p", { class: "trouble-line", role: "alert" });
    this.place = made("div", {});
    this.element.replaceChildren(
      made("div", { class: "moderated-text", tabindex: "0", dir: "auto", role: "group", "aria-label": "Prompt" }, prompt.text),
      made("p", { class: "moderated-about" }, ...this.flags(), `${prompt.source}, ${prompt.kind} · `, count(prompt.ratings, "rating", "ratings")),
      made("p", { class: "moderated-state" }, ...this.standing()),
      this.actions(),
      this.place,
      this.trouble,
    );
  }

  flags() {
    const flags = Object.entries(this.prompt.flags);
    return flags.map(([reason, n]) => made("b", { class: "flag-count" }, `${this.reasons[reason]} ${number(n)}`));
  }

  standing() {
    const { status, status_reason, held_back } = this.prompt;
    const words = status === "active" ? (held_back ? "Held back by its flags." : "") : DONE[status];
    const because = status_reason ? ` “${status_reason}”` : "";
    if (!this.before) return [words + because];
    return [`${DONE[status]}${because} `, made("button", { type: "button", class: "quiet", click: () => this.undo() }, "Undo")];
  }

  actions() {
    const { status } = this.prompt;
    const button = (/** @type {string} */ words, /** @type {() => void} */ click) =>
      made("button", { type: "button", click }, words);
    if (status === "retired") return made("div", { class: "moderated-acts" }, button("Hand it out again", () => this.judge("kept")), button("Edit metadata", () => this.edit()), this.gold());
    this.why = /** @type {HTMLInputElement} */ (made("input", { "aria-label": "Why it is retired", placeholder: "Reason, also on the dataset’s card", maxlength: "500" }));
    this.why.value = Object.keys(this.prompt.flags).map((reason) => this.reasons[reason].toLowerCase()).join(", ");
    return made(
      "div",
      { class: "moderated-acts" },
      this.why,
      button("Retire", () => this.judge("retired", this.why.value)),
      status === "kept" ? null : button("Keep", () => this.judge("kept")),
      button("Edit metadata", () => this.edit()),
      this.gold(),
    );
  }

  /** The score it should be given, if organizers say one. */
  gold() {
    const choose = /** @type {HTMLSelectElement} */ (made("select", {}, made("option", { value: "" }, "–"), ...SCORES.map((score) => made("option", { value: String(score) }, String(score)))));
    choose.value = String(this.prompt.gold ?? "");
    choose.addEventListener("change", async () => {
      const score = choose.value ? Number(choose.value) : null;
      await this.send("gold", { score }, this.before);
      announce(score ? `Gold: it should be given ${score}.` : "Gold no longer.");
      this.element.querySelector("select")?.focus();
    });
    return made("label", { class: "gold" }, "Gold ", choose);
  }

  /**
   * @param {Status} status
   * @param {string | null} [reason]
   */
  async judge(status, reason = null) {
    const before = this.before ? null : { status: this.prompt.status, reason: this.prompt.status_reason };
    await this.send("status", { status, reason: reason || null }, before);
    announce(DONE[this.prompt.status]);
    this.element.querySelector("button")?.focus();
  }

  undo() {
    const { status, reason } = this.before;
    this.judge(status, reason);
  }

  edit() {
    const text = /** @type {HTMLTextAreaElement} */ (made("textarea", { rows: "6", "aria-label": "Metadata", spellcheck: "false" }));
    text.value = JSON.stringify(JSON.parse(this.prompt.metadata), null, 2);
    const save = () => this.send("metadata", { metadata: text.value, was: this.prompt.metadata }, null);
    this.place.replaceChildren(
      made("p", {}, "Source and kind stay as they are. What is written here is one JSON object."),
      text,
      made(
        "div",
        { class: "moderated-acts" },
        made("button", { type: "button", class: "action", click: save }, "Save"),
        made("button", { type: "button", class: "quiet", click: () => this.place.replaceChildren() }, "Cancel"),
      ),
    );
    text.focus();
  }

  /**
   * @param {"status" | "metadata" | "gold"} what
   * @param {object} body
   * @param {{status: Status, reason: string | null} | null} before
   */
  async send(what, body, before) {
    try {
      const prompt = await put(`/api/organize/prompts/${this.prompt.prompt_id}/${what}`, body);
      this.before = before;
      this.show(prompt);
    } catch (failure) {
      this.trouble.textContent = failure.message;
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {{reasons: Record<string, string>}} props
 */
export function start(element, { reasons }) {
  const draw = (/** @type {Flagged} */ prompt) => [new Row(prompt, reasons).element];
  const listing = new Listing(element, "/api/organize/prompts", draw, ["prompt", "prompts"]);
  const options = [...element.querySelectorAll("[name=which] option")].map((option) => /** @type {HTMLOptionElement} */ (option));
  const words = options.map((option) => option.textContent);
  const show = listing.show.bind(listing);
  listing.show = (answer) => {
    show(answer);
    options.forEach((option, place) => (option.textContent = `${words[place]} (${number(answer.counts[option.value])})`));
  };
}
