/** The card: one prompt, five scores. The next prompt is there in the same frame, whatever the network does. */

import { announce } from "./announce.js";
import { Answers } from "./answers.js";
import { Choice } from "./choice.js";
import { FlagDialog } from "./flag.js";
import { Guidelines } from "./guidelines.js";
import { History } from "./history.js";
import { keyOf, keysOn, switchKeys } from "./keys.js";
import { LastLine } from "./last.js";
import { onConnection, subscribe } from "./live.js";
import { waysOn, whyNothing } from "./nothing.js";
import { OwnLine } from "./own.js";
import { Practice, PracticeOffer } from "./practice.js";
import { PromptFrame } from "./prompt.js";
import { Queue } from "./queue.js";
import * as restoring from "./restoring.js";
import { Returned } from "./returned.js";
import { SavingLine } from "./saving.js";
import { happening, hear, outbox } from "./sending.js";
import * as session from "./session.js";
import { Shown } from "./shown.js";
import { Texts } from "./texts.js";
import { Welcome } from "./welcome.js";
import { count } from "./words.js";

const TROUBLE_SHOWN_MS = 15_000;
const READ_OUT = 400;
/** A phone held sideways: not all above the prompt and the prompt have room, so who rates is brought to it. */
const low = matchMedia("(max-height: 559.98px)");

/** @typedef {import("./answers.js").Said} Said */

