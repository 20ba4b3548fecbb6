/** What one did, step by step, so that each step can be taken back: also after a reload, or on another page. */

import { Rows } from "./rows.js";

/** @typedef {{event_id: string, prompt_id: string, action: string, score?: number, reason?: string, happened_at: number, again?: boolean}} Step */

const MOST = 1000;

export class History {
  /** @param {(added: Step | null, removed: Step | null) => void} changedElsewhere */
  constructor(changedElsewhere) {
    /** @type {Rows<Step>} */
    this.rows = new Rows("history", changedElsewhere);
  }

  /** @param {string} key names the person; empty: nobody */
  belongTo(key) {
    this.rows.belongTo(key);
    if (key) this.rows.handOver(key);
  }

  get size() {
    return this.rows.size;
  }

  /** How many steps somebody made who had not signed in. */
  get ofNobody() {
    return this.rows.ofNobody;
  }

  get isEmpty() {
    return this.size === 0;
  }

  /**
   * @param {import("./outbox.js").Happening} happening
   * @param {boolean} [again] whether the prompt had been rated before
   */
  add({ event_id, prompt_id, action, score, reason, happened_at }, again = false) {
    const at = this.rows.momentAfterAll(happened_at);
    this.rows.add({ event_id, prompt_id, action, score, reason, happened_at: at, again });
    if (this.rows.size > MOST) this.rows.oldest(this.rows.size - MOST).forEach((step) => this.forget(step.event_id));
  }

  /** @returns {Step | undefined} the newest step, which is one no more */
  takeBack() {
    const step = this.rows.newest;
    if (step) this.forget(step.event_id);
    return step;
  }

  /** @param {string} eventId */
  forget(eventId) {
    this.rows.remove(eventId);
  }

  /** @param {string} promptId whose steps are none any more */
  forgetAll(promptId) {
    const steps = this.rows.all.filter((step) => step.prompt_id === promptId);
    steps.forEach((step) => this.forget(step.event_id));
  }

  /** @returns {Set<string>} the prompts of all steps */
  get prompts() {
    return new Set(this.rows.all.map((step) => step.prompt_id));
  }
}
