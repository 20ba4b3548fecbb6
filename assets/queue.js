/** The prompts this contributor holds: the one on the card, and the next few, already here. */

import { post } from "./requests.js";

/**
 * `again`: one has rated it before, and is not to notice.
 * @typedef {import("./texts.js").Prompt & {earlier?: import("./history.js").Step, again?: boolean}} Prompt
 */

const WANTED = 5;
const FEW = 2;
const AGAIN_MS = 3000;
const AGAIN_WHEN_NOTHING_IS_LEFT_MS = 20_000;
// The server leases a prompt for a quarter of an hour: one asks again well before.
const LEASE_AGE_MS = 5 * 60_000;
const LOOKED_AT_ALL = "You have looked again at everything you skipped; go back to new prompts to go on.";

export class Queue {
  /**
   * @param {() => import("./choice.js").Wanted} choice what this person wants to be given
   * @param {(fresh: Prompt[]) => void} changed called when there are prompts, or a reason why there are none
   */
  constructor(choice, changed) {
    this.choice = choice;
    this.changed = changed;
    this.clear();
  }

  /** Forget everything: somebody else is signed in. */
  clear() {
    /** @type {Prompt[]} */
    this.prompts = [];
    /** @type {Set<string>} answered here, so the server may not know it yet */
    this.done = new Set();
    this.reason = "";
    this.skipped = false;
    this.trouble = "";
    this.signedOut = false;
    this.filledAt = 0;
    this.turn = {};
    clearTimeout(this.timer);
  }

  /**
   * The prompt to show, from now on the first one.
   * @param {Set<string>} elsewhere on other pages of this person
   * @returns {Prompt | null}
   */
  next(elsewhere) {
    const place = this.prompts.findIndex((prompt) => !elsewhere.has(prompt.prompt_id));
    if (place > 0) this.prompts.unshift(...this.prompts.splice(place, 1));
    return this.prompts[0] ?? null;
  }

  /** @param {string} promptId */
  has(promptId) {
    return this.find(promptId) !== undefined;
  }

  /** @param {string} promptId */
  find(promptId) {
    return this.prompts.find((prompt) => prompt.prompt_id === promptId);
  }

  /** @param {string} promptId answered: it does not come back */
  finish(promptId) {
    this.done.add(keyOf(this.find(promptId) ?? { prompt_id: promptId }));
    this.done.add(promptId);
    this.prompts = this.prompts.filter((prompt) => prompt.prompt_id !== promptId);
    if (this.prompts.length <= FEW || this.isOld) this.fill();
  }

  /** @param {Prompt} prompt whose answer was taken back: it comes first */
  putBack(prompt) {
    this.done.delete(prompt.prompt_id);
    this.done.delete(keyOf(prompt));
    this.prompts = [prompt, ...this.prompts.filter((other) => other.prompt_id !== prompt.prompt_id)];
  }

  /** @param {Prompt[]} prompts */
  add(prompts) {
    this.filledAt = Date.now();
    const fresh = prompts.filter((prompt) => !this.done.has(keyOf(prompt)) && !this.has(prompt.prompt_id));
    this.prompts.push(...fresh);
    if (fresh.length) this.changed(fresh);
  }

  /**
   * Something else is wanted from now on; what is here stays until the sprint has answered.
   * @param {Set<string>} done what the sprint may not know yet
   */
  chooseAnew(done) {
    this.done = done;
    this.reason = "";
    this.turn = {};
    this.isStale = true;
    this.fill();
  }

  /** Ask for prompts, and go on asking as long as there are none. */
  async fill() {
    if (this.filling) return;
    clearTimeout(this.timer);
    this.filling = true;
    const { turn, isOld, isStale } = this;
    try {
      const { prompts, reason, skipped } = await post("/api/next", { n: WANTED, choice: this.choice() });
      if (turn !== this.turn) return;
      this.reason = reason ?? "";
      this.skipped = skipped;
      this.trouble = "";
      if (isOld || isStale) this.keepOnly(prompts, isStale ? 0 : 1);
      this.isStale = false;
      this.add(prompts);
      // What is skipped once more is handed out once more.
      if (this.choice().skipped && prompts.length && !this.prompts.length) this.reason = LOOKED_AT_ALL;
    } catch (failure) {
      if (turn !== this.turn) return;
      this.trouble = failure.message;
      this.signedOut = failure.status === 401;
    } finally {
      this.filling = false;
      if (turn !== this.turn) this.fill();
    }
    if (!this.prompts.length) this.askAgain();
    else if (isStale) this.changed([]);
  }

  askAgain() {
    this.changed([]);
    if (this.signedOut) return;
    const pause = this.reason && !this.trouble ? AGAIN_WHEN_NOTHING_IS_LEFT_MS : AGAIN_MS;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.fill(), pause * (0.75 + Math.random() / 2));
  }

  /** Whether somebody else may have been given the prompts that are here. */
  get isOld() {
    return this.filledAt > 0 && Date.now() - this.filledAt > LEASE_AGE_MS;
  }

  /**
   * Let go of prompts that are no longer ours.
   * @param {Prompt[]} prompts
   * @param {number} first so many stay in any case: the one that is being read
   */
  keepOnly(prompts, first) {
    const ours = new Set(prompts.map((prompt) => prompt.prompt_id));
    this.prompts = this.prompts.filter((prompt, place) => place < first || ours.has(prompt.prompt_id));
  }

  /** Back after a while: the leases are renewed, and the prompts with them. */
  refresh() {
    if (this.isOld) this.fill();
  }
}

/** What is rated again was answered before, and is to be answered again. @param {{prompt_id: string, again?: boolean}} prompt */
function keyOf({ prompt_id, again }) {
  return again ? `${prompt_id} again` : prompt_id;
}
