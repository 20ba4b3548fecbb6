/** One prompt in its frame: plain text, its passage above it, which can be folded, a fade where there is more. */

import { count } from "./words.js";

export class PromptFrame {
  /** @param {HTMLElement} frame */
  constructor(frame) {
    this.frame = frame;
    this.text = /** @type {HTMLElement} */ (frame.querySelector(".prompt-text"));
    this.context = /** @type {HTMLDetailsElement} */ (frame.querySelector(".context"));
    this.contextText = /** @type {HTMLElement} */ (frame.querySelector(".context-text"));
    frame.addEventListener("scroll", () => this.fade(), { passive: true });
    const resized = new ResizeObserver(() => this.fade());
    [frame, this.text, this.context].forEach((part) => resized.observe(part));
  }

  /** @param {{text: string, context: string | null}} prompt */
  show(prompt) {
    this.frame.classList.remove("message");
    this.fill(prompt.text, prompt.context ?? "");
  }

  /** A sentence of ours where a prompt would be. */
  say(/** @type {string} */ sentence) {
    this.frame.classList.add("message");
    this.fill(sentence, "");
  }

  fill(/** @type {string} */ text, /** @type {string} */ context) {
    this.text.textContent = text;
    this.contextText.textContent = context;
    this.context.hidden = !context;
    this.context.open = true;
    this.context.firstElementChild.textContent = `Passage, ${count(wordsIn(context), "word", "words")}`;
    this.frame.scrollTop = 0;
    this.fade();
  }

  fade() {
    const { scrollTop, scrollHeight, clientHeight } = this.frame;
    this.frame.classList.toggle("more-above", scrollTop > 1);
    this.frame.classList.toggle("more-below", scrollTop + clientHeight < scrollHeight - 1);
  }
}

/** Words as the language of the text has them: Chinese puts no spaces between its own. */
function wordsIn(/** @type {string} */ text) {
  let words = 0;
  for (const part of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) words += part.isWordLike ? 1 : 0;
  return words;
}
