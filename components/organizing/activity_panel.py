"""The section Activity of the organizers' tab: what organizers did."""

import gradio as gr

from components.live.element import element
from components.organizing.listing import PAGES, STATE

HTML = f"""
<section class="organize" aria-labelledby="activity-title">
  <h2 id="activity-title">Activity</h2>
  <p>What organizers changed, by whom and when, the last act first. It cannot be changed itself.</p>
  {STATE}
  <ol class="listing-rows acts"></ol>
  {PAGES}
</section>
"""


def panel() -> gr.HTML:
    """The log is empty until an organizer's browser asks."""
    return element("activity.js", HTML)
