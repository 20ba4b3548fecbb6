/** The big screen: one idea after the other, for a day and longer, with nobody there to look after it. */

import { countdown } from "./countdown.js";
import { onConnection, subscribe } from "./live.js";
import { SLIDES } from "./slides.js";
import { lostWords } from "./moments.js";
import { followTheme } from "./theme.js";

const SHOWN_MS = 20_000;
const NEW_VERSION_MS = 5 * 60_000;

const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.querySelector(name));

/** The latest of each view, and what is shown of them. */
class Screen {
  constructor() {
    /** @type {Record<string, any>} */
    this.views = {};
    /** Until the first turn the first idea is shown that has come, whichever came before it. */
    this.turned = false;
    this.showTimeLeft = countdown(part(".screen-left"));
    for (const view of ["progress", "outlook", "leaderboard-today", "screen"]) {
      subscribe(view, document.body, (shown) => this.came(view, shown));
    }
    setInterval(() => this.next(), SHOWN_MS);
    document.addEventListener("keydown", (event) => {
      if (event.key === "ArrowRight") this.next();
    });
  }

  /**
   * @param {string} view
   * @param {any} shown
   */
  came(view, shown) {
    this.views[view] = shown;
    if (view === "progress") {
      document.title = shown.title;
      part(".screen-title").textContent = shown.title;
      this.showTimeLeft(shown);
    }
    this.draw();
  }

  /** @returns {import("./slides.js").Slide[]} those that have something to show */
  get slides() {
    return SLIDES.filter((slide) => slide.needs.every((view) => this.views[view]) && slide.has(this.views));
  }

  next() {
    const names = this.slides.map((slide) => slide.name);
    const at = names.indexOf(this.shown);
    this.shown = names[(at + 1) % Math.max(1, names.length)];
    this.turned = true;
    this.draw();
  }

  draw() {
    const { slides } = this;
    // What was shown may have nothing to say any more.
    const slide = slides.find(({ name }) => this.turned && name === this.shown) ?? slides[0];
    if (!slide) return;
    this.shown = slide.name;
    for (const element of document.querySelectorAll(".slide")) {
      const own = /** @type {HTMLElement} */ (element).dataset.slide === slide.name;
      /** @type {HTMLElement} */ (element).hidden = !own;
      if (own) slide.draw(/** @type {HTMLElement} */ (element), this.views);
    }
    part(".screen-place").textContent = slides.map((one) => (one === slide ? "●" : "○")).join(" ");
  }
}

/** A page that nobody reloads notices by itself that there is a new version of it. */
async function reloadWhenNew() {
  const version = async () => (await fetch(location.pathname, { method: "HEAD", cache: "no-store" })).headers.get("ETag");
  /** @type {string | null} */
  let known = null;
  setInterval(async () => {
    try {
      const now = await version();
      if (known && now && now !== known) location.reload();
      known ??= now;
    } catch {
      // Not to be reached now; the next time tells.
    }
  }, NEW_VERSION_MS);
  known = await version().catch(() => null);
}

/** Keep the screen from going dark, where the browser can. */
async function stayAwake() {
  if (document.visibilityState !== "visible") return;
  await navigator.wakeLock?.request("screen").catch(() => {});
}

followTheme();
part(".screen-address").textContent = location.host;
onConnection((now) => (part(".screen-state").textContent = now ? "" : `${lostWords()} Trying again …`));
new Screen();
reloadWhenNew();
stayAwake();
document.addEventListener("visibilitychange", stayAwake);
