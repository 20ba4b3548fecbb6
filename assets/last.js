/** The line on the prompt before: what one said, and once that is kept, where it came from and what the others gave. */

import { announce } from "./announce.js";
import { number } from "./words.js";

/** @typedef {{n: number, counts: number[], mean: number}} Crowd */

export const REASONS = {
  spam: "spam",
  personal_data: "personal data",
  wrong_language: "wrong language",
  harmful: "harmful",
  duplicate: "duplicate",
  broken: "broken",
};

/**
 * What was done, as in "you ...".
 * @param {{action: string, score?: number, reason?: string}} step
 * @returns {string}
 */
export function deed({ action, score, reason }) {
  if (action === "rated" || action === "rated_again") return `gave ${score}`;
  if (action === "flagged") return `flagged it: ${REASONS[reason] ?? reason}`;
  return action === "discarded" ? "were not equipped to judge it" : "skipped";
}

export class LastLine {
  /** @param {HTMLElement} line */
  constructor(line) {
    this.line = line;
  }

  /** @param {import("./history.js").Step} step */
  did(step) {
    this.line.replaceChildren(`last: you ${deed(step)}`);
  }

  /** @param {import("./history.js").Step} step */
  undid(step) {
    this.line.replaceChildren(`undone: you ${deed(step)}`);
  }

  clear() {
    this.line.replaceChildren();
  }

  /**
   * @param {import("./history.js").Step} step
   * @param {{source: string, kind: string, gold?: number | null, crowd?: Crowd | null}} revealed
   */
  reveal(step, { source, kind, gold, crowd }) {
    const origin = document.createElement("span");
    origin.textContent = `${source}, ${kind}`;
    this.line.replaceChildren(`last: you ${deed(step)} · `, gold ? `organizers ${gold} · ` : "");
    if (crowd) this.line.append(`others ${mean(crowd)} `, bars(crowd, step.score), ` (n = ${number(crowd.n)}) · `);
    this.line.append(origin);
    announce(`That one: ${gold ? `organizers would give ${gold}; ` : ""}${crowd ? `others gave ${mean(crowd)} on average, n = ${number(crowd.n)}; ` : ""}${source}, ${kind}.`);
  }
}

export const mean = (/** @type {Crowd} */ crowd) =>
  new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 }).format(crowd.mean);

/**
 * Five small bars, one's own score marked.
 * @param {Crowd} crowd
 * @param {number} own
 */
export function bars({ counts }, own) {
  const picture = document.createElement("span");
  picture.className = "bars";
  picture.setAttribute("role", "img");
  const each = counts.map((people, place) => `${number(people)} gave ${place + 1}`);
  picture.setAttribute("aria-label", `${each.join(", ")}; you gave ${own}`);
  const most = Math.max(...counts, 1);
  counts.forEach((people, place) => {
    const bar = document.createElement("i");
    bar.style.setProperty("--share", String(people / most));
    bar.classList.toggle("own-score", place + 1 === own);
    picture.append(bar);
  });
  return picture;
}
