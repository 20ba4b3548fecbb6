"""Who is signed in, in the bar above every tab."""

import gradio as gr

from components.account.hub import SIGN_IN_ERRORS
from components.live.element import element

HTML = '<div class="account" role="group" aria-label="Sign-in" tabindex="-1"></div>'


def panel() -> gr.HTML:
    """Sign in, or one's name with today's ratings, and sign out."""
    return element("account.js", HTML, errors=SIGN_IN_ERRORS)
