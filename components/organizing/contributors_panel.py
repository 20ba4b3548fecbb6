"""The section Contributors of the organizers' tab: who takes part, and what organizers do about it."""

import gradio as gr

from components.live.element import element
from components.organizing.listing import PAGES, STATE, choice, search

WHICH = {"everybody": "everybody", "organizers": "organizers", "excluded": "excluded"}
ORDERS = {
    "ratings": "most ratings first",
    "last_seen": "last seen first",
    "first_seen": "newest first",
    "name": "by name",
}

HTML = f"""
<section class="organize" aria-labelledby="contributors-title">
  <h2 id="contributors-title">Contributors</h2>
  <p class="resting-on">&nbsp;</p>
  {search("Part of a name", choice("which", "Who", WHICH) + choice("order", "Order", ORDERS))}
  {STATE}
  <table class="people">
    <thead><tr><th scope="col">Name</th><th scope="col">Ratings</th><th scope="col">Days</th>
      <th scope="col" title="The median of how long a prompt is looked at before it is rated">Time each</th>
      <th scope="col" title="With others who rated the same prompts: 1 is always the same score, 0 as by chance">Agreement</th><th scope="col">Last seen</th>
      <th scope="col"><span class="hidden-heading">Manage</span></th></tr></thead>
    <tbody class="listing-rows"></tbody>
  </table>
  {PAGES}
  <div class="everybody-out">
    <button type="button" class="quiet">Sign everybody out …</button>
    <p hidden>Everybody has to sign in again, you too. What waits in their browsers is kept.
      <button type="button" class="action danger">Sign everybody out</button></p>
    <span role="status"></span>
  </div>
</section>
"""


def panel() -> gr.HTML:
    """The table is empty until an organizer's browser asks."""
    return element("people.js", HTML)
