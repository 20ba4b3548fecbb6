/** One prompt in its frame: its passage above it, which can be folded and on small windows is if it is long, plain or as Markdown, a fade where there is more. */

import * as storage from "./storage.js";
import { count } from "./words.js";

/** @typedef {import("./texts.js").Prompt} Prompt */

const READING = "reading";
const small = matchMedia("(max-width: 599.98px), (max-height: 559.98px)");

export class PromptFrame {
  /**
   * @param {HTMLElement} frame
   * @param {HTMLElement} bar what stands below it: its length, and the switch between plain and Markdown
   * @param {import("./texts.js").Texts} texts
   */
  constructor(frame, bar, texts) {
    const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (frame.querySelector(name));
    this.frame = frame;
    this.text = part(".prompt-text");
    this.context = /** @type {HTMLDetailsElement} */ (part(".context"));
    this.contextText = part(".context-text");
    this.waysOn = part(".ways-on");
    this.bar = bar;
    this.length = /** @type {HTMLElement} */ (bar.querySelector(".length"));
    this.switch = /** @type {HTMLElement} */ (bar.querySelector(".as-markdown"));
    this.texts = texts;
    /** @type {Prompt | null} */
    this.prompt = null;
    this.isMeasured = false;
    this.asMarkdown = storage.read(READING) === "markdown";
    this.switch.setAttribute("aria-pressed", String(this.asMarkdown));
    this.switch.addEventListener("click", () => this.turn());
    frame.addEventListener("scroll", () => this.fade(), { passive: true });
    const resized = new ResizeObserver(() => this.resized());
    [frame, this.text, this.context].forEach((each) => resized.observe(each));
  }

  /** @param {Prompt} prompt */
  show(prompt) {
    this.prompt = prompt;
    this.frame.classList.remove("message");
    this.bar.classList.remove("message");
    this.length.textContent = count([...prompt.text].length, "character", "characters");
    speak([this.text, this.contextText], prompt.language);
    this.fill();
    this.foldWhatIsLong();
    this.frame.scrollTop = 0;
    this.fade();
  }

  /** On a small window a long passage would push the prompt out of sight: its one line says how long it is. */
  foldWhatIsLong() {
    this.context.open = true;
    const { clientHeight } = this.frame;
    this.isMeasured = clientHeight > 0;
    this.context.open = !small.matches || this.context.offsetHeight <= clientHeight / 2;
  }

  resized() {
    // The prompt came while another tab of the page was open.
    if (this.prompt && !this.isMeasured && this.frame.clientHeight) this.foldWhatIsLong();
    this.fade();
  }

  /**
   * A sentence of ours where a prompt would be.
   * @param {string} sentence
   * @param {HTMLElement[]} [waysOn] buttons for what could be done now
   */
  say(sentence, waysOn = []) {
    const same = this.text.textContent === sentence && wordsOf(waysOn) === wordsOf([...this.waysOn.children]);
    if (!this.prompt && same) return;
    this.prompt = null;
    this.frame.classList.add("message");
    this.bar.classList.add("message");
    speak([this.text], null);
    this.plain(sentence, "");
    this.waysOn.replaceChildren(...waysOn);
    this.waysOn.hidden = waysOn.length === 0;
    this.frame.scrollTop = 0;
    this.fade();
  }

  /** Show text and passage in the way this person reads. */
  fill() {
    const { prompt } = this;
    this.waysOn.hidden = true;
    this.waysOn.replaceChildren();
    const html = this.asMarkdown ? this.texts.html(prompt.prompt_id) : undefined;
    if (html) this.markdown(html);
    else this.plain(prompt.text, prompt.context ?? "");
    if (this.asMarkdown && !html) this.markdownWhenItIsHere(prompt);
  }

  /**
   * @param {string} text
   * @param {string} context
   */
  plain(text, context) {
    this.frame.classList.remove("markdown");
    this.text.textContent = text;
    this.contextText.textContent = context;
    this.nameContext();
  }

  /** @param {import("./texts.js").Html} html made by the sprint: nothing in it runs, leads away or is fetched */
  markdown(html) {
    this.frame.classList.add("markdown");
    this.text.innerHTML = html.text_html;
    this.contextText.innerHTML = html.context_html ?? "";
    this.nameContext();
  }

  /** @param {Prompt} prompt */
  markdownWhenItIsHere(prompt) {
    this.texts.fetchHtml(prompt.prompt_id).then(
      (html) => this.asMarkdown && this.prompt === prompt && this.markdown(html),
      () => {
        // It stays plain, which is readable; the next prompt is asked for again.
      },
    );
  }

  /** Turn between plain text and Markdown. */
  turn() {
    this.asMarkdown = !this.asMarkdown;
    this.switch.setAttribute("aria-pressed", String(this.asMarkdown));
    storage.write(READING, this.asMarkdown ? "markdown" : "plain");
    if (this.prompt) this.fill();
    this.fade();
  }

  nameContext() {
    const words = this.prompt ? this.texts.words(this.prompt) : 0;
    this.context.hidden = !this.prompt?.context;
    this.context.firstElementChild.textContent = `Passage, ${count(words, "word", "words")}`;
  }

  fade() {
    const { scrollTop, scrollHeight, clientHeight } = this.frame;
    this.frame.classList.toggle("more-above", scrollTop > 1);
    this.frame.classList.toggle("more-below", scrollTop + clientHeight < scrollHeight - 1);
  }
}

/** @param {HTMLElement[]} elements */
function wordsOf(elements) {
  return elements.map((element) => element.textContent).join("\n");
}

/**
 * Name the language of a text, so that it is read out and broken into lines as one reads it.
 * @param {HTMLElement[]} elements
 * @param {string | null | undefined} language
 */
function speak(elements, language) {
  for (const element of elements) {
    // Empty: not known, and not that of the page.
    element.lang = language ?? "";
  }
}
