"""One part of the page: a piece of HTML that a module of our own brings to life, beside Gradio's queue."""

import gradio as gr

# Where the browser finds the folder assets/. Not /assets: Gradio's own scripts are there.
ASSETS = "/page"

# `element` and `props` are what Gradio hands to this script when it puts the part on the page. Until its module is
# there, a click that nobody hears must not look like one that is heard. A file that could not be fetched is asked for
# again, and the error is another one each time; a file that is broken has one error for ever, and says so.
_START = f"""
element.inert = true;
const come = (path, failures = 0, before = null) => import(path).catch(async (error) => {{
  if (!(error instanceof TypeError) || error === before) throw error;
  const pause = Math.min(1000 * 2 ** failures, 30000) * (0.75 + Math.random() / 2);
  await new Promise((later) => setTimeout(later, pause));
  return come(path, failures + 1, error);
}});
(async () => {{
  const page = await come("{ASSETS}/page.js");
  page.start(element, props, await come(`{ASSETS}/${{props.module}}`));
}})().finally(() => element.inert = false);
"""


def element(module: str, html: str, view: str = "", **props: object) -> gr.HTML:
    """Put a part on the page.

    Args:
        module: The file in assets/ that brings it to life. It may export `start(element, props)`,
            called once, and `render(element, document)`, called with each new state of the view.
        html: What is there at once. It is put in as it is, so nothing of it may come from a visitor.
        view: The live view it shows, or nothing.
        props: What else `start` needs; anything that can be written as JSON.
    """
    return gr.HTML(
        html,
        js_on_load=_START,
        apply_default_css=False,
        module=module,
        view=view,
        **props,
    )
