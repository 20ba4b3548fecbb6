"""The section Progress of the organizers' tab: where the sprint stands, and the commands there are."""

import gradio as gr

from components.live.element import element

COMMANDS = (
    ("python app.py import FILE", "bring in prompts; --preview looks first, --help has the rest"),
    (
        "python app.py sprint --state paused",
        "pause the sprint, open it, close it; --starts and --ends do it on a date",
    ),
    ("python app.py snapshot FOLDER", "write the same snapshot into a folder"),
    ("python app.py audit", "recount everything from the event log and print what differs"),
    ("python app.py --help", "all commands, with their options"),
)

HTML = f"""
<section class="organize" aria-labelledby="organize-progress-title">
  <h2 id="organize-progress-title">Progress</h2>
  <dl class="numbers"></dl>
  <h3>Commands</h3>
  <p>Everything on this tab can also be done on the machine the sprint runs on:</p>
  <dl class="commands">
    {"".join(f"<div><dt><code>{command}</code></dt><dd>{does}</dd></div>" for command, does in COMMANDS)}
  </dl>
</section>
"""


def panel() -> gr.HTML:
    """The numbers of the sprint, live."""
    return element("standing.js", HTML, view="progress")
