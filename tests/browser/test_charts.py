"""The charts on the page: filtered by a link, moving while people rate, taken away as files, for every eye and hand."""

import csv
import json
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import axe_findings
from tests.serving import Serving, Visitor, rating

SOURCES = ("garden", "<b>bold</b>", "=1+1")


@pytest.fixture
def rated(tmp_path, prompts_file):
    """A sprint of thirty prompts from three sources, of which one person rated fifteen."""
    prompts_file.write_text(
        "".join(
            json.dumps(
                {"prompt": f"Prompt {n}", "source": SOURCES[n % 3], "kind": ("human", "synthetic")[n % 2]}
            )
            + "\n"
            for n in range(30)
        )
    )
    with Serving(tmp_path / "sprint", PROMPTS=prompts_file) as serving:
        rate(serving, "ada", 15)
        yield serving


def rate(serving: Serving, name: str, number: int) -> None:
    with Visitor(serving) as visitor:
        visitor.signs_in(name)
        for _ in range(number):
            [prompt] = visitor.asks(1)
            visitor.sends(rating(prompt["prompt_id"], 4, shown_ms=5000)).raise_for_status()


def chart(page: Page, question: str):  # noqa: ANN201
    return page.locator(".chart").filter(has=page.get_by_role("heading", name=re.compile(question)))


def test_a_link_opens_filtered_charts_and_says_what_it_left_out(visit, rated):
    page = visit(rated).open("/?tab=charts&kind=human&source=nowhere&from=soon")
    expect(page.locator(".filter-notice")).to_contain_text('No source "nowhere" has ratings')
    expect(page.locator(".filter-notice")).to_contain_text('"soon" is no day')
    expect(page.locator(".filter-kinds [value=human]")).to_be_checked()
    over_time = chart(page, "When do people rate")
    expect(over_time.locator(".chart-subtitle")).to_contain_text("only human prompts")
    expect(over_time.locator(".chart-numbers")).to_have_attribute("href", re.compile("kind=human"))


@pytest.mark.slow
def test_filtered_charts_move_while_people_rate(visit, rated):
    page = visit(rated).open("/?tab=charts&kind=human")
    subtitle = chart(page, "When do people rate").locator(".chart-subtitle")
    expect(subtitle).to_contain_text("only human prompts")
    before = subtitle.inner_text()
    rate(rated, "bob", 6)
    expect(subtitle).not_to_have_text(before)
    expect(subtitle).to_contain_text("only human prompts")


def test_a_source_is_chosen_with_the_keyboard_and_stands_in_the_address(visit, rated):
    page = visit(rated).open("/?tab=charts")
    page.locator(".filter-sources summary").focus()
    page.keyboard.press("Enter")
    box = page.get_by_role("checkbox", name="<b>bold</b>")
    box.focus()
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"source=%3Cb%3Ebold%3C%2Fb%3E"))
    expect(page.locator(".filter-sources summary")).to_have_text("<b>bold</b>")
    expect(page.locator(".chart-subtitle").first).to_contain_text("only \u2068<b>bold</b>\u2069")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.get_by_role("button", name="Show everything").click()
    expect(page).to_have_url(re.compile(r"tab=charts$"))
    expect(page.locator(".chart-subtitle").first).not_to_contain_text("only")


