"""The page: the bar above the tabs, and each panel with what it needs and nothing more."""

from functools import partial

import gradio as gr

from components.account import panel as account
from components.agreement import panel as agreement
from components.backup import panel as backup
from components.charts import panel as charts
from components.leaderboard import panel as leaderboard
from components.ledger import panel as ledger
from components.live.element import ASSETS
from components.organizing import activity_panel as activity
from components.organizing import contributors_panel as contributors
from components.organizing import moderation_panel as moderation
from components.organizing import panel as organizing
from components.organizing import review_panel as reviewing
from components.organizing import settings_panel as settings
from components.organizing import standing_panel as standing
from components.organizing.frame import Section
from components.progress import panel as progress
from components.prompt_sources import panel as prompt_sources
from components.rating import panel as rating
from components.snapshots import panel as snapshots

# The tab Organize, in the order of use; each section is a panel of its own room.
SECTIONS = (
    Section("progress", "Progress", standing.panel),
    Section("prompts", "Prompts", prompt_sources.panel),
    Section("moderation", "Moderation", moderation.panel),
    Section("contributors", "Contributors", contributors.panel),
    Section("review", "Review", reviewing.panel),
    Section("agreement", "Agreement", agreement.review),
    Section("settings", "Settings", settings.panel),
    Section("snapshots", "Snapshots", snapshots.panel),
    Section("backup", "Backup", backup.panel),
    Section("activity", "Activity", activity.panel),
)

QUEUE_REST_S = 1.0

HEAD = f"""
<link rel="stylesheet" href="{ASSETS}/style.css">
<script type="module" src="{ASSETS}/page.js"></script>
"""


def theme() -> gr.themes.Base:
    """Gradio's Soft theme with the reader's own fonts: nothing is loaded from anywhere else.

    The colours are those of style.css, for the moment before it is there.
    """
    soft = gr.themes.Soft(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    return soft.set(
        body_background_fill="#faf9f6",
        body_background_fill_dark="#14161a",
        body_text_color="#1c1b19",
        body_text_color_dark="#eceae6",
    )


def seen() -> None:
    """What the numbers look like, and how far they carry."""
    charts.panel()
    agreement.panel()


def mine() -> None:
    """How somebody rates, what they did, and whether they are named for it."""
    agreement.own()
    ledger.panel()
    snapshots.credit()


def build() -> gr.Blocks:
    """Build the page. It is the same for everybody; who is signed in, the browser asks for itself."""
    # The id of a tab is its name in the address, `?tab=charts`. style.css hides My ratings
    # from those who are not signed in, and Organize from those whom the server does not call organizers.
    tabs = (
        ("rate", "Rate", rating.panel),
        ("leaderboard", "Leaderboard", leaderboard.panel),
        ("charts", "Charts", seen),
        ("mine", "My ratings", mine),
        ("organize", "Organize", partial(organizing.panel, SECTIONS)),
    )
    with gr.Blocks(title="Prompt Sprint", fill_width=True, analytics_enabled=False) as page:
        with gr.Row(elem_id="bar"):
            progress.panel()
            account.panel()
        backup.banner()
        progress.section()
        with gr.Tabs(elem_id="tabs", overflow_behavior="wrap"):
            for name, label, panel in tabs:
                with gr.Tab(label, id=name, elem_id=name):
                    panel()
    # Nothing on the page is queued, but Gradio would look a thousand times a second whether something is.
    page._queue.sleep_when_free = page._queue.progress_update_sleep_when_free = QUEUE_REST_S
    return page
