"""The organizers' tab: its sections, of which one is open at a time."""

from collections.abc import Sequence
from html import escape

import gradio as gr

from components.live.element import element
from components.organizing.frame import Section

HTML = """
<style>{rules}</style>
<nav class="sections" aria-label="Organize">{buttons}</nav>
"""
BUTTON = """
<button type="button" data-section="{name}" aria-controls="organize-{name}" aria-current="false">{title}</button>
"""
# Gradio puts the sections on the page whenever it likes; a rule finds each of them.
RULE = """
#organize:has([data-section="{name}"][aria-current="true"]) #organize-{name} {{ display: flex; }}
"""


def panel(sections: Sequence[Section]) -> None:
    """The organizers' tab. It shows nothing that is secret; the server checks who asks for more."""
    buttons = "".join(BUTTON.format(name=one.name, title=escape(one.title)) for one in sections)
    rules = "".join(RULE.format(name=one.name) for one in sections)
    element("organize.js", HTML.format(rules=rules, buttons=buttons))
    for one in sections:
        with gr.Column(elem_id=f"organize-{one.name}", elem_classes="organize-section"):
            one.panel()
