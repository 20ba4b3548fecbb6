/** The Progress section: where the sprint stands, where it is heading, and what it has reached on its way. */

import { timeLeft } from "./countdown.js";
import { subscribe } from "./live.js";
import { sayAgain, timeOf } from "./moments.js";
import { dayInUtc, endWords, finishWords, milestoneWords, momentInUtc } from "./prospects.js";
import { get } from "./requests.js";
import { count, number, percent } from "./words.js";

const NO_PROMPTS = "There are no prompts yet: an organizer brings them in.";
const MILESTONES_SHOWN = 5;
const ASK_AFTER_MS = 250;
const AGAIN_MS = 30_000;
const DAY_MS = 86_400_000;

class Outlook {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    /** @type {any} */
    this.progress = null;
    /** @type {any} */
    this.outlook = null;
    this.whatIf = new WhatIf(this.part("form.what-if"), this.part(".what-if-answer"));
    this.part(".embed-code").textContent = embedCode();
    this.part(".badge-code").textContent = `![${"Prompts rated"}](${location.origin}/badge.svg)`;
    subscribe("progress", element, (progress) => {
      this.progress = progress;
      this.draw();
    });
    setInterval(() => element.isConnected && sayAgain(element), AGAIN_MS);
  }

  /** @param {string} name */
  part(name) {
    return /** @type {HTMLElement} */ (this.element.querySelector(name));
  }

  /** @param {any} outlook the view */
  show(outlook) {
    this.outlook = outlook;
    this.draw();
  }

  draw() {
    const { progress, outlook } = this;
    if (!progress || !outlook) return;
    this.part(".outlook-description").textContent = progress.description ?? "";
    this.part(".outlook-state").textContent = stateWords(progress);
    this.part(".numbers").replaceChildren(...numbersOf(progress, outlook).map(([name, value]) => pair(name, value)));
    this.part(".outlook-finish").textContent = progress.prompts ? finishWords(outlook, progress.state) : NO_PROMPTS;
    this.part(".outlook-end").textContent = endWords(outlook);
    this.part(".outlook-method").hidden = !outlook.finish;
    this.part(".outlook-pace-days").textContent = String(outlook.pace?.days ?? "");
    this.drawMilestones(outlook.milestones);
    this.drawGroups(outlook.groups, progress.ratings_per_prompt);
    this.whatIf.standsAt(progress, outlook);
  }

  /** @param {import("./prospects.js").Milestone[]} milestones the first to be reached foremost */
  drawMilestones(milestones) {
    const newest = milestones.slice(-MILESTONES_SHOWN).reverse();
    this.part(".outlook-nothing-reached").hidden = newest.length > 0;
    this.part(".milestones-how").hidden = newest.length === 0;
    this.part(".milestones").replaceChildren(...newest.map(milestoneRow));
    const older = milestones.slice(0, -MILESTONES_SHOWN).reverse();
    const more = this.part(".more-milestones");
    more.hidden = older.length === 0;
    more.querySelector("ul").replaceChildren(...older.map(milestoneRow));
  }

  /**
   * @param {any[]} groups
   * @param {number} goal
   */
  drawGroups(groups, goal) {
    const isEmpty = groups.length === 0;
    for (const name of [".groups", ".groups-title", ".groups-scroll"]) this.part(name).hidden = isEmpty;
    this.part(".groups-goal").textContent = `With ${count(goal, "rating", "ratings")}`;
    this.part(".groups tbody").replaceChildren(...groups.map(groupRow));
  }
}

/** @param {any} progress */
function stateWords(progress) {
  const left = timeLeft(progress);
  const late = progress.late ? ` ${count(progress.late, "rating came", "ratings came")} in late.` : "";
  if (progress.state === "preparing") {
    const when = progress.starts_at === null ? "" : ` It opens on ${momentInUtc(progress.starts_at)}.`;
    return `The sprint is being prepared.${when}`;
  }
  if (progress.state === "paused") return `The sprint is paused: nothing is handed out for now.${late}`;
  if (progress.state === "closed") {
    return `The sprint is over. Ratings that still come in are kept, and marked as late.${late}`;
  }
  if (progress.ends_at === null) return `The sprint is open.${late}`;
  return `The sprint is open${lastDay(progress.ends_at)}: ${left}. What comes in after that is kept, and marked as late.${late}`;
}

/** Until when, in UTC as organizers say it. @param {number} end of the sprint: at midnight the day before was the last */
function lastDay(end) {
  return end % DAY_MS ? ` until ${momentInUtc(end)}` : `; its last day is ${dayInUtc(end - 1)} (UTC)`;
}

/**
 * @param {any} progress
 * @param {any} outlook
 */