class Card {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.answers = new Answers(part(".answers"), part(".earlier"), (key) => this.pressed(key), () => this.read());
    this.trouble = part(".trouble");
    this.keysList = /** @type {HTMLDialogElement} */ (part("dialog.keys"));
    this.texts = new Texts();
    this.frame = new PromptFrame(part(".prompt"), part(".reading"), this.texts);
    this.saving = new SavingLine(part(".saving"));
    this.lastLine = new LastLine(part(".last"));
    this.ownLine = new OwnLine(part(".own"), (sentence) => this.say(sentence));
    this.flag = new FlagDialog(/** @type {HTMLDialogElement} */ (part("dialog.flag")), () => this.promptsCame([]));
    this.practice = new Practice(/** @type {HTMLDialogElement} */ (part("dialog.practice")), () => this.startRating());
    this.offer = new PracticeOffer(part(".offer"), this.practice);
    this.guidelines = new Guidelines(
      /** @type {HTMLDialogElement} */ (part("dialog.guidelines")),
      part(".show-guidelines"),
      () => this.frame.frame.focus({ preventScroll: true }),
    );
    this.welcome = new Welcome(element, part(".ask"));
    this.choice = new Choice(part(".choice"), () => this.choiceChanged());
    this.history = new History((added, removed) => this.changedElsewhere(added, removed));
    this.returned = new Returned();
    this.shownHere = new Shown(() => this.flag.isOpen || this.showNext());
    this.queue = new Queue(() => this.choice.wanted, (fresh) => this.promptsCame(fresh));
    this.outbox = outbox;
    hear({
      answered: (answer) => this.answered(answer),
      rejected: (eventId, reason) => this.rejected(eventId, reason),
      changed: (state) => this.saving.show(state),
      alongside: () => ({ choice: this.choice.wanted }),
      sentAgain: () => this.sentAgain(),
      saidAside: (promptId) => this.saidAside(promptId),
    });
    /** @type {import("./queue.js").Prompt | null} */
    this.shown = null;
    this.shownAt = 0;
    /** @type {import("./outbox.js").Happening | null} */
    this.last = null;
    this.person = /** @type {string | null} */ (null);
    // Answers that somebody gave before they signed in: one at most.
    this.broughtAlong = 0;
    this.returning = Promise.resolve();
    this.state = "open";
    this.listen(part);
    this.enableButtons();
  }

  /** @param {(name: string) => HTMLElement} part */
  listen(part) {
    part(".show-keys").addEventListener("click", () => this.keysList.showModal());
    part(".practise").addEventListener("click", () => this.practice.begin());
    const on = /** @type {HTMLInputElement} */ (part(".keys-on"));
    on.checked = keysOn();
    on.addEventListener("change", () => switchKeys(on.checked));
    document.addEventListener("keydown", (event) => this.key(event));
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.queue.refresh());
    part(".as-markdown").addEventListener("click", () => this.haveMarkdown(this.queue.prompts));
    onConnection((now) => now && this.outbox.flush());
    session.onChange((now) => this.whoIsHere(now));
    session.onTrouble((sentence) => this.unreachable(sentence));
    restoring.onChange((now) => this.broughtBack(now));
    subscribe("progress", this.element, ({ state }) => this.sprintIs(state));
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.element.isConnected || this.element.getClientRects().length === 0 || !keysOn()) return;
    const key = keyOf(event);
    if (!key) return;
    event.preventDefault();
    if (key === "?") return this.keysList.showModal();
    if (key === "g") return this.guidelines.toggle();
    this.answers.press(this.answers.of(key));
    if (document.activeElement === document.body) this.read();
  }

  /**
   * Put the focus on the prompt, where the keys that scroll are heard: after a tap the space bar scrolls the
   * next prompt, and rates it not. After Enter one stays on the button.
   */
  read() {
    if (session.current()?.signed_in) this.frame.frame.focus({ preventScroll: !low.matches });
  }

  /** After practice, wherever it was opened: the card, and the keys on it. */
  startRating() {
    this.guidelines.giveWay();
    this.read();
  }

  /** @param {string} key */
  pressed(key) {
    if (key === "u") this.undo();
    else if (key === "f") this.askForReason(this.shown.prompt_id);
    else if (key === "s") this.answer({ action: "skipped" });
    else if (key === "d") this.answer({ action: "discarded" });
    else this.answer({ action: "rated", score: Number(key) });
  }

  /** @param {string} promptId the one that is read now, whatever is on the card when a reason is chosen */
  askForReason(promptId) {
    this.flag.ask((reason) => {
      this.answer({ action: "flagged", reason }, promptId);
      if (document.activeElement === document.body) this.read();
    });
  }

  /**
   * @param {Said} said
   * @param {string} promptId
   */
  answer(said, promptId = this.shown.prompt_id) {
    const isVisitor = !session.current()?.signed_in;
    // A visitor has one prompt only: the newest answer stands.
    if (isVisitor && this.last?.prompt_id === promptId) this.forget(this.last.event_id);
    const shown_ms = Math.round(performance.now() - this.shownAt);
    const again = this.queue.find(promptId)?.again ?? false;
    const action = again && said.action === "rated" ? "rated_again" : said.action;
    this.last = happening(promptId, { ...said, action, shown_ms });
    this.outbox.keep(this.last);
    this.history.add(this.last, again);
    this.lastLine.did(this.last);
    this.offer.end();
    const words = this.answers.inWords(said);
    if (isVisitor) {
      this.enableButtons();
      return this.welcome.askToSignIn(`You ${words}. Sign in, and it counts.`);
    }
    this.returned.answered(promptId);
    const wasShown = this.shown?.prompt_id === promptId;
    this.queue.finish(promptId);
    if (wasShown) this.showNext();
    announce(`You ${words}. ${this.shown ? `Next prompt: ${this.shown.text.slice(0, READ_OUT)}` : this.frame.text.textContent}`);
    this.outbox.flush();
  }

  /** Take back the newest step: its prompt is on the card again, with what one said marked. */
  undo() {
    const step = this.history.takeBack();
    if (!step) return;
    this.last = null;
    this.lastLine.undid(step);
    const words = `Undone: you ${this.answers.inWords(step)}.`;
    if (!session.current()?.signed_in) {
      this.outbox.drop(step.event_id);
      this.outbox.tell();
      this.welcome.stopAsking();
      if (step.prompt_id === this.shown?.prompt_id) this.answers.mark(step);
      this.enableButtons();
      return announce(words);
    }
    this.outbox.keep(happening(step.prompt_id, { action: "undone", undoes: step.event_id }));
    this.returned.add(step);
    this.outbox.flush();
    const known = this.texts.recall(step.prompt_id);
    if (known) return this.showAgain(known, step, words);
    this.queue.done.delete(step.prompt_id);
    this.enableButtons();
    // One after the other, so that the step taken back last is on top.
    this.returning = this.returning.then(() => this.fetchAgain(step, words));
  }

  /**
   * @param {import("./history.js").Step} step
   * @param {string} words
   */
  async fetchAgain(step, words) {
    const { person } = this;
    try {
      const prompt = await this.texts.fetch(step.prompt_id);
      if (person === this.person) this.showAgain(prompt, step, words);
    } catch (failure) {
      if (person === this.person) this.say(`${words} Its prompt comes again later: ${failure.message}`);
    }
  }

  /**
   * @param {import("./texts.js").Prompt} prompt
   * @param {import("./history.js").Step} step
   * @param {string} words
   */
  showAgain(prompt, step, words) {
    this.queue.putBack({ ...prompt, earlier: step, again: step.again });
    this.showNext(this.queue.prompts[0]);
    announce(`${words} Prompt: ${prompt.text.slice(0, READ_OUT)}`);
  }

  showNext(next = this.queue.next(this.shownHere.elsewhere())) {
    if (next && next.prompt_id === this.shown?.prompt_id && next.earlier === this.shown.earlier) return;
    this.shown = next;
    this.shownAt = performance.now();
    if (next) this.frame.show(next);
    else this.sayWhyNothing();
    this.shownHere.put(next?.prompt_id ?? "");
    this.answers.mark(next?.earlier);
    this.enableButtons();
  }

  /** @param {restoring.Restoring | null} now null: it is back */
  broughtBack(now) {
    if (!this.shown) this.sayWhyNothing();
    this.enableButtons();
    if (now) return;
    session.refresh();
    if (this.person) this.queue.fill();
  }

  /** @param {string} sentence why nobody can say who is here: then it is whom this browser knew last */
  unreachable(sentence) {
    this.outbox.belongTo(session.knownLast());
    if (!restoring.current()) this.frame.say(`${sentence} The page keeps trying.`);
  }

  sayWhyNothing() {
    const { until } = this.outbox;
    const isReallyOver = this.queue.reason && !until && !restoring.current();
    this.frame.say(whyNothing(this.queue, until, this.state), isReallyOver ? waysOn(this.queue, this.choice, this.state) : []);
  }

  /** @param {string} state of the sprint: what is on the card may be no more to be rated, or there be prompts again */
  sprintIs(state) {
    if (state === this.state) return;
    this.state = state;
    if (session.current()?.signed_in) this.queue.chooseAnew(this.notYetKnown());
  }

  choiceChanged() {
    // What was pressed may be one of the ways on, which go with what is on the card.
    if (this.frame.frame.contains(document.activeElement)) this.read();
    if (session.current()?.signed_in) this.queue.chooseAnew(this.notYetKnown());
    announce("Fetching other prompts.");
  }

  enableButtons() {
    this.answers.enable(this.shown !== null, !this.history.isEmpty);
  }

  /** @param {import("./queue.js").Prompt[]} fresh */
  promptsCame(fresh) {
    if (this.queue.signedOut) return session.refresh();
    this.texts.remember(fresh);
    this.haveMarkdown(fresh);
    if (this.shown && this.queue.has(this.shown.prompt_id)) return;
    if (this.flag.isOpen) return;
    const before = this.frame.text.textContent;
    this.showNext();
    const now = this.frame.text.textContent;
    if (before !== now) announce(now.slice(0, READ_OUT));
  }

  /** Whoever reads Markdown has it before the prompt is shown. */
  async haveMarkdown(/** @type {import("./texts.js").Prompt[]} */ prompts) {
    if (!this.frame.asMarkdown) return;
    for (const { prompt_id } of [...prompts]) await this.texts.fetchHtml(prompt_id).catch(() => {});
  }

  /** @param {any} answer */
  answered(answer) {
    session.progressed(answer.me);
    if (this.last && answer.confirmed.includes(this.last.event_id)) {
      const revealed = answer.revealed.find((/** @type {any} */ one) => one.prompt_id === this.last.prompt_id);
      if (revealed) this.lastLine.reveal(this.last, revealed);
    }
    this.queue.add(answer.next);
    if (!this.queue.prompts.length) this.queue.fill();
  }

  /**
   * @param {string} eventId
   * @param {string} reason
   */
  rejected(eventId, reason) {
    this.history.forget(eventId);
    this.enableButtons();
    this.say(`Not taken: ${reason}`);
  }

  /**
   * Another page of this person answered a prompt, or took an answer back.
   * @param {import("./history.js").Step | null} added
   * @param {import("./history.js").Step | null} removed
   */
  changedElsewhere(added, removed) {
    this.enableButtons();
    if (removed) this.queue.done.delete(removed.prompt_id);
    if (!added) return;
    this.returned.answered(added.prompt_id);
    this.queue.finish(added.prompt_id);
    if (this.shown?.prompt_id !== added.prompt_id || this.flag.isOpen) return;
    this.showNext();
    if (document.visibilityState === "visible") announce("You answered this prompt on another page.");
  }

  /** What was said since stands; it is changed where it was said. @param {string} promptId */
  saidAside(promptId) {
    this.history.forgetAll(promptId);
    this.enableButtons();
  }

  /** The sprint may have handed out again what was answered here and it knows no more. */
  sentAgain() {
    for (const promptId of this.notYetKnown()) this.queue.finish(promptId);
    if (this.shown && !this.queue.has(this.shown.prompt_id) && !this.flag.isOpen) this.showNext();
  }

  /** @returns {Set<string>} prompts with an answer that the sprint may not know yet */
  notYetKnown() {
    return answeredBy(this.outbox.waiting());
  }

  /** @param {session.Session} now */
  whoIsHere(now) {
    this.ownLine.show(now.me);
    const person = now.signed_in ? now.key : "";
    if (person !== this.person) {
      const before = this.person;
      this.person = person;
      this.queue.clear();
      this.last = null;
      this.lastLine.clear();
      if (person) this.letIn(person);
      else this.seeOff(before);
    }
    this.offer.consider(now, Math.max(this.history.size, this.outbox.size), this.broughtAlong);
  }

  /** @param {string} key */
  letIn(key) {
    if (this.welcome.over()) {
      // The form stood below; on a phone the next prompt is above what is to be seen.
      window.scrollTo({ top: 0 });
      this.frame.frame.focus({ preventScroll: true });
    }
    this.broughtAlong = this.history.ofNobody;
    this.outbox.belongTo(key);
    this.history.belongTo(key);
    this.returned.belongTo(key);
    this.shownHere.belongTo(key);
    // If the sprint lost its disk meanwhile, it hands out again what it had confirmed.
    this.queue.done = answeredBy([...this.outbox.confirmed(), ...this.outbox.waiting()]);
    this.shown = null;
    this.showNext();
    // First what one went back to, so that nothing takes its place while it is read.
    this.bringBack(key).finally(() => key === this.person && this.queue.fill());
  }

  /** @param {string} key whose prompts they are */
  async bringBack(key) {
    for (const step of this.returned.steps) {
      const prompt = this.texts.recall(step.prompt_id) ?? (await this.texts.fetch(step.prompt_id).catch(() => null));
      if (key !== this.person) return;
      if (prompt) this.queue.putBack({ ...prompt, earlier: step, again: step.again });
    }
    if (this.queue.prompts.length) this.showNext();
  }

  /** @param {string | null} before who was here; null: the page was just opened */
  seeOff(before) {
    const waiting = this.outbox.size;
    this.outbox.belongTo("");
    this.history.belongTo("");
    this.returned.belongTo("");
    this.shownHere.belongTo("");
    if (before) {
      const kept = waiting ? ` ${count(waiting, "answer of yours is", "answers of yours are")} kept here and sent when you are back.` : "";
      this.welcome.askToSignIn(`You are signed out.${kept} Sign in to go on rating.`, { takeFocus: waiting > 0 });
    }
    this.answers.mark();
    this.enableButtons();
    // Whoever is signed out while reading goes on reading.
    if (this.shown) return;
    this.frame.say("");
    this.welcome.showPrompt((prompt, sentence) => {
      this.shown = prompt;
      this.shownAt = performance.now();
      if (prompt) this.frame.show(prompt);
      else this.frame.say(sentence);
      this.enableButtons();
    });
  }

  /** @param {string} eventId an answer that is none any more */
  forget(eventId) {
    this.outbox.drop(eventId);
    this.history.forget(eventId);
  }

  /** @param {string} sentence what went wrong, for a while */
  say(sentence) {
    clearTimeout(this.troubleTimer);
    this.trouble.textContent = sentence;
    this.trouble.hidden = false;
    announce(sentence);
    this.troubleTimer = setTimeout(() => (this.trouble.hidden = true), TROUBLE_SHOWN_MS);
  }
}

/**
 * @param {import("./outbox.js").Happening[]} events in their order
 * @returns {Set<string>} the prompts that have an answer after them
 */
function answeredBy(events) {
  const prompts = new Set();
  for (const { action, prompt_id } of events) prompts[action === "undone" ? "delete" : "add"](prompt_id);
  return prompts;
}

/** @param {HTMLElement} element */
export function start(element) {
  new Card(element);
}
