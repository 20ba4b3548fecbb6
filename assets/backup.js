/** The organizers' view of the backup: how safe what was rated is, and a drill that restores it to see. */

import { announce } from "./announce.js";
import { sayAgain, timeOf } from "./moments.js";
import { get, post } from "./requests.js";
import * as session from "./session.js";
import { megabytes, number, percent } from "./words.js";

const EVERY_MS = 3000;
// While it is only wanted for the mark at the button.
const SELDOM_MS = 30_000;
const NEVER =
  "A Space's disk is emptied at every restart. Until BACKUP_TO names a place, all that saves a rating is the browser it was given in, which keeps the last thousand.";
const COMMITTED =
  "There is no backup. What is confirmed is in this sprint's database and nowhere else; set BACKUP_TO to have a second copy.";

/**
 * @typedef {{table: string, rows: number, restored_rows: number, same: boolean}} Compared
 * @typedef {{running: boolean, share: number | null, at: number | null, same: boolean | null,
 *   seconds: number | null, tables: Compared[], waiting: number, lost: number,
 *   error: string | null}} Drill
 * @typedef {{to: string | null, state: "off" | "ok" | "behind" | "failing",
 *   last_confirmed_at: number | null, waiting: number, ratings_waiting: number, error: string | null,
 *   error_at: number | null, retry_at: number | null, segments: number, bytes: number,
 *   every_s: number | null, store_error: string | null, last_drill: Drill | null}} State
 */

class Backup {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.words = part(".backup-state");
    this.numbers = part(".numbers");
    this.trouble = part(".backup-error");
    this.drill = new DrillPart(part(".drill"), () => this.load());
    this.timer = 0;
    this.loading = false;
    /** whether a restart of this machine would lose everything; the view knows */
    this.isLostAtRestart = false;
    new ResizeObserver(() => this.load()).observe(element);
    document.addEventListener("visibilitychange", () => this.load());
    session.onChange(() => this.load());
  }

  get isSeen() {
    return document.visibilityState === "visible" && this.element.getClientRects().length > 0;
  }

  /** Ask now, and again and again as long as somebody looks. */
  async load() {
    clearTimeout(this.timer);
    if (this.loading || document.visibilityState !== "visible" || !session.current()?.organizer) return;
    this.loading = true;
    try {
      this.show(await get("/api/backup"));
    } catch (failure) {
      this.say("", failure.message);
    }
    this.loading = false;
    this.timer = setTimeout(() => this.load(), this.isSeen ? EVERY_MS : SELDOM_MS);
  }

  /** @param {State} state */
  show(state) {
    this.state = state;
    const { to, error, last_confirmed_at, ratings_waiting, segments, bytes, every_s, store_error } = state;
    this.mark(Boolean(store_error) || state.state === "failing" || (!to && this.isLostAtRestart));
    this.say(...this.inWords(state));
    this.words.classList.toggle("warning", !to && this.isLostAtRestart);
    this.numbers.hidden = !to;
    this.numbers.replaceChildren(
      pair("Last backup", last_confirmed_at ? timeOf(last_confirmed_at) : "none yet"),
      pair("Ratings not backed up yet", number(ratings_waiting)),
      pair("Written while something happens", every_s ? `every ${inTime(every_s)}` : ""),
      pair("Files since the last whole copy", number(segments)),
      pair("Written since the start", megabytes(bytes)),
    );
    this.trouble.hidden = !error && !store_error;
    this.trouble.replaceChildren(...(store_error ? [nothingIsKept(store_error)] : []), ...(error ? whatIsWrong(state) : []));
    this.drill.show(to ? state.last_drill : null, to !== null);
  }

  /** @param {boolean} isWrong shown at the button of this section, wherever in the tab one is */
  mark(isWrong) {
    const button = document.querySelector('[data-section="backup"]');
    button?.classList.toggle("marked", isWrong);
    button?.setAttribute("aria-description", isWrong ? "Something is wrong with it." : "");
  }

  /**
   * @param {State} state
   * @returns {[string, string]} in bold, and the rest of the sentence
   */
  inWords({ to, state, last_confirmed_at, waiting }) {
    if (!to) return this.isLostAtRestart ? ["Not backed up.", NEVER] : ["", COMMITTED];
    if (state === "failing") return ["The backup does not get through.", `It goes to ${to}, and is tried again until it does.`];
    if (state === "behind") return ["The backup is behind.", `It goes to ${to}.`];
    if (!last_confirmed_at) return ["", `The first backup goes to ${to} now.`];
    if (waiting) return ["", `What was done a moment ago is on its way to ${to}.`];
    return ["All is backed up", `to ${to}.`];
  }

  /**
   * @param {string} strong
   * @param {string} words
   */
  say(strong, words) {
    const bold = document.createElement("b");
    bold.textContent = strong;
    if (this.words.textContent !== `${strong} ${words}`) this.words.replaceChildren(bold, " ", words);
  }
}

