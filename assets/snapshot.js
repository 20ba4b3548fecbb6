/** Snapshots: what is in one, its download, and its way to the Hub: a preview first, then the push. */

import { announce } from "./announce.js";
import { timeOf } from "./moments.js";
import { failureOf, get, post, put } from "./requests.js";
import * as session from "./session.js";
import { megabytes, number, percent } from "./words.js";

const EVERY_MS = 1000;
const IDLE_MS = 15_000;

/**
 * @typedef {{kind: "preview" | "push", name: string, doing: string, done: number, total: number | null,
 *   running: boolean, ended_at: number | null, error: string | null, words: string | null, card: string | null,
 *   url: string | null}} Job
 * @typedef {{every: string, to: string, private: boolean | null, tags: string, include_unrated: boolean,
 *   best: string, formats: string[], scores: boolean}} Plan
 * @typedef {{at: number, to: string, version: string, url: string, prompts: number, ratings: number}} Publication
 */

class Snapshots {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.element = element;
    this.form = /** @type {HTMLFormElement} */ (part(".snapshot-form"));
    this.download = new Download(part(".download"), () => this.chosen());
    this.job = new JobPart(part(".snapshot-job"));
    this.list = part(".snapshot-list");
    this.state = part(".push-state");
    this.scheduled = part(".schedule-state");
    this.pushButton = part('[data-do="push"]');
    this.timer = 0;
    this.loading = false;
    this.isFilledIn = false;
    /** what was previewed, as it was sent */
    this.previewed = "";
    this.asked = "";
    this.form.addEventListener("submit", (event) => event.preventDefault());
    this.form.addEventListener("input", () => this.offerPush());
    element.addEventListener("click", ({ target }) => {
      const button = /** @type {HTMLElement} */ (target).closest?.("button[data-do]");
      const what = button?.getAttribute("data-do");
      if (what && button.getAttribute("aria-disabled") !== "true") this[what]();
    });
    new ResizeObserver(() => this.load()).observe(element);
    document.addEventListener("visibilitychange", () => this.load());
    session.onChange(() => this.load());
  }

  get isSeen() {
    return document.visibilityState === "visible" && this.element.getClientRects().length > 0;
  }

  /** @returns {Omit<Plan, "every">} */
  chosen() {
    const given = new FormData(this.form);
    const shown = String(given.get("private"));
    return {
      to: String(given.get("to")).trim(),
      private: shown ? shown === "true" : null,
      tags: String(given.get("tags")),
      include_unrated: given.has("include_unrated"),
      best: String(given.get("best")).trim() || "none",
      formats: given.getAll("format").map(String),
      scores: given.has("scores"),
    };
  }

  preview() {
    this.asked = JSON.stringify(this.chosen());
    return this.begin("/api/snapshots/preview");
  }

  push() {
    // The next one is previewed again.
    this.previewed = this.asked = "";
    return this.begin("/api/snapshots/push");
  }

  cancel() {
    return this.begin("/api/snapshots/cancel");
  }

  /** @param {string} address */
  async begin(address) {
    this.state.textContent = "";
    try {
      this.job.show(await post(address, this.chosen()));
    } catch (failure) {
      this.state.textContent = failure.message;
    }
    this.load();
  }

  async schedule() {
    const every = String(new FormData(this.form).get("every"));
    try {
      await put("/api/snapshots/schedule", { ...this.chosen(), every });
      this.scheduled.textContent = every === "off" ? "Nothing is pushed by itself." : "It is pushed by itself from now on.";
    } catch (failure) {
      this.scheduled.textContent = failure.message;
    }
  }

  /** Ask now, and again and again as long as somebody looks. */
  async load() {
    clearTimeout(this.timer);
    if (this.loading || !this.isSeen || !session.current()?.organizer) return;
    this.loading = true;
    let running = false;
    try {
      const told = await get("/api/snapshots");
      running = Boolean(told.job?.running);
      this.show(told);
    } catch (failure) {
      this.state.textContent = failure.message;
    }
    this.loading = false;
    this.timer = setTimeout(() => this.load(), running ? EVERY_MS : IDLE_MS);
  }

  /** @param {{can_push: boolean, to: string, plan: Plan | null, job: Job | null, publications: Publication[]}} told */
  show({ can_push, to, plan, job, publications }) {
    // What was just refused says more.
    if (!can_push && !this.state.textContent) this.state.textContent = "Set HF_TOKEN to a token of the Hub that may write, to push from here.";
    if (!this.isFilledIn && plan) this.fillIn(plan);
    else if (!this.isFilledIn) this.nameDataset(to);
    this.isFilledIn = true;
    this.job.show(job);
    if (job && !job.running && job.kind === "preview" && !job.error && this.asked) this.previewed = this.asked;
    this.isPreviewRunning = Boolean(job?.running);
    this.offerPush();
    const another = this.asked && job && !job.running && job.kind === "preview" && job.error;
    if (another) this.state.textContent = "Push waits for a preview that ends well: mend what it says, then preview again.";
    if (publications.length) this.list.replaceChildren(...publications.map(line));
  }

  /** @param {string} to the one that is meant unless another is named */
  nameDataset(to) {
    const field = /** @type {HTMLInputElement} */ (this.form.elements.namedItem("to"));
    field.value ||= to;
  }

  /** @param {Plan} plan */
  fillIn({ every, to, private: hidden, tags, include_unrated, best, formats, scores }) {
    const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
    field("every").value = every;
    field("to").value = to;
    field("private").value = hidden === null ? "" : String(hidden);
    field("tags").value = tags;
    field("include_unrated").checked = include_unrated;
    field("scores").checked = scores;
    field("best").value = best;
    for (const box of this.form.querySelectorAll("[name=format]")) box.checked = formats.includes(box.value);
  }

  /** A push is for what was previewed, and nothing else. */
  offerPush() {
    const isSame = this.previewed !== "" && JSON.stringify(this.chosen()) === this.previewed;
    this.pushButton.setAttribute("aria-disabled", String(!isSame || this.isPreviewRunning));
  }
}

