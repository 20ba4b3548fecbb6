"""The badge and the picture: they say what the numbers say, for every state and title."""

import io
from xml.etree import ElementTree

import pytest
from PIL import Image, ImageChops

from components.progress.badge import HEIGHT, badge
from components.progress.picture import picture
from components.progress.sharing import head_tags
from components.records import STATES

PROGRESS = {
    "title": "A sprint",
    "state": "open",
    "share_done": 0.42,
    "share_given": 0.6,
    "prompts": 10_331,
    "ratings": 15_261,
    "ratings_per_prompt": 3,
    "contributors_rated": 314,
}


def read(svg):
    root = ElementTree.fromstring(svg)
    texts = [element for element in root.iter() if element.tag.endswith("}text")]
    return root, texts


@pytest.mark.parametrize(
    ("share", "state", "words"),
    [
        (0.42, "open", "42 %"),
        (0.9999, "open", "99 %"),
        (1, "open", "100 %"),
        (0, "preparing", "0 %, preparing"),
        (None, "preparing", "not yet"),
        (None, "open", "no prompts"),
        (0.5, "closed", "50 %, closed"),
    ],
)
def test_the_badge_says_how_far_it_is(share, state, words):
    root, texts = read(badge(share, state))
    assert [element.text for element in texts] == ["prompts rated", words]
    assert root.get("aria-label") == f"prompts rated: {words}"


def test_no_text_of_the_badge_leaves_its_half():
    for state in STATES:
        root, texts = read(badge(0.5, state))
        ends = [float(text.get("x")) + float(text.get("textLength")) for text in texts]
        assert ends[0] < float(texts[1].get("x")) and ends[1] < float(root.get("width"))
        assert int(root.get("height")) == HEIGHT


def opened(progress):
    return Image.open(io.BytesIO(picture(progress))).convert("RGB")


def test_the_picture_has_the_size_that_sites_want_and_is_light():
    drawn = picture(PROGRESS)
    assert opened(PROGRESS).size == (1200, 630)
    assert len(drawn) < 60_000


def differ(one, other):
    return ImageChops.difference(opened(one), opened(other)).getbbox() is not None


def test_the_picture_shows_share_title_and_state():
    for change in (
        {"share_done": 0.43},
        {"share_given": 0.7},
        {"title": "Another"},
        {"state": "paused"},
        {"ratings": 15_262},
    ):
        assert differ(PROGRESS, PROGRESS | change), change


@pytest.mark.parametrize(
    "title",
    [
        "",
        "x" * 200,
        "word " * 40,
        "<b>&amp;</b>",
        "スプリント",
        "سباق",
        "Škoda Élan ß",
        "\u202eturned",
        "🎉 party",
    ],
)
@pytest.mark.parametrize("share", [None, 0, 1])
def test_any_title_is_drawn_within_the_picture(title, share):
    image = opened(PROGRESS | {"title": title, "share_done": share, "share_given": share})
    paper = image.getpixel((1199, 0))
    # Nothing runs over the right edge, nor the bottom.
    for edge in (image.crop((1180, 0, 1200, 630)), image.crop((20, 600, 1200, 630))):
        assert edge.getcolors() == [(edge.width * edge.height, paper)]


def test_a_title_without_letters_in_the_font_gives_way_to_the_plain_one():
    assert not differ(PROGRESS | {"title": "スプリント"}, PROGRESS | {"title": "Prompt Sprint"})


def test_tags_name_the_picture_only_where_the_address_is_known():
    known = head_tags('A "sprint" & more', "https://example.org", "/screen")
    assert '<meta property="og:image" content="https://example.org/og.png">' in known
    assert '<meta property="og:url" content="https://example.org/screen">' in known
    assert '<meta property="og:title" content="A &quot;sprint&quot; &amp; more">' in known
    unknown = head_tags("A sprint", "")
    assert "og:title" in unknown and "og:image" not in unknown and "og:url" not in unknown
