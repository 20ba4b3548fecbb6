/** The prompts this contributor holds: the one on the card, and the next few, already here. */

import { post } from "./requests.js";

/** @typedef {{prompt_id: string, text: string, context: string | null}} Prompt */

const WANTED = 5;
const FEW = 2;
const AGAIN_MS = 3000;
const AGAIN_WHEN_NOTHING_IS_LEFT_MS = 20_000;
// The server leases a prompt for a quarter of an hour: one asks again well before.
const LEASE_AGE_MS = 5 * 60_000;

export class Queue {
  /** @param {() => void} changed called when there are prompts, or a reason why there are none */
  constructor(changed) {
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
    this.trouble = "";
    this.signedOut = false;
    this.filledAt = 0;
    this.turn = {};
    clearTimeout(this.timer);
  }

  /** @returns {Prompt | null} */
  get first() {
    return this.prompts[0] ?? null;
  }

  /** @param {string} promptId answered: it does not come back */
  finish(promptId) {
    this.done.add(promptId);
    this.prompts = this.prompts.filter((prompt) => prompt.prompt_id !== promptId);
    if (this.prompts.length <= FEW || this.isOld) this.fill();
  }

  /** @param {Prompt[]} prompts */
  add(prompts) {
    this.filledAt = Date.now();
    const known = new Set([...this.done, ...this.prompts.map((prompt) => prompt.prompt_id)]);
    const fresh = prompts.filter((prompt) => !known.has(prompt.prompt_id));
    this.prompts.push(...fresh);
    if (fresh.length) this.changed();
  }

  /** Ask for prompts, and go on asking as long as there are none. */
  async fill() {
    if (this.filling) return;
    clearTimeout(this.timer);
    this.filling = true;
    const { turn, isOld } = this;
    try {
      const { prompts, reason } = await post("/api/next", { n: WANTED });
      if (turn !== this.turn) return;
      this.reason = reason ?? "";
      this.trouble = "";
      if (isOld) this.keepOnly(prompts);
      this.add(prompts);
    } catch (failure) {
      if (turn !== this.turn) return;
      this.trouble = failure.message;
      this.signedOut = failure.status === 401;
    } finally {
      this.filling = false;
      if (turn !== this.turn) this.fill();
    }
    if (!this.first) this.askAgain();
  }

  askAgain() {
    this.changed();
    if (this.signedOut) return;
    const pause = this.reason && !this.trouble ? AGAIN_WHEN_NOTHING_IS_LEFT_MS : AGAIN_MS;
    this.timer = setTimeout(() => this.fill(), pause * (0.75 + Math.random() / 2));
  }

  /** Whether somebody else may have been given the prompts that are here. */
  get isOld() {
    return this.filledAt > 0 && Date.now() - this.filledAt > LEASE_AGE_MS;
  }

  /** Let go of prompts that are no longer ours, but not of the one that is being read. */
  keepOnly(/** @type {Prompt[]} */ prompts) {
    const ours = new Set(prompts.map((prompt) => prompt.prompt_id));
    this.prompts = this.prompts.filter((prompt, place) => place === 0 || ours.has(prompt.prompt_id));
  }

  /** Back after a while: the leases are renewed, and the prompts with them. */
  refresh() {
    if (this.isOld) this.fill();
  }
}
