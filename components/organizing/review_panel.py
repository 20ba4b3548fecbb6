"""The section Review of the organizers' tab: accounts to look at, each with what that rests on."""

import gradio as gr

from components.live.element import element

HTML = """
<section class="organize review" aria-labelledby="review-title">
  <h2 id="review-title">Review</h2>
  <p>Accounts that behave as one, sudden bursts, and answers that are nearly all the same. Each is something to look at and
    no proof: two people who sit side by side look like one, and all prompts of a source may deserve the same score.
    Nothing follows by itself.</p>
  <p class="review-made" role="status">&nbsp;</p>
  <div class="review-found"></div>
</section>
"""


def panel() -> gr.HTML:
    """The list is empty until an organizer's browser asks."""
    return element("review.js", HTML)