/** The drill: its button, how far it has come, and what it found. */
class DrillPart {
  /**
   * @param {HTMLElement} place
   * @param {() => void} changed called when the server should be asked again
   */
  constructor(place, changed) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (place.querySelector(name));
    this.place = place;
    this.changed = changed;
    this.button = part("button");
    this.state = part(".drill-state");
    this.bar = /** @type {HTMLProgressElement} */ (part("progress"));
    this.result = part(".drill-result");
    this.isRunning = false;
    this.button.addEventListener("click", () => this.begin());
  }

  async begin() {
    if (this.isRunning) return;
    this.run(true);
    this.state.textContent = "restoring …";
    try {
      await post("/api/backup/drill", {});
      this.wasBegunHere = true;
    } catch (failure) {
      this.run(false);
      this.state.textContent = failure.message;
    }
    this.changed();
  }

  /** @param {boolean} now */
  run(now) {
    this.isRunning = now;
    this.button.setAttribute("aria-disabled", String(now));
    this.bar.hidden = true;
  }

  /**
   * @param {Drill | null} drill the last one, or the one under way
   * @param {boolean} isPossible
   */
  show(drill, isPossible) {
    this.place.hidden = !isPossible;
    if (!drill) return;
    this.run(drill.running);
    this.result.hidden = drill.running || !drill.tables.length;
    if (drill.running) return this.showProgress(drill);
    if (this.shownAt === drill.at) return sayAgain(this.place);
    this.shownAt = drill.at;
    this.state.replaceChildren(verdict(drill), " Tried ", timeOf(drill.at), ".");
    this.result.replaceChildren(table(drill.tables));
    if (this.wasBegunHere) announce(verdict(drill));
    this.wasBegunHere = false;
  }

  /** @param {Drill} drill */
  showProgress({ share }) {
    this.state.textContent = share === null ? "restoring …" : `restoring: ${percent(share)}`;
    this.bar.hidden = share === null;
    this.bar.value = share ?? 0;
  }
}

/** @param {Drill} drill */
function verdict({ same, waiting, lost, error }) {
  if (error) return error;
  const missing = lost ? ` It lacks ${number(lost)} events that it had confirmed.` : "";
  const late = waiting ? ` Not backed up yet: ${number(waiting)} events.` : "";
  return (same ? "The backup holds what the sprint does." : `The backup differs from the sprint.${missing}`) + late;
}

/** @param {State} state */
function whatIsWrong({ error, error_at, retry_at }) {
  const words = document.createElement("p");
  words.append(error);
  const when = document.createElement("p");
  const left = Math.ceil(((retry_at ?? 0) - Date.now()) / 1000);
  if (!retry_at || retry_at <= error_at) when.append("Noticed ", timeOf(error_at), ".");
  else when.append("Last tried ", timeOf(error_at), left > 0 ? `; tried again in ${inTime(left)}.` : "; being tried again.");
  return [words, when];
}

/** @param {string} sentence */
function nothingIsKept(sentence) {
  const words = document.createElement("p");
  words.textContent = `Nothing that is sent can be kept now; browsers send it again later. ${sentence}`;
  return words;
}

/** @param {number} seconds */
function inTime(seconds) {
  return seconds < 100 ? `${number(seconds)} s` : `${number(Math.ceil(seconds / 60))} minutes`;
}

/** @param {Compared[]} compared */
function table(compared) {
  const made = document.createElement("table");
  const head = row("th", "rows of", "sprint", "restored", "same content");
  const body = document.createElement("tbody");
  body.append(...compared.map((one) => row("td", one.table, number(one.rows), number(one.restored_rows), one.same ? "yes" : "no")));
  const top = document.createElement("thead");
  top.append(head);
  made.append(top, body);
  return made;
}

/**
 * @param {"th" | "td"} kind
 * @param {string[]} cells the first names the row
 */
function row(kind, ...cells) {
  const made = document.createElement("tr");
  cells.forEach((words, place) => {
    const cell = document.createElement(place || kind === "th" ? kind : "th");
    cell.textContent = words;
    made.append(cell);
  });
  return made;
}

/**
 * @param {string} name
 * @param {string | Node} value
 */
function pair(name, value) {
  const place = document.createElement("div");
  const term = document.createElement("dt");
  term.textContent = name;
  const description = document.createElement("dd");
  description.append(value);
  place.append(term, description);
  return place;
}

/** @type {WeakMap<HTMLElement, Backup>} */
const backups = new WeakMap();

/** @param {HTMLElement} element */
export function start(element) {
  backups.set(element, new Backup(element));
}

/**
 * @param {HTMLElement} element
 * @param {{durable: "committed" | "backed_up" | "never"}} view what becomes of what is confirmed
 */
export function render(element, { durable }) {
  const backup = backups.get(element);
  backup.isLostAtRestart = durable === "never";
  backup.load();
}
