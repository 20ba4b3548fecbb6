"""The section Moderation of the organizers' tab: flagged prompts, and what becomes of them."""

import gradio as gr

from components.live.element import element
from components.organizing.listing import ON_THE_CARD, PAGES, STATE, choice, search
from components.records import FLAG_REASONS, FLAGS_TO_RETIRE

LISTS = {
    "flagged": "flagged",
    "held": "held back by flags",
    "kept": "kept whatever their flags",
    "retired": "retired",
    "gold": "gold",
    "every": "every prompt",
}

HTML = f"""
<section class="organize" aria-labelledby="moderation-title">
  <h2 id="moderation-title">Moderation</h2>
  <p>{FLAGS_TO_RETIRE} independent flags for one reason hold a prompt back until you decide. One that is retired
     is handed out and wanted no more: what was said of it is kept here and counted, but snapshots leave the prompt and
     its ratings out. Why it is retired is read by everybody: {ON_THE_CARD}.</p>
  <p>A gold prompt is one you say a score of. It is handed out like any other, and nobody sees that it is gold; what
     contributors give it is compared with yours, once they have rated ten such prompts. Ordinary prompts, some of each
     score, make good ones.</p>
  {search("Words of a prompt", choice("which", "List", LISTS))}
  {STATE}
  <ul class="listing-rows moderation"></ul>
  {PAGES}
</section>
"""


def panel() -> gr.HTML:
    """The list is empty until an organizer's browser asks."""
    return element("moderation.js", HTML, reasons=FLAG_REASONS)
