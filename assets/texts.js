/** Prompts this page has shown or will show: as they came, and as Markdown once somebody reads them so. */

import { get } from "./requests.js";

/**
 * @typedef {{prompt_id: string, text: string, context: string | null, language?: string | null}} Prompt
 * @typedef {{text_html: string, context_html: string | null}} Html
 */

const MOST = 300;

export class Texts {
  constructor() {
    /** @type {Map<string, Prompt>} */
    this.prompts = new Map();
    /** @type {Map<string, Html | Promise<Html>>} */
    this.htmls = new Map();
    /** @type {Map<string, number>} */
    this.counted = new Map();
  }

  /** @param {Prompt[]} prompts */
  remember(prompts) {
    for (const prompt of prompts) {
      keepAtMost(this.prompts, prompt.prompt_id, prompt);
      // Counted before the prompt is shown: in a long passage that takes longer than a frame.
      this.words(prompt);
    }
  }

  /**
   * How many words a prompt's passage has.
   * @param {Prompt} prompt
   */
  words({ prompt_id, context }) {
    if (!this.counted.has(prompt_id)) keepAtMost(this.counted, prompt_id, wordsIn(context ?? ""));
    return this.counted.get(prompt_id);
  }

  /**
   * @param {string} promptId
   * @returns {Prompt | undefined}
   */
  recall(promptId) {
    return this.prompts.get(promptId);
  }

  /**
   * A prompt that this page no longer has in memory.
   * @param {string} promptId
   * @returns {Promise<Prompt>}
   * @throws {import("./requests.js").Failure}
   */
  async fetch(promptId) {
    const { text_html, context_html, ...prompt } = await get(`/api/prompts/${encodeURIComponent(promptId)}`);
    keepAtMost(this.htmls, promptId, { text_html, context_html });
    this.remember([prompt]);
    return prompt;
  }

  /**
   * The prompt as Markdown, if it is here already.
   * @param {string} promptId
   * @returns {Html | undefined}
   */
  html(promptId) {
    const known = this.htmls.get(promptId);
    return known instanceof Promise ? undefined : known;
  }

  /**
   * Have a prompt as Markdown before it is shown.
   * @param {string} promptId
   * @returns {Promise<Html>}
   */
  async fetchHtml(promptId) {
    const known = this.htmls.get(promptId);
    if (known) return known;
    const coming = get(`/api/prompts/${encodeURIComponent(promptId)}`);
    keepAtMost(this.htmls, promptId, coming);
    try {
      const { text_html, context_html } = await coming;
      keepAtMost(this.htmls, promptId, { text_html, context_html });
      return { text_html, context_html };
    } catch (failure) {
      this.htmls.delete(promptId);
      throw failure;
    }
  }
}

/**
 * @template T
 * @param {Map<string, T>} map
 * @param {string} name
 * @param {T} value
 */
function keepAtMost(map, name, value) {
  map.delete(name);
  map.set(name, value);
  if (map.size > MOST) map.delete(map.keys().next().value);
}

/** Words as the language of the text has them: Chinese puts no spaces between its own. */
function wordsIn(/** @type {string} */ text) {
  let words = 0;
  for (const part of new Intl.Segmenter(undefined, { granularity: "word" }).segment(text)) words += part.isWordLike ? 1 : 0;
  return words;
}
