"""The snapshot on the page: the dataset as it stands, to be downloaded."""

import gradio as gr

from components.live.element import element

HTML = """
<section class="organize" aria-labelledby="snapshot-title">
  <h2 id="snapshot-title">Snapshots</h2>
  <p>Everything rated so far, as a dataset: Parquet files and the README card that describes them, in one zip.
     <code>datasets.load_dataset</code> reads the unpacked folder.</p>
  <p class="download"><button type="button" class="action" disabled>Download a snapshot</button>
     <span class="download-state" role="status"></span></p>
</section>
"""


def panel() -> gr.HTML:
    """What organizers see; the server checks who downloads."""
    return element("snapshot.js", HTML)
