"""How far the sprint has come, in the bar above every tab."""

import gradio as gr

from components.live.element import element

HTML = """
<div class="progress">
  <h1 class="progress-title">&nbsp;</h1>
  <div class="progress-goal">
    <p class="progress-words">&nbsp;</p>
    <div class="progress-line" role="progressbar" aria-label="Prompts that have all their ratings"
         aria-valuemin="0" aria-valuemax="100" aria-valuenow="0"><div></div></div>
  </div>
</div>
"""


def panel() -> gr.HTML:
    """The sprint's title, and the share of prompts that have the ratings wanted for each."""
    return element("progress.js", HTML, view="progress")
