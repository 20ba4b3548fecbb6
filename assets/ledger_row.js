/** One row of My ratings: a prompt, what one thinks of it, and the buttons that change it at once. */

import { announce } from "./announce.js";
import { keysOn } from "./keys.js";
import { bars, mean, REASONS } from "./last.js";
import { timeOf } from "./moments.js";
import { happening, sayAside } from "./sending.js";
import { count, number } from "./words.js";

/**
 * @typedef {{action: string, score: number | null, reason: string | null, decided_at: number,
 *   source: string | null, kind: string | null,
 *   others: {n: number, counts: number[], mean: number} | null,
 *   earned: {points: number, why: string} | null}} Opinion
 */

const WITHDRAWABLE = ["rated", "discarded", "flagged"];
const READ_OUT = 80;

export class LedgerRow {
  /**
   * @param {any} row as the sprint tells it
   * @param {{score: number, words: string}[]} scores
   */
  constructor(row, scores) {
    this.promptId = row.prompt_id;
    this.words = new Map(scores.map(({ score, words }) => [score, words]));
    /** @type {Opinion} */
    this.opinion = row;
    /** @type {{event_id: string, before: Opinion}[]} what can be undone, the latest last */
    this.done = [];
    this.element = document.createElement("li");
    this.element.className = "ledger-row";
    this.scores = scores.map(({ score, words }) => this.button(`${score}`, `${score}, ${words}`, () => this.rate(score)));
    this.scores.forEach((button, place) => (button.dataset.score = String(scores[place].score)));
    this.withdrawal = this.button("Withdraw", "", () => this.withdraw());
    this.withdrawal.classList.add("quiet");
    this.tools = this.toolbar(row.text);
    this.about = made("p", "ledger-about");
    this.change = made("p", "ledger-change");
    this.changed = new Text();
    this.change.append(this.changed);
    this.undoButton = this.button("Undo", "", () => this.undo());
    this.undoButton.className = "quiet";
    this.element.append(this.prompt(row), this.tools, this.about, this.change);
    this.show();
  }

  /** @param {{text: string, context: string | null}} row */
  prompt({ text, context }) {
    const place = made("div", "ledger-prompt");
    const words = made("div", "ledger-text");
    words.dir = "auto";
    words.textContent = text;
    place.append(words);
    const passage = made("div", "context-text");
    if (context) {
      passage.dir = "auto";
      passage.textContent = context;
      passage.hidden = true;
      place.prepend(passage);
    }
    const more = this.button("Show all", "", () => {
      const open = place.classList.toggle("open");
      passage.hidden = !open;
      more.textContent = open ? "Show less" : "Show all";
      more.setAttribute("aria-expanded", String(open));
    });
    more.className = "quiet ledger-more";
    more.setAttribute("aria-expanded", "false");
    place.append(more);
    // Only where something is cut off, and that is known when it is to be seen.
    const cut = () => (more.hidden = !(context || place.classList.contains("open") || words.scrollHeight > words.clientHeight + 1));
    new ResizeObserver(cut).observe(words);
    return place;
  }

  /** One stop for the Tab key; the arrows go from button to button, and 1 to 5 rate. @param {string} text */
  toolbar(text) {
    const bar = made("div", "ledger-tools");
    bar.setAttribute("role", "toolbar");
    bar.setAttribute("aria-label", `Your score for: ${text.slice(0, READ_OUT)}`);
    bar.append(...this.scores, this.withdrawal);
    bar.addEventListener("keydown", (event) => this.key(event));
    bar.addEventListener("focusin", (event) => this.rove(/** @type {HTMLElement} */ (event.target)));
    return bar;
  }

