"""The page as Gradio has it."""

import gradio as gr

from components import dashboard


def test_gradio_looks_seldom_whether_something_is_queued():
    with gr.Blocks() as other:
        pass
    # If Gradio calls it differently one day, this says so.
    assert dashboard.build()._queue.sleep_when_free > 10 * other._queue.sleep_when_free


def test_nothing_on_the_page_is_queued():
    assert dashboard.build().fns == {}
