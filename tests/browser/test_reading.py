"""Long prompts, Markdown, other languages: read as they were meant, and never run."""

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import axe_findings, expect_progress, press, prompt_on
from tests.serving import Serving

MARKDOWN = """# Task

Compare the two, in **bold** words.

| a | b |
|---|---|
| 1 | 2 |

```python
def f(x):
    return x < 1
```

1. one
2. two

[a link](https://example.org) ![a picture](https://example.org/x.png) <b>no tag</b>"""

HOSTILE = (
    '<img src=x onerror="window.harmed=1"><script>window.harmed=2</script>',
    "[a link](javascript:window.harmed=3) ![x](javascript:window.harmed=3) <javascript:window.harmed=3>",
    "[x]: javascript:window.harmed=4\n\n[x] <svg onload=window.harmed=4>",
    "```<img src=x onerror=window.harmed=5>\n```\n\n# <img src=x onerror=window.harmed=5>",
    "|<img src=x onerror=window.harmed=6>|b|\n|-|-|\n|<script>window.harmed=6</script>|d|",
)


@pytest.fixture
def sprint_of(tmp_path, prompts_file):
    """A sprint over these texts."""
    running = []

    def start(*texts: str, **fields: str) -> Serving:
        rows = ({"prompt": text, "source": "s", "kind": "human", **fields} for text in texts)
        prompts_file.write_text("\n".join(json.dumps(row) for row in rows))
        running.append(Serving(tmp_path / "reading", PROMPTS=prompts_file, RATINGS_PER_PROMPT=9).start())
        return running[0]

    yield start
    for serving in running:
        serving.stop()


