"""What organizers see: where the sprint stands, the snapshot to download, the backup, the commands."""

import gradio as gr

from components.backup import panel as backup
from components.live.element import element

COMMANDS = (
    ("python app.py import FILE", "bring in prompts: JSONL, JSONL.gz, CSV or Parquet"),
    (
        "python app.py sprint --state paused",
        "pause the sprint, open it, close it; --starts and --ends do it on a date",
    ),
    ("python app.py snapshot FOLDER", "write the same snapshot into a folder"),
    ("python app.py audit", "recount everything from the event log and print what differs"),
    ("python app.py --help", "all commands, with their options"),
)

HTML = """
<section class="organize" aria-labelledby="organize-title">
  <h2 id="organize-title">Organize</h2>
  <dl class="numbers"></dl>
  <h3>Snapshot</h3>
  <p>Everything rated so far, as a dataset: Parquet files and the README card that describes them, in one zip.
     <code>datasets.load_dataset</code> reads the unpacked folder.</p>
  <p class="download"><button type="button" class="action" disabled>Download a snapshot</button>
     <span class="download-state" role="status"></span></p>
</section>
"""

COMMANDS_HTML = f"""
<section class="organize">
  <h3>Commands</h3>
  <p>On the machine the sprint runs on:</p>
  <dl class="commands">
    {"".join(f"<div><dt><code>{command}</code></dt><dd>{does}</dd></div>" for command, does in COMMANDS)}
  </dl>
</section>
"""


def panel() -> None:
    """The organizers' tab. It shows nothing that is secret; the server checks who asks for more."""
    element("organize.js", HTML, view="progress")
    backup.panel()
    gr.HTML(COMMANDS_HTML, apply_default_css=False)
