/** The prompts one went back to and has not answered again: they come first, also after a reload. */

import { Rows } from "./rows.js";

/** @typedef {import("./history.js").Step} Step */

export class Returned {
  constructor() {
    /** @type {Rows<Step>} */
    this.rows = new Rows("returned", () => {});
  }

  /** @param {string} key names the person; empty: nobody */
  belongTo(key) {
    this.rows.belongTo(key);
  }

  /** @param {Step} step taken back now */
  add(step) {
    this.answered(step.prompt_id);
    this.rows.add({ ...step, happened_at: this.rows.momentAfterAll(Date.now()) });
  }

  /** @param {string} promptId */
  answered(promptId) {
    this.steps.filter((step) => step.prompt_id === promptId).forEach((step) => this.rows.remove(step.event_id));
  }

  /** @returns {Step[]} the one taken back last comes last */
  get steps() {
    return this.rows.all;
  }
}