def test_a_prompt_is_read_plain_or_as_markdown_and_the_page_remembers(visit, sprint_of):
    page = visit(sprint_of(MARKDOWN)).signed_in("reader")
    assert prompt_on(page) == MARKDOWN, "plain: every character, line breaks kept"
    expect(page.locator(".length")).to_have_text(f"{len(MARKDOWN)} characters")
    text = page.locator(".prompt-text")
    page.get_by_role("button", name="Markdown").click()
    expect(text.locator("table td")).to_have_text(["1", "2"])
    expect(text.locator("pre")).to_have_text("def f(x):\n    return x < 1\n")
    expect(text.locator("ol li")).to_have_text(["one", "two"])
    expect(text.locator(".heading")).to_have_text("Task")
    expect(text).to_contain_text("[a link](https://example.org)")
    assert text.locator("a, img, b, h1, h2").count() == 0
    assert axe_findings(page) == []
    page.reload()
    expect(text.locator("table td")).to_have_count(2)
    expect(page.get_by_role("button", name="Markdown")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Markdown").click()
    expect(text).to_have_text(MARKDOWN)
    assert text.locator("*").count() == 0


def test_markdown_is_there_as_quickly_as_plain_text(visit, sprint_of):
    here = visit(sprint_of(*(f"**Prompt** {n}" for n in range(9))))
    page = here.signed_in("swift-reader")
    prompt_on(page)
    page.get_by_role("button", name="Markdown").click()
    page.wait_for_load_state("networkidle")
    here.context.route("**/api/**", lambda route: None)
    for _ in range(4):
        bold = page.evaluate("""() => {
            document.dispatchEvent(new KeyboardEvent("keydown", { key: "4", bubbles: true }));
            return document.querySelector(".prompt-text strong")?.textContent;
        }""")
        assert bold == "Prompt"


def test_without_the_network_markdown_stays_plain_until_it_comes(visit, sprint_of):
    here = visit(sprint_of("**one**", "**two**"))
    page = here.signed_in("patient-reader")
    here.context.route("**/api/prompts/*", lambda route: route.abort())
    text = prompt_on(page)
    page.get_by_role("button", name="Markdown").click()
    expect(page.locator(".prompt-text")).to_have_text(text)
    here.context.unroute("**/api/prompts/*")
    press(page, "3")
    expect(page.locator(".prompt-text strong")).to_be_visible()


@pytest.mark.parametrize("reading", ["plain", "markdown"])
def test_prompts_that_mean_harm_do_none(visit, sprint_of, reading):
    here = visit(sprint_of(*HOSTILE, context=HOSTILE[0]))
    here.context.add_init_script(f"try {{ localStorage.setItem('reading', '{reading}'); }} catch {{}}")
    page = here.signed_in("guarded")
    for _ in HOSTILE:
        prompt_on(page)
        page.wait_for_load_state("networkidle")
        assert page.locator(":is(.prompt-text, .context-text) :is(img, script, svg, a, iframe)").count() == 0
        press(page, "1")
    expect(page.locator(".prompt-text")).to_contain_text("Nothing left for you right now.")
    assert page.evaluate("window.harmed") is None


def test_a_long_prompt_scrolls_inside_a_card_that_stays_as_high_as_it_is(visit, sprint_of):
    page = visit(sprint_of("short", "long " * 5000, context="A passage of five words.")).signed_in("scroller")
    heights = set()
    for _ in range(2):
        prompt_on(page)
        heights.add(page.locator(".card").bounding_box()["height"])
        expect(page.locator(".context summary")).to_have_text("Passage, 5 words")
        page.locator(".context summary").click()
        expect(page.locator(".context-text")).to_be_hidden()
        page.keyboard.press("4")
    assert len(heights) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= 1200


@pytest.mark.parametrize(("width", "height"), [(360, 640), pytest.param(740, 360, marks=pytest.mark.slow)])
def test_on_a_small_card_a_long_passage_is_folded_and_the_prompt_in_sight(visit, sprint_of, width, height):
    sprint = sprint_of("Sum it up.", "Say it in one line.", context="word " * 300)
    page = visit(sprint, width=width, height=height).signed_in("reader", "/?tab=charts")
    page.get_by_role("tab", name="Rate").click()
    for _ in range(2):
        prompt_on(page)
        expect(page.locator(".context summary")).to_have_text("Passage, 300 words")
        expect(page.locator(".context-text")).to_be_hidden()
        expect(page.locator(".prompt-text")).to_be_in_viewport(ratio=1)
        assert page.locator(".prompt-text").evaluate(
            "one => one.getBoundingClientRect().bottom <= document.querySelector('.answers').getBoundingClientRect().top"
        )
        page.locator(".context summary").click()
        expect(page.locator(".context-text")).to_be_visible()
        page.locator(".score").nth(3).click()


def test_a_short_passage_stays_open_on_a_small_card(visit, sprint_of):
    short = sprint_of("Sum it up.", context="Five words and no more.")
    page = visit(short, width=360, height=740).signed_in("reader")
    prompt_on(page)
    expect(page.locator(".context-text")).to_be_visible()


def test_each_paragraph_runs_in_the_direction_of_its_letters(visit, sprint_of):
    here = visit(sprint_of("اكتب قصة قصيرة عن قطة\nin English, please"))
    page = here.signed_in("bidi")
    prompt_on(page)
    left = """() => {
        const range = document.createRange();
        const walker = document.createTreeWalker(document.querySelector(".prompt-text"), NodeFilter.SHOW_TEXT);
        const lines = [];
        while (walker.nextNode()) {
            range.selectNodeContents(walker.currentNode);
            lines.push(...[...range.getClientRects()].filter((box) => box.width > 1).map((box) => box.left));
        }
        return lines.map((each) => each - document.querySelector(".prompt-text").getBoundingClientRect().left);
    }"""
    arabic, english = page.evaluate(left)
    assert arabic > 100 and english < 5


def test_the_ways_to_read_count_nothing(visit, sprint_of):
    page = visit(sprint_of("one", "two")).signed_in("only-reading")
    prompt_on(page)
    page.get_by_role("button", name="Markdown").click()
    page.get_by_role("button", name="Markdown").click()
    expect_progress(page, 0, 0)
