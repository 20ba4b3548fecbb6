/** The line on oneself: today's ratings of the daily goal, all ratings, days in a row. The goal is changed in place. */

import { announce } from "./announce.js";
import { put } from "./requests.js";
import * as session from "./session.js";
import { count, number, today } from "./words.js";

const DOTS = 10;
const MOST = 1000;
// A milestone is told for so many ratings.
const MILESTONE_SHOWN = 3;

export class OwnLine {
  /**
   * @param {HTMLElement} line
   * @param {(sentence: string) => void} say what went wrong
   */
  constructor(line, say) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (line.querySelector(name));
    this.line = line;
    this.say = say;
    this.today = part(".own-today");
    this.goal = part(".own-goal");
    this.form = /** @type {HTMLFormElement} */ (part("form"));
    this.input = /** @type {HTMLInputElement} */ (part("input"));
    this.dots = part(".dots");
    this.rest = part(".own-rest");
    this.enough = part(".own-enough");
    this.reached = document.createElement("span");
    this.form.after(this.reached);
    this.isAsking = false;
    this.reachedLast = 0;
    /** @type {session.OwnProgress | null} */
    this.me = null;
    this.goal.addEventListener("click", () => this.ask());
    this.input.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.input.addEventListener("blur", () => this.change());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.change();
    });
  }

  /** @param {session.OwnProgress | null} me */
  show(me) {
    const before = this.me;
    this.me = me;
    this.line.hidden = !me;
    if (!me) return;
    const isReached = me.today >= me.daily_goal;
    this.today.textContent = `today ${number(me.today)}${isReached ? ", goal" : ""} of `;
    this.reached.textContent = isReached ? " reached" : "";
    this.goal.textContent = number(me.daily_goal);
    this.goal.setAttribute("aria-label", `Daily goal: ${number(me.daily_goal)}. Change it`);
    const full = Math.min(Math.floor((DOTS * me.today) / me.daily_goal), DOTS);
    this.dots.textContent = "●".repeat(full) + "○".repeat(DOTS - full);
    this.dots.classList.toggle("full", full === DOTS);
    const streak = me.streak ? ` · streak ${count(me.streak, "day", "days")}` : "";
    if (before && me.milestone > before.milestone) {
      this.reachedLast = me.milestone;
      announce(`Milestone: ${count(me.milestone, "rating", "ratings")}.`);
    }
    const isNew = this.reachedLast && me.milestone === this.reachedLast && me.ratings < this.reachedLast + MILESTONE_SHOWN;
    const milestone = isNew ? ` · milestone: ${count(this.reachedLast, "rating", "ratings")}` : "";
    this.rest.textContent = `· ${number(me.ratings)} in total${streak}${milestone}`;
    this.thank(me.enough);
    const wasBelow = before && before.today < before.daily_goal;
    if (wasBelow && isReached && before.daily_goal === me.daily_goal) announce(`Daily goal reached: ${count(me.today, "rating", "ratings")}.`);
  }

  /** @param {number} enough ratings of one person are enough, and there are as many; 0: more are welcome */
  thank(enough) {
    const words = `Thank you: you gave the ${count(enough, "rating", "ratings")} the organizers wish for from one person. What others give now makes the dataset better still, and you are welcome to go on.`;
    if (enough && this.enough.hidden) announce(words);
    this.enough.textContent = enough ? words : "";
    this.enough.hidden = !enough;
  }

  ask() {
    this.isAsking = true;
    this.form.hidden = false;
    this.goal.hidden = true;
    this.input.value = String(this.me.daily_goal);
    this.input.select();
  }

  /** Back to the line as it was, the focus on what opened the field. */
  close() {
    this.isAsking = false;
    const hadFocus = this.form.contains(document.activeElement);
    this.goal.hidden = false;
    if (hadFocus) this.goal.focus();
    this.form.hidden = true;
  }

  async change() {
    if (!this.isAsking) return;
    const goal = Number(this.input.value);
    const isGoal = Number.isInteger(goal) && goal >= 1 && goal <= MOST;
    this.close();
    if (!isGoal) return this.say(`The daily goal is a whole number from 1 to ${number(MOST)}.`);
    if (goal === this.me.daily_goal) return;
    try {
      session.progressed(await put(`/api/my/goal?local_date=${today()}`, { daily_goal: goal }));
      announce(`Daily goal: ${number(goal)}.`);
    } catch (failure) {
      this.say(`The goal stays as it was. ${failure.message}`);
    }
  }
}
