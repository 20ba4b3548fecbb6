/** Deleting one's account: first what it would remove, then the name typed, then it is done. */

import { announce } from "./announce.js";
import { failureOf, get } from "./requests.js";
import * as session from "./session.js";
import { count } from "./words.js";

const NOT_BACKED_UP =
  "The backup has not heard of it yet: that is tried until it has. If this server lost its disk before then, your account would be back; look again in an hour, if you want to be sure.";

/** @typedef {{events: number, left: number, backed_up: boolean | null}} Erased null: there is no backup, or it is not known yet */

export class Farewell {
  /** @param {HTMLElement} element */
  constructor(element) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (element.querySelector(name));
    this.open = /** @type {HTMLButtonElement} */ (part(".farewell-open"));
    this.body = part(".farewell-body");
    this.goes = part(".farewell-goes");
    this.falling = /** @type {HTMLDetailsElement} */ (part(".farewell-falling"));
    this.form = /** @type {HTMLFormElement} */ (part(".farewell-form"));
    this.name = /** @type {HTMLInputElement} */ (part(".farewell-form input"));
    this.button = /** @type {HTMLButtonElement} */ (part(".farewell-form button"));
    this.progress = /** @type {HTMLProgressElement} */ (part("progress"));
    this.state = part(".farewell-state");
    this.busy = false;
    this.open.addEventListener("click", () => (this.body.hidden ? this.show() : this.hide()));
    this.name.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go();
    });
  }

  /** Fold it up again, as for somebody else. */
  hide() {
    this.body.hidden = true;
    this.open.setAttribute("aria-expanded", "false");
    this.form.reset();
    this.button.setAttribute("aria-disabled", "true");
    this.state.textContent = "";
    this.progress.hidden = true;
  }

  get isNamed() {
    return this.name.value.trim() === (session.current()?.username ?? "").trim();
  }

  typed() {
    this.button.setAttribute("aria-disabled", String(!this.isNamed));
    if (!this.busy) this.state.textContent = "";
  }

  /** Why nothing happens: the name is another one. */
  askForName() {
    this.state.textContent = `Type your name exactly as it stands here: ${session.current()?.username}.`;
    announce(this.state.textContent);
    this.name.focus();
  }

  async show() {
    this.state.textContent = "counting …";
    try {
      const account = await get("/api/my/account");
      this.tell(account);
      this.state.textContent = "";
    } catch (failure) {
      this.state.textContent = failure.message;
      return;
    }
    this.body.hidden = false;
    this.open.setAttribute("aria-expanded", "true");
    this.body.focus();
  }

  /** @param {{ratings: number, events: number, prompts_below_goal: number, falling: {text: string}[]}} account */
  tell({ ratings, events, prompts_below_goal, falling }) {
    const { name, username, organizer } = session.current();
    const goes = [
      `your name, ${name || username}, and your place on the leaderboard`,
      `${count(ratings, "rating", "ratings")}, and what is counted from them: averages, charts, totals`,
      `what you said and when in ${count(events, "event", "events")}, skips, flags and changes included`,
      ...(organizer ? ["your place among the organizers"] : []),
    ];
    this.goes.replaceChildren(...goes.map((words) => item(words)));
    this.falling.hidden = !prompts_below_goal;
    const [summary, list] = /** @type {HTMLElement[]} */ ([...this.falling.children]);
    const many = prompts_below_goal > 1;
    summary.textContent = `${count(prompts_below_goal, "prompt falls", "prompts fall")} below the goal and ${many ? "come" : "comes"} back for rating`;
    const rest = prompts_below_goal - falling.length;
    list.replaceChildren(...falling.map(({ text }) => item(text, true)), ...(rest > 0 ? [item(`and ${count(rest, "other", "others")}`)] : []));
    this.name.setAttribute("aria-label", `Type ${username} to confirm`);
    this.form.querySelector(".farewell-name").textContent = username;
  }

  async go() {
    if (this.busy) return;
    if (!this.isNamed) return this.askForName();
    this.busy = true;
    const { key, username } = session.current();
    this.button.setAttribute("aria-disabled", "true");
    this.state.textContent = "deleting …";
    announce("Deleting your account.");
    try {
      const { left, backed_up } = await this.erase(username);
      forget(key);
      session.refresh();
      say(
        (left === 0
          ? "Your account is deleted. Nothing here tells any more what you said."
          : "Your account is deleted and your name is gone. What you said is still being taken out of the numbers; that goes on by itself.") +
          (backed_up === false ? ` ${NOT_BACKED_UP}` : ""),
      );
      this.hide();
    } catch (failure) {
      this.state.textContent = failure.message;
      announce(failure.message);
    }
    this.busy = false;
  }

  /**
   * @param {string} username
   * @returns {Promise<Erased>} as far as we heard: the connection may be lost meanwhile
   */
  async erase(username) {
    const options = { method: "DELETE", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username }) };
    const response = await fetch("/api/my/account", options).catch(() => {
      throw new Error("The sprint cannot be reached at the moment; nothing is deleted yet. Try again.");
    });
    if (!response.ok) throw await failureOf(response);
    // From here on it is done, whether we hear of it or not.
    /** @type {Erased} */
    let erased = { events: 0, left: Infinity, backed_up: null };
    try {
      for await (const line of linesOf(response)) this.advance((erased = JSON.parse(line)));
    } catch {
      // The connection is lost; the sprint goes on without us.
    }
    return erased;
  }

  /** @param {Erased} told */
  advance({ events, left }) {
    this.progress.hidden = false;
    this.progress.max = Math.max(1, events);
    this.progress.value = events - left;
  }
}

/** @param {Response} response one JSON document in each line */
async function* linesOf(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let kept = "";
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (kept + part.value).split("\n");
    kept = lines.pop();
    yield* lines;
  }
}

/**
 * Let go of what this browser keeps of somebody.
 * @param {string} key as it stands in the names of what is kept
 */
function forget(key) {
  try {
    const names = Object.keys(localStorage).filter((name) => name.split("/").includes(encodeURIComponent(key)));
    names.forEach((name) => localStorage.removeItem(name));
  } catch {
    // A browser that keeps nothing has nothing to let go of.
  }
}

/** Their tab is theirs no more, so this is said above the page. @param {string} sentence */
function say(sentence) {
  const dialog = document.createElement("dialog");
  dialog.className = "said";
  const words = document.createElement("p");
  words.id = "said-words";
  words.textContent = sentence;
  dialog.setAttribute("aria-labelledby", words.id);
  const close = document.createElement("button");
  close.className = "action";
  close.textContent = "Close";
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    dialog.remove();
    // What had the focus before has gone with the tab.
    /** @type {HTMLElement | null} */ (document.querySelector(".account"))?.focus();
  });
  dialog.append(words, close);
  (document.querySelector(".gradio-container") ?? document.body).append(dialog);
  announce(sentence);
  dialog.showModal();
}

/** @param {string} words @param {boolean} [isPrompt] */
function item(words, isPrompt = false) {
  const element = document.createElement("li");
  element.textContent = words;
  if (isPrompt) element.dir = "auto";
  if (isPrompt) element.className = "falling-prompt";
  return element;
}
