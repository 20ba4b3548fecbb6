/** The card that other sites show: how far the sprint is, and the way in. */

import { countdown } from "./countdown.js";
import { onConnection, subscribe } from "./live.js";
import { done, wanted } from "./progress.js";
import { showRing } from "./ring.js";
import { lostWords } from "./moments.js";
import { followTheme } from "./theme.js";
import { count } from "./words.js";

const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (document.querySelector(name));
const showTimeLeft = countdown(part(".embed-left"));

followTheme();
onConnection((now) => (part(".embed-state").textContent = now ? "" : lostWords()));
subscribe("progress", document.body, (progress) => {
  part(".embed-title").textContent = progress.title;
  part(".goal-words").textContent = done(progress);
  const people = count(progress.contributors_rated, "person", "people");
  part(".embed-numbers").textContent = [`${count(progress.ratings, "rating", "ratings")} by ${people}`, wanted(progress)].filter(Boolean).join(", ");
  part(".embed-link").textContent = progress.state === "open" ? "Rate prompts" : "Look at the sprint";
  showRing(part(".ring"), progress);
  showTimeLeft(progress);
});
