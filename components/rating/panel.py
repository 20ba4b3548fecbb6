"""The card: one prompt, five scores, and what the contributor did so far."""

import gradio as gr
from markdown_it import MarkdownIt

from components.live.element import element
from components.records import SCORE_WORDS

SCORE = """
<button type="button" class="score" data-score="{score}" data-words="{words}">
  <b>{score}</b> <span>{words}</span>
</button>
"""

HTML = """
<section class="card" aria-labelledby="card-title">
  <h2 id="card-title" class="hidden-heading">Rate a prompt</h2>
  <div class="prompt" tabindex="0" role="group" aria-label="Prompt">
    <details class="context" hidden>
      <summary></summary>
      <div class="context-text" dir="auto"></div>
    </details>
    <div class="prompt-text" dir="auto"></div>
  </div>
  <div class="ask" hidden></div>
  <div class="answers">
    <div class="scores" role="group" aria-label="Your score">{scores}</div>
    <div class="others">
      <button type="button" class="skip">Skip <kbd>S</kbd></button>
      <button type="button" class="show-keys">Keys <kbd>?</kbd></button>
      <span class="saving"></span>
    </div>
  </div>
  <div class="trouble" hidden></div>
</section>
<div class="card-lines">
  <p class="last"></p>
  <p class="own"></p>
</div>
<details class="guidelines">
  <summary>How to rate</summary>
  <div>{guidelines}</div>
</details>
<dialog class="keys" aria-labelledby="keys-title">
  <h2 id="keys-title">Keys</h2>
  <dl>
    <div><dt><kbd>1</kbd> to <kbd>5</kbd></dt><dd>give this score</dd></div>
    <div><dt><kbd>S</kbd></dt><dd>skip this prompt</dd></div>
    <div><dt><kbd>?</kbd></dt><dd>show this list</dd></div>
  </dl>
  <label><input type="checkbox" class="keys-on"> Rate with these keys</label>
  <form method="dialog"><button class="action">Close</button></form>
</dialog>
"""


def panel(guidelines: str) -> gr.HTML:
    """The card, with the guidelines folded below it.

    Args:
        guidelines: Markdown. HTML in it is shown, not run.
    """
    scores = "".join(SCORE.format(score=score, words=words) for score, words in SCORE_WORDS.items())
    return element("card.js", HTML.format(scores=scores, guidelines=_html(guidelines)))


def _html(markdown: str) -> str:
    """Markdown as HTML, its headings one level lower: the page has its own first two."""
    markdown_it = MarkdownIt("commonmark", {"html": False})
    tokens = markdown_it.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return markdown_it.renderer.render(tokens, markdown_it.options, {})