/** The preview or push that runs, or the last one. */
class JobPart {
  /** @param {HTMLElement} place */
  constructor(place) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (place.querySelector(name));
    this.place = place;
    this.doing = part(".import-doing");
    this.cancel = part("button");
    this.bar = /** @type {HTMLProgressElement} */ (part("progress"));
    this.words = part(".snapshot-words");
    this.link = part(".snapshot-link");
    this.card = part(".snapshot-card");
    this.wasRunning = false;
  }

  /** @param {Job | null} job */
  show(job) {
    this.place.hidden = !job;
    if (!job) return;
    const share = job.total ? job.done / job.total : null;
    const what = job.kind === "preview" ? "Preview" : "Push";
    this.place.classList.toggle("warning", Boolean(job.error));
    const sentence = job.running
      ? `${what} of ${job.name}: ${job.doing}${share === null || share >= 1 ? "" : `, ${percent(share)}`}`
      : (job.error ?? `${what} of ${job.name} is done.`);
    if (this.doing.textContent !== sentence) this.doing.textContent = sentence;
    if (this.wasRunning && !job.running) announce(sentence);
    this.wasRunning = job.running;
    this.cancel.hidden = !job.running;
    this.bar.hidden = !job.running || share === null;
    this.bar.value = share ?? 0;
    this.words.hidden = !job.words;
    this.words.textContent = job.words ?? "";
    this.card.hidden = !job.card;
    this.card.querySelector("pre").textContent = job.card ?? "";
    this.link.hidden = !job.url;
    if (job.url) this.link.replaceChildren(linkTo(job.url, "Open it on the Hub"));
  }
}

/** The button that downloads a snapshot as one file. */
class Download {
  /**
   * @param {HTMLElement} place
   * @param {() => Omit<Plan, "every">} chosen
   */
  constructor(place, chosen) {
    this.button = /** @type {HTMLButtonElement} */ (place.querySelector("button"));
    this.state = /** @type {HTMLElement} */ (place.querySelector(".download-state"));
    this.chosen = chosen;
    this.busy = false;
    this.button.addEventListener("click", () => this.take());
  }

  async take() {
    if (this.busy) return;
    this.busy = true;
    this.button.setAttribute("aria-disabled", "true");
    try {
      this.state.textContent = "preparing …";
      await download(this.chosen(), (bytes) => (this.state.textContent = `${megabytes(bytes)} received …`));
      this.state.textContent = "The snapshot is in your downloads.";
    } catch (failure) {
      this.state.textContent = failure.message;
    }
    this.button.removeAttribute("aria-disabled");
    this.busy = false;
  }
}

/**
 * @param {Omit<Plan, "every">} chosen
 * @param {(bytes: number) => void} received called again and again while it comes in
 */
async function download({ include_unrated, best, formats, scores }, received) {
  const query = new URLSearchParams({ include_unrated: String(include_unrated), scores: String(scores), best });
  for (const format of formats) query.append("formats", format);
  const response = await fetch(`/api/snapshot?${query}`).catch(() => {
    throw new Error("The sprint cannot be reached at the moment; try again.");
  });
  if (!response.ok) throw await failureOf(response);
  const parts = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    received(bytes);
  }
  save(new Blob(parts, { type: "application/zip" }), nameOf(response));
}

/** @param {Response} response */
function nameOf(response) {
  return /filename="?([\w.-]+)"?/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? "snapshot.zip";
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** @param {Publication} one */
function line({ at, to, version, url, prompts, ratings }) {
  const made = document.createElement("li");
  made.append(linkTo(url, `${to} ${version}`), ` with ${number(prompts)} prompts and ${number(ratings)} ratings, `, timeOf(at));
  return made;
}

/**
 * @param {string} url
 * @param {string} words
 */
function linkTo(url, words) {
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = words;
  return link;
}

/** @param {HTMLElement} element */
export function start(element) {
  new Snapshots(element);
}
