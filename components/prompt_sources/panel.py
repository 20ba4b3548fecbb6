"""Prompts on their way in, on the page."""

import gradio as gr

HTML = """
<section class="organize" aria-labelledby="prompts-title">
  <h2 id="prompts-title">Prompts</h2>
  <p>Bring prompts in on the machine the sprint runs on:</p>
  <dl class="commands"><div>
    <dt><code>python app.py import FILE</code></dt><dd>JSONL, JSONL.gz, CSV or Parquet</dd>
  </div></dl>
</section>
"""


def panel() -> gr.HTML:
    """What organizers see."""
    return gr.HTML(HTML, apply_default_css=False)
