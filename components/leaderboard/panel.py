"""The leaderboard on the page."""

import gradio as gr

from components.live.element import element

HTML = """
<section class="leaderboard" aria-labelledby="leaderboard-title">
  <h2 id="leaderboard-title">Leaderboard</h2>
  <p class="totals">&nbsp;</p>
  <ol class="standings"></ol>
</section>
"""


def panel() -> gr.HTML:
    """Contributors by number of ratings, moving by itself."""
    return element("leaderboard.js", HTML, view="leaderboard")
