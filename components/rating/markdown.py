"""Prompts as Markdown made HTML: hostile text in, nothing that runs, leads away or is fetched out."""

from markdown_it import MarkdownIt

# Links and pictures are shown as they are written: where a link leads is part of what is judged.
LEFT_AS_WRITTEN = ["link", "image", "autolink", "html_inline", "html_block", "reference"]
# A quotation in a quotation in a quotation ...: nobody means what lies deeper; the plain text has it.
DEEPEST = 100


def to_html(text: str) -> str:
    """Make HTML of a prompt's Markdown.

    Headings become paragraphs of the class `heading`, so that a prompt does not add to the page's outline.
    """
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST})
    markdown.enable(["table", "strikethrough"]).disable(LEFT_AS_WRITTEN)
    tokens = markdown.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            if token.nesting == 1:
                token.attrSet("class", f"heading heading-{token.tag[1]}")
            token.tag = "p"
    return markdown.renderer.render(tokens, markdown.options, {})