def test_zoom_outlives_the_next_rating(visit, rated):
    page = visit(rated).open("/?tab=charts")
    over_time = chart(page, "When do people rate")
    expect(over_time.locator(".main-svg").first).to_be_visible()
    whole = over_time.locator(".chart-plot").evaluate("(plot) => plot.layout.xaxis.range")
    plot, inside = over_time.locator(".chart-plot"), over_time.locator(".nsewdrag").first.bounding_box()
    middle = inside["y"] + inside["height"] / 2
    page.mouse.move(inside["x"] + 0.3 * inside["width"], middle)
    page.mouse.down()
    page.mouse.move(inside["x"] + 0.7 * inside["width"], middle, steps=5)
    page.mouse.up()
    page.wait_for_function(
        "([plot, whole]) => plot.layout.xaxis.range[0] > whole[0]", arg=[plot.element_handle(), whole]
    )
    zoomed = plot.evaluate("(plot) => plot.layout.xaxis.range")
    before = over_time.locator(".chart-subtitle").inner_text()
    rate(rated, "bob", 3)
    expect(over_time.locator(".chart-subtitle")).not_to_have_text(before)
    expect(over_time.locator(".chart-subtitle")).to_contain_text("n = 18 ratings")
    given = "(plot) => plot.data.flatMap((bars) => bars.y).reduce((sum, number) => sum + number, 0)"
    page.wait_for_function(f"(plot) => ({given})(plot) === 18", arg=plot.element_handle())
    assert plot.evaluate("(plot) => plot.layout.xaxis.range") == zoomed


@pytest.mark.slow
def test_what_cannot_be_seen_is_neither_fetched_nor_drawn(visit, rated):
    here = visit(rated)
    asked: list[str] = []
    here.context.on("request", lambda request: asked.append(request.url))
    page = here.open("/?tab=charts")
    expect(chart(page, "When do people rate").locator(".main-svg").first).to_be_visible()
    last = chart(page, "Do a few people")
    assert not any("concentration" in address for address in asked)
    page.locator(".charts .chart").nth(10).scroll_into_view_if_needed()
    expect(last.locator(".main-svg").first).to_be_visible()
    assert any("concentration" in address for address in asked)


@pytest.mark.slow
def test_a_chart_is_taken_away_as_numbers_and_as_a_picture(visit, rated, tmp_path):
    page = visit(rated).open("/?tab=charts&source=garden")
    by_kind = chart(page, "kinds of prompts")
    expect(by_kind.locator(".main-svg").first).to_be_visible()
    for name, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as download:
            by_kind.get_by_role("button", name=name).click()
        download.value.save_as(tmp_path / name)
        content = (tmp_path / name).read_bytes()
        assert content.startswith(begins) and len(content) > 5_000
        assert download.value.suggested_filename == f"scores_by_kind.{name.lower()}"
    assert "Do scores differ between kinds of prompts?" in (tmp_path / "SVG").read_text()
    with page.expect_download() as download:
        by_kind.get_by_role("link", name="CSV").click()
    download.value.save_as(tmp_path / "csv")
    with (tmp_path / "csv").open(encoding="utf-8-sig") as file:
        ratings = sum(int(row["ratings"]) for row in csv.DictReader(file))
    expect(by_kind.locator(".chart-subtitle")).to_contain_text(f"n = {ratings} ratings")
    assert 0 < ratings < 15


@pytest.mark.slow
def test_the_table_of_sources_is_a_table_and_a_picture_too(visit, rated):
    page = visit(rated).open("/?tab=charts")
    page.locator(".charts .chart").last.scroll_into_view_if_needed()
    table = page.locator(".chart-table table")
    for source in SOURCES:
        expect(table.get_by_role("rowheader", name=source, exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.locator(".charts .chart").last.get_by_role("button", name="PNG").click()
    assert download.value.suggested_filename == "sources.png"


@pytest.mark.parametrize(
    ("width", "scheme"), [(360, "dark"), pytest.param(1200, "light", marks=pytest.mark.slow)]
)
def test_nothing_is_hard_to_reach_or_read(visit, rated, width, scheme):
    page = visit(rated, width=width, scheme=scheme).open("/?tab=charts&kind=human")
    page.locator(".filter-sources summary").click()
    expect(page.get_by_role("checkbox", name="garden")).to_be_visible()
    last = page.locator(".charts .chart").last
    last.scroll_into_view_if_needed()
    expect(last.locator("table")).to_be_visible()
    assert axe_findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
