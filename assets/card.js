/** The card: one prompt, five scores. The next prompt is there in the same frame, whatever the network does. */

import { focusFirst, signInForm } from "./account.js";
import { announce } from "./announce.js";
import { keyOf, keysOn, switchKeys } from "./keys.js";
import { onConnection, subscribe } from "./live.js";
import { PromptFrame } from "./prompt.js";
import { Queue } from "./queue.js";
import { SavingLine } from "./saving.js";
import { happening, hear, outbox } from "./sending.js";
import * as session from "./session.js";
import { count, number } from "./words.js";

const PRESSED_MS = 120;
const TROUBLE_SHOWN_MS = 15_000;
const READ_OUT = 400;

class Card {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.frame = new PromptFrame(part(".prompt"));
    this.ask = part(".ask");
    this.saving = new SavingLine(part(".saving"));
    this.trouble = part(".trouble");
    this.lastLine = part(".last");
    this.ownLine = part(".own");
    this.keysList = /** @type {HTMLDialogElement} */ (part("dialog.keys"));
    this.buttons = /** @type {HTMLElement[]} */ ([...element.querySelectorAll(".score, .skip")]);
    this.queue = new Queue(() => this.promptsCame());
    this.outbox = outbox;
    hear({
      answered: (answer) => this.answered(answer),
      rejected: (reason) => this.say(`Not taken: ${reason}`),
      changed: (state) => this.saving.show(state),
    });
    /** @type {import("./queue.js").Prompt | null} */
    this.shown = null;
    this.shownAt = 0;
    /** @type {{prompt_id: string, event_id: string, words: string} | null} */
    this.last = null;
    this.username = /** @type {string | null} */ (null);
    this.listen(part);
  }

  /** @param {(name: string) => HTMLElement} part */
  listen(part) {
    for (const button of this.buttons) {
      // A second click of a double click, and an Enter held down, are no second opinion.
      button.addEventListener("click", (event) => {
        if (event.detail > 1) return;
        this.pressed(button);
        // After a tap the space bar shall scroll the next prompt, not rate it. After Enter one stays on the button.
        if (event.detail) this.read();
      });
      button.addEventListener("keydown", (event) => event.repeat && event.key === "Enter" && event.preventDefault());
    }
    part(".show-keys").addEventListener("click", () => this.keysList.showModal());
    const on = /** @type {HTMLInputElement} */ (part(".keys-on"));
    on.checked = keysOn();
    on.addEventListener("change", () => switchKeys(on.checked));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.queue.refresh());
    onConnection((now) => now && this.outbox.flush());
    session.onChange((now) => this.whoIsHere(now));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.element.isConnected || this.element.getClientRects().length === 0 || !keysOn()) return;
    const key = keyOf(event);
    if (!key) return;
    event.preventDefault();
    if (key === "?") this.keysList.showModal();
    else {
      this.pressed(this.buttons.find((button) => (button.dataset.score ?? "s") === key));
      if (document.activeElement === document.body) this.read();
    }
  }

  /** Put the focus on the prompt, where the keys that scroll are heard. */
  read() {
    if (session.current()?.signed_in) this.frame.frame.focus({ preventScroll: true });
  }

  /** @param {HTMLElement} button */
  pressed(button) {
    if (!this.shown) return;
    button.classList.add("pressed");
    setTimeout(() => button.classList.remove("pressed"), PRESSED_MS);
    const score = button.dataset.score ? Number(button.dataset.score) : null;
    this.answer(score, score ? `gave ${score}, ${button.dataset.words}` : "skipped");
  }

  /**
   * @param {number | null} score none: skipped
   * @param {string} words what was done, as in "you ..."
   */
  answer(score, words) {
    const { prompt_id } = this.shown;
    if (!session.current()?.signed_in && this.last?.prompt_id === prompt_id) this.outbox.drop(this.last.event_id);
    const shown_ms = Math.round(performance.now() - this.shownAt);
    const event = happening(prompt_id, score ? "rated" : "skipped", { score, shown_ms });
    this.outbox.keep(event);
    this.last = { prompt_id, event_id: event.event_id, words };
    this.lastLine.textContent = `last: you ${score ? `gave ${score}` : "skipped"}`;
    if (!session.current()?.signed_in) return this.askToSignIn(`You ${words}. Sign in, and it counts.`);
    this.queue.finish(prompt_id);
    this.showNext();
    announce(`You ${words}. ${this.shown ? `Next prompt: ${this.shown.text.slice(0, READ_OUT)}` : ""}`);
    this.outbox.flush();
  }

  showNext() {
    const next = this.queue.first;
    this.shown = next;
    this.shownAt = performance.now();
    if (next) this.frame.show(next);
    else this.frame.say(this.whyNothing());
    this.enableButtons();
  }

  whyNothing() {
    if (this.queue.reason) return `Nothing left for you right now. ${this.queue.reason}`;
    return this.queue.trouble ? `${this.queue.trouble} The page keeps trying.` : "Fetching prompts …";
  }

  enableButtons() {
    // Never `disabled`: that would throw the focus out.
    for (const button of this.buttons) button.setAttribute("aria-disabled", String(!this.shown));
  }

  promptsCame() {
    if (this.queue.signedOut) return session.expired();
    if (this.queue.first?.prompt_id === this.shown?.prompt_id && this.shown) return;
    if (this.shown && !this.queue.done.has(this.shown.prompt_id) && this.queue.first) return;
    const before = this.frame.text.textContent;
    this.showNext();
    if (!this.shown && before !== this.frame.text.textContent) announce(this.frame.text.textContent);
  }

  /** @param {any} answer */
  answered(answer) {
    session.progressed(answer.me);
    const revealed = answer.revealed?.find((/** @type {any} */ one) => one.prompt_id === this.last?.prompt_id);
    if (revealed) {
      this.lastLine.textContent = `last: you ${this.last.words.split(",")[0]} · ${revealed.source}, ${revealed.kind}`;
    }
    this.queue.add(answer.next);
    if (!this.queue.first) this.queue.fill();
  }

  /** @param {session.Session} now */
  whoIsHere(now) {
    this.ownLine.textContent = now.me ? `today ${number(now.me.today)} · ${number(now.me.ratings)} in total` : "";
    const username = now.signed_in ? now.username : "";
    if (username === this.username) return;
    const before = this.username;
    this.username = username;
    this.queue.clear();
    if (username) this.welcome(username);
    else this.seeOff(before);
  }

  /** @param {string} username */
  welcome(username) {
    this.endWelcomePrompt?.();
    const hadFocus = this.ask.contains(document.activeElement);
    this.ask.hidden = true;
    this.ask.replaceChildren();
    if (hadFocus) {
      // The form stood below; on a phone the next prompt is above what is to be seen.
      window.scrollTo({ top: 0 });
      this.frame.frame.focus({ preventScroll: true });
    }
    this.outbox.belongTo(username);
    this.outbox.waiting().forEach((happening) => this.queue.done.add(happening.prompt_id));
    this.showNext();
    this.queue.fill();
  }

  /** @param {string | null} before who was here; null: the page was just opened */
  seeOff(before) {
    const waiting = this.outbox.waiting().length;
    this.outbox.belongTo("");
    if (before) {
      const kept = waiting ? ` ${count(waiting, "answer of yours is", "answers of yours are")} kept here and sent when you are back.` : "";
      this.askToSignIn(`You are signed out.${kept} Sign in to go on rating.`, { takeFocus: waiting > 0 });
    }
    this.showWelcomePrompt();
  }

  /** A visitor reads a real prompt; it stays while they read, even if others rate it meanwhile. */
  showWelcomePrompt() {
    if (this.shown) return;
    this.frame.say("");
    this.enableButtons();
    this.endWelcomePrompt = subscribe("welcome", this.element, ({ prompt }) => {
      if (!prompt) return this.frame.say("There are no prompts yet. As soon as there are, one will stand here.");
      this.endWelcomePrompt();
      this.shown = prompt;
      this.shownAt = performance.now();
      this.frame.show(prompt);
      this.enableButtons();
    });
  }

  /**
   * @param {string} sentence
   * @param {{takeFocus?: boolean}} [how]
   */
  askToSignIn(sentence, { takeFocus = true } = {}) {
    const words = document.createElement("p");
    words.textContent = sentence;
    this.ask.replaceChildren(words, signInForm(session.current()));
    this.ask.hidden = false;
    announce(sentence);
    if (takeFocus) focusFirst(this.ask);
  }

  /** @param {string} sentence what went wrong with one event, for a while */
  say(sentence) {
    clearTimeout(this.troubleTimer);
    this.trouble.textContent = sentence;
    this.trouble.hidden = false;
    announce(sentence);
    this.troubleTimer = setTimeout(() => (this.trouble.hidden = true), TROUBLE_SHOWN_MS);
  }
}

/** @param {HTMLElement} element */
export function start(element) {
  new Card(element);
}