function numbersOf({ prompts, share_given }, { ratings, people, pace }) {
  /** @type {[string, string][]} */
  const numbers = [
    [ratings.surplus ? `Ratings, ${number(ratings.surplus)} beyond the goal` : "Ratings", number(ratings.total)],
    ["Of the ratings wanted", prompts ? percent(share_given) : "–"],
    ["Today (UTC)", number(ratings.today)],
    ["Given in the last hour", number(ratings.last_hour)],
    ["People who joined", number(people.joined)],
    ["People who rated", number(people.rated)],
    [`Active in the last ${people.active_minutes} minutes`, number(people.active)],
    ["Ratings a day", pace ? number(Math.round(pace.per_day)) : "–"],
  ];
  if (ratings.late) numbers.push(["Came in late", number(ratings.late)]);
  return numbers;
}

/**
 * @param {string} name
 * @param {string} value
 */
function pair(name, value) {
  const place = document.createElement("div");
  const [term, description] = [document.createElement("dt"), document.createElement("dd")];
  term.textContent = name;
  description.textContent = value;
  place.append(term, description);
  return place;
}

/** @param {import("./prospects.js").Milestone} milestone */
function milestoneRow(milestone) {
  const row = document.createElement("li");
  const words = document.createElement("span");
  words.textContent = milestoneWords(milestone);
  row.append(words, " ", timeOf(milestone.reached_at));
  return row;
}

/** @param {{source: string | null, kind: string | null, others: number, prompts: number, done: number}} group */
function groupRow({ source, kind, others, prompts, done }) {
  const row = document.createElement("tr");
  const name = document.createElement("th");
  name.scope = "row";
  name.textContent = source ?? `other (${number(others)})`;
  const share = done / prompts;
  const cells = [kind ?? "", number(prompts), `${percent(share)}`].map((text) => {
    const cell = document.createElement("td");
    cell.textContent = text;
    return cell;
  });
  cells[0].dataset.kind = kind ?? "";
  cells[2].title = `${number(done)} of ${count(prompts, "prompt", "prompts")}`;
  cells[2].style.setProperty("--share", String(share));
  row.append(name, ...cells);
  return row;
}

/** What another goal, more prompts or another end would mean, at the pace of the last days. */
class WhatIf {
  /**
   * @param {HTMLElement} form
   * @param {HTMLElement} answer
   */
  constructor(form, answer) {
    this.form = /** @type {HTMLFormElement} */ (form);
    this.answer = answer;
    this.touched = false;
    this.timer = 0;
    this.asked = 0;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", () => {
      this.touched = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.ask(), ASK_AFTER_MS);
    });
  }

  /** @param {string} name */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /**
   * The sprint as it is stands in the fields until somebody changes them.
   * @param {any} progress
   * @param {any} outlook
   */
  standsAt(progress, outlook) {
    if (this.touched) return void this.ask();
    this.field("ratings_per_prompt").value = String(progress.ratings_per_prompt);
    this.field("prompts").value = String(progress.prompts);
    // A sprint that is over promises nothing until somebody names a day to come.
    const ends = progress.state === "closed" ? null : progress.ends_at;
    this.field("last_day").value = ends === null ? "" : lastDayOf(ends);
    const known = outlook.pace || progress.state === "closed";
    this.answer.textContent = known ? "" : "As soon as the pace is known, this tells what is within reach.";
  }

  async ask() {
    const turn = ++this.asked;
    const asked = new URLSearchParams();
    for (const name of ["ratings_per_prompt", "prompts", "last_day"]) asked.set(name, this.field(name).value);
    try {
      const prospects = await get(`/api/forecast?${asked}`);
      if (turn === this.asked) this.answer.textContent = answerOf(prospects);
    } catch (failure) {
      if (turn === this.asked) this.answer.textContent = failure.message;
    }
  }
}

/** @param {import("./prospects.js").Prospects} prospects */
function answerOf(prospects) {
  const { missing } = prospects;
  if (missing === 0) return finishWords(prospects);
  const wanted = `${count(missing, "rating would", "ratings would")} be missing.`;
  return [wanted, finishWords(prospects), endWords(prospects)].filter(Boolean).join(" ");
}

/** @param {number} end epoch milliseconds; a sprint that ends at midnight ends with the day before, in UTC */
function lastDayOf(end) {
  return new Date(end - 1).toISOString().slice(0, "2026-03-15".length);
}

function embedCode() {
  return `<iframe src="${location.origin}/embed" title="Prompt Sprint" width="360" height="180" style="border:0"></iframe>`;
}

/** @type {WeakMap<HTMLElement, Outlook>} */
const outlooks = new WeakMap();

/** @param {HTMLElement} element */
export function start(element) {
  outlooks.set(element, new Outlook(element));
}

/**
 * @param {HTMLElement} element
 * @param {any} view
 */
export function render(element, view) {
  outlooks.get(element)?.show(view);
}
