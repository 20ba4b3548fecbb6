"""How the numbers are made, as a page: docs/METHODS.md, so that nobody has to look for it."""

from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parent.parent.parent
POLICY = "default-src 'self'; img-src 'self' data:"


@cache
def page() -> str:
    """The page as HTML."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    methods = markdown.render((ROOT / "docs" / "METHODS.md").read_text("utf-8"))
    # Tables are wider than phones.
    methods = methods.replace("<table>", '<div class="wide" tabindex="0"><table>').replace(
        "</table>", "</table></div>"
    )
    return (ROOT / "assets" / "methods.html").read_text("utf-8").replace("<!-- methods -->", methods)