  get buttons() {
    return [...this.scores, this.withdrawal];
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.repeat) return;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const score = keysOn() && this.words.has(Number(event.key)) ? Number(event.key) : 0;
    if (!step && !score) return;
    event.preventDefault();
    const { buttons } = this;
    const place = score ? score - 1 : buttons.indexOf(/** @type {any} */ (event.target)) + step;
    const button = buttons[(place + buttons.length) % buttons.length];
    button.focus();
    if (score) button.click();
  }

  /** @param {HTMLElement} focused */
  rove(focused) {
    for (const button of this.buttons) button.tabIndex = button === focused ? 0 : -1;
  }

  /** @param {number} score */
  rate(score) {
    const { action, score: before } = this.opinion;
    if (action === "rated" && before === score) return;
    this.act(happening(this.promptId, { action: "rated", score }));
  }

  withdraw() {
    if (WITHDRAWABLE.includes(this.opinion.action)) this.act(happening(this.promptId, { action: "withdrawn" }));
  }

  /** @param {import("./outbox.js").Happening} event */
  act(event) {
    this.done.push({ event_id: event.event_id, before: this.opinion });
    this.opinion = after(this.opinion, event);
    this.send(event);
    this.show(this.said(this.done.at(-1).before, this.opinion));
  }

  /** Take the latest change back; the one before it can be taken back next. */
  undo() {
    const { event_id, before } = this.done.pop();
    this.opinion = before;
    this.send(happening(this.promptId, { action: "undone", undoes: event_id }));
    this.show(`back to ${this.name(before)}`);
  }

  /** @param {any} event */
  send(event) {
    sayAside(event);
  }

  /** What this device has not sent yet counts here already. @param {any[]} waiting */
  takeOver(waiting) {
    for (const event of waiting) {
      if (event.prompt_id !== this.promptId || !["rated", "withdrawn"].includes(event.action)) continue;
      this.opinion = after(this.opinion, event);
      this.show();
    }
  }

  /** @param {any} answer */
  answered(answer) {
    const revealed = answer.revealed?.find((/** @type {any} */ one) => one.prompt_id === this.promptId);
    if (revealed && this.opinion.action === "rated") {
      this.opinion = { ...this.opinion, source: revealed.source, kind: revealed.kind, others: revealed.crowd ?? this.opinion.others };
      this.showAbout();
    }
    for (const { event_id, reason } of answer.rejected ?? []) {
      const place = this.done.findIndex((change) => change.event_id === event_id);
      if (place < 0) continue;
      this.opinion = this.done[place].before;
      this.done.length = place;
      this.show(`not taken: ${reason}`);
      this.change.classList.add("wrong");
    }
  }

  /** @param {string} [said] what was just done, with the way back */
  show(said = "") {
    const { action, score } = this.opinion;
    for (const button of this.scores) {
      button.setAttribute("aria-pressed", String(action === "rated" && button.dataset.score === String(score)));
    }
    this.withdrawal.setAttribute("aria-disabled", String(!WITHDRAWABLE.includes(action)));
    if (!this.tools.contains(document.activeElement)) this.rove(this.scores[(score ?? 1) - 1]);
    this.showAbout();
    this.change.classList.remove("wrong");
    this.showChange(said);
    if (said) announce(said);
  }

  /** @param {string} said */
  showChange(said) {
    const canUndo = said !== "" && this.done.length > 0;
    this.changed.data = canUndo ? `${said} · ` : said;
    // Taken out and put back at once, it would lose the focus.
    if (canUndo && !this.undoButton.parentNode) this.change.append(this.undoButton);
    if (canUndo) return;
    const hadFocus = document.activeElement === this.undoButton;
    this.undoButton.remove();
    if (hadFocus) this.buttons.find((button) => button.tabIndex === 0)?.focus();
  }

  showAbout() {
    const { decided_at, source, kind, others, earned } = this.opinion;
    const parts = [this.name(this.opinion), timeOf(decided_at), ...(others ? [crowd(others, this.opinion.score)] : []), ...(source ? [`${source}, ${kind}`] : []), ...(earned ? [worth(earned)] : [])];
    this.about.replaceChildren(...parts.flatMap((part, place) => (place ? [" · ", part] : [part])));
  }

  /** @param {Opinion} opinion */
  name({ action, score, reason }) {
    if (action === "rated") return `${score}, ${this.words.get(score)}`;
    if (action === "flagged") return `flagged: ${REASONS[reason] ?? reason}`;
    return { skipped: "skipped", discarded: "not equipped to judge", withdrawn: "withdrawn" }[action] ?? action;
  }

  /** @param {Opinion} before @param {Opinion} now */
  said(before, now) {
    return now.action === "withdrawn" ? `withdrawn, it was ${this.name(before)}` : `changed from ${this.name(before)} to ${this.name(now)}`;
  }

  /** @param {string} words @param {string} label @param {() => void} pressed */
  button(words, label, pressed) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = words;
    if (label) button.setAttribute("aria-label", label);
    // The second click of a double click is no second wish.
    button.addEventListener("click", (event) => event.detail < 2 && pressed());
    return button;
  }
}

/**
 * What one thinks after an event; where the prompt comes from is told when the sprint has it.
 * @param {Opinion} before
 * @param {any} event
 * @returns {Opinion}
 */
function after(before, { action, score, happened_at }) {
  const told = action === "rated" ? before : { source: null, kind: null, others: null, earned: null };
  return { ...before, ...told, action, score: score ?? null, reason: null, decided_at: happened_at };
}

/** @param {import("./last.js").Crowd} others @param {number} own */
function crowd(others, own) {
  const place = made("span", "ledger-others");
  place.append(`others ${mean(others)} `, bars(others, own), ` (n = ${number(others.n)})`);
  return place;
}

/** @param {{points: number, why: string}} earned */
function worth({ points, why }) {
  const place = made("span", "ledger-earned");
  place.textContent = `${count(points, "point", "points")}${points > 1 ? `: ${why}` : ""}`;
  return place;
}

/** @param {string} tag @param {string} name of its class */
function made(tag, name) {
  const element = document.createElement(tag);
  element.className = name;
  return element;
}
