"""Hostile Markdown in, harmless HTML out."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.rating.markdown import to_html

TEXT = {"p", "br", "em", "strong", "s", "code", "pre", "ul", "ol", "li", "blockquote", "hr"}
ALLOWED = TEXT | {"table", "thead", "tbody", "tr", "th", "td"}
ALLOWED_ATTRIBUTES = {"class", "start", "style"}


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags, self.attributes, self.text = set(), set(), ""
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= set(attributes)

    def handle_data(self, data: str) -> None:
        self.text += data


def test_what_people_lay_out_is_laid_out():
    html = to_html(
        "# Task\n\n- one\n- **two**\n\n|a|b|\n|-|:-:|\n|1|2|\n\n```python\nif x < 1:\n    pass\n```"
    )
    assert '<p class="heading heading-1">Task</p>' in html
    assert "<strong>two</strong>" in html and "<td>1</td>" in html
    assert "if x &lt; 1:\n    pass\n" in html


def test_line_breaks_are_kept():
    assert to_html("one\ntwo") == "<p>one<br />\ntwo</p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "![a](https://example.org/pixel.png)",
        "<https://example.org>",
        "[a]: https://example.org",
        "[a][b]\n\n[b]: javascript:alert(1)",
    ],
)
def test_tags_links_and_pictures_are_shown_as_they_are_written(text):
    read = Reader(to_html(text))
    assert read.tags == {"p"}
    assert " ".join(read.text.split()) == " ".join(text.split())


@given(st.text(alphabet="<>a![](){}`*_#|-:\n &\"'=/;x1.~\\\t", max_size=200))
def test_whatever_comes_in_nothing_comes_out_that_runs_or_leads_away(text):
    read = Reader(to_html(text))
    assert read.tags <= ALLOWED
    for name, value in read.attributes:
        assert name in ALLOWED_ATTRIBUTES
        assert name != "style" or value in ("text-align:left", "text-align:right", "text-align:center")
