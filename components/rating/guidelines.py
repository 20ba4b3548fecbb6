"""The guidelines: the sprint's own, or those that come with it, as HTML beside the card."""

from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt

ASSETS = Path(__file__).parent.parent.parent / "assets"


def default_guidelines() -> str:
    """Those that come with the sprint, in Markdown."""
    return (ASSETS / "guidelines.md").read_text("utf-8")


# Asked at each refresh of the views, and nearly always about the same.
@lru_cache(2)
def to_page(markdown: str) -> str:
    """Guidelines as HTML, their headings one level lower: the page has its own first two. HTML in them is shown."""
    markdown_it = MarkdownIt("commonmark", {"html": False})
    # A picture would be fetched from elsewhere by everybody who reads.
    markdown_it.disable("image")
    tokens = markdown_it.parse(markdown)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
    return markdown_it.renderer.render(tokens, markdown_it.options, {})
