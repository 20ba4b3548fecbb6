"""The card: the numbers of its own snapshot, every section, and no text that could break out of its place."""

import re

import pytest
from huggingface_hub import DatasetCard
from markdown_it import MarkdownIt

from components.organizing.sprint import change
from components.records import SCORE_WORDS, Prompt
from components.snapshots.configurations import BEST, CONFIGURATIONS, DEFAULT, EVENTS
from components.snapshots.configurations import PROMPTS as PROMPTS_TABLE
from components.snapshots.snapshot import write_snapshot
from components.snapshots.text import fenced, plain
from components.store import prompts
from components.store.store import Store
from tests.conftest import Person
from tests.snapshots.test_snapshot import HOSTILE

SECTIONS = (
    "Dataset summary",
    "Dataset details",
    "Visualisation",
    "Uses",
    "Dataset structure",
    "Dataset creation",
    "Source data",
    "Annotation process",
    "Who the annotators are",
    "Personal and sensitive information",
    "Citation",
    "Glossary",
    "Help with the next version",
)


def html_of(folder):
    card = DatasetCard.load(folder / "README.md")
    return MarkdownIt("commonmark", {"html": True}).enable("table").render(card.text)


def tables(html):
    """The cells of each row of each table, as text."""
    return [
        [
            tuple(re.sub("<[^>]*>", "", cell) for cell in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row))
            for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)
        ]
        for table in re.findall(r"<table>(.*?)</table>", html, re.S)
    ]


def test_the_head_declares_each_configuration_and_the_default(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "out")
    head = DatasetCard.load(folder / "README.md").data
    assert head.configs == [
        {
            "config_name": "default",
            "data_files": [{"split": "train", "path": "data/train-*"}],
            "default": True,
        },
        {"config_name": "best", "data_files": [{"split": "train", "path": "best/train-*"}]},
        {"config_name": "events", "data_files": [{"split": "train", "path": "events/train-*"}]},
        {"config_name": "prompts", "data_files": [{"split": "train", "path": "prompts/train-*"}]},
    ]
    assert head.pretty_name == "A test sprint"
    assert head.size_categories == ["n<1K"]
    assert (head.language, head.license) == (["en"], "other")


def test_it_has_every_section_field_and_word_of_the_rubric(sprint, tmp_path):
    html = html_of(sprint.snapshot(tmp_path / "out"))
    for section in SECTIONS:
        assert re.search(rf"<h[23]>{section}</h[23]>", html)
    for configuration in (DEFAULT, BEST, EVENTS, PROMPTS_TABLE):
        for column in configuration.columns:
            assert f"<td><code>{column.name}</code></td>" in html
    for word in SCORE_WORDS.values():
        assert f"<td>{word}</td>" in html


def test_its_numbers_are_those_of_the_tables(sprint, tmp_path):
    html = html_of(sprint.snapshot(tmp_path / "out"))
    assert "4 prompts with 10 ratings from 1 (very bad) to 5 (very good), given by 5 people." in html
    assert "The ratings in here are of 2026-03-01 (UTC)." in html
    rows = [row for table in tables(html) for row in table]
    for row in (
        ("Prompts in the sprint", "6"),
        ("Prompts in the default table", "4"),
        ("Ratings that count", "10"),
        ("People with a rating that counts", "5"),
        ("People who joined, raters or not", "5"),
        ("Events (ratings, changed ratings, skips, flags and withdrawals)", "15"),
        # Sources, then prompts by number of ratings.
        ("greetings", "2", "7", "3.57"),
        ("passages", "1", "2", "3.50"),
        ("evolved#verse", "1", "1", "3.00"),
        ("1", "1"),
        ("2", "2"),
        ("5", "1"),
        # Kind, prompts, ratings, five scores, mean: 3 and 5, then 3.5 and 3.
        ("human", "2", "7", "1", "1", "1", "1", "3", "4.00 ± 1.96"),
        ("synthetic", "2", "3", "0", "0", "2", "1", "0", "3.25 ± 0.49"),
        ("unknown", "0", "0", "0", "0", "0", "0", "0", ""),
    ):
        assert row in rows


def test_one_of_anything_is_not_many(store, person, tmp_path):
    only = Prompt("Just one.", "one", "human")
    store.write(lambda tx: prompts.add(tx, [only], {}))
    person("ada").rates(only, 3)
    write_snapshot(store, tmp_path / "out")
    assert "1 prompt with 1 rating from" in (tmp_path / "out/README.md").read_text()
    assert "given by 1 person." in (tmp_path / "out/README.md").read_text()


def test_the_example_is_a_real_row(sprint, tmp_path):
    card = (sprint.snapshot(tmp_path / "out") / "README.md").read_text()
    example = card.split("```json\n")[1].split("\n```")[0]
    assert '"prompt": "Say hello in Welsh."' in example and '"num_responses": 5' in example
    assert all(f'"{column.name}"' in example for column in CONFIGURATIONS[0].columns)


def test_it_calls_to_where_the_sprint_is(sprint, tmp_path):
    assert "https://" not in html_of(sprint.snapshot(tmp_path / "out")).split("Help with")[1]
    folder = sprint.snapshot(tmp_path / "out", public_address="https://sprint.example.org")
    assert '<a href="https://sprint.example.org">' in html_of(folder).split("Help with")[1]


def test_an_empty_sprint_has_a_card_too(store, tmp_path):
    write_snapshot(store, tmp_path / "out")
    html = html_of(tmp_path / "out")
    assert "Nobody had rated anything yet" in html and "no example to show" in html
    assert "None" not in html


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: repr(text[:20]))
def test_whatever_a_text_says_the_structure_of_the_card_is_the_same(tmp_path, clock, text):
    assert structure(tmp_path / "hostile", clock, text) == structure(tmp_path / "harmless", clock, "harmless")


def structure(folder, clock, text):
    """The tags of the card of a sprint in which everything somebody can write is this text."""
    folder.mkdir()
    line = " ".join(text.split())[:500]
    with Closing(Store(f"sqlite:///{folder / 'sprint.db'}", clock).open(line)) as store:
        prompt = Prompt(
            text[:1000], line, "human", text, None, {"license": text, "language": text, "topic": text}
        )
        store.write(lambda tx: prompts.add(tx, [prompt], {}))
        Person(store, "ada").rates(prompt, 5)
        write_snapshot(store, folder / "out")
    html = html_of(folder / "out")
    assert [len(row) for table in tables(html) for row in table]
    return re.findall(r"</?[a-z]\w*|<!--", html), [len(table) for table in tables(html)]


class Closing:
    """A store that is closed when the block ends."""

    def __init__(self, store):
        self.store = store

    def __enter__(self):
        return self.store

    def __exit__(self, *error):
        self.store.close()


def test_a_fence_is_longer_than_any_in_it():
    assert fenced("a ```` b", "json").startswith("`````json\n")
    assert fenced("plain", "json") == "```json\nplain\n```"


@pytest.mark.parametrize(
    "name", ["evol_instruct", "LDJnr/Capybara#Dove", "a|b\\|c", "<b>*x*</b> ~~y~~ $z$ &amp; `q`"]
)
def test_a_name_reads_as_it_is_written(name):
    table = f"| A |\n|---|\n| {plain(name)} |"
    [[_, (cell,)]] = tables(MarkdownIt("commonmark").enable("table").render(table))
    shown = cell.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert shown == name


def test_it_says_since_when_the_guidelines_stand_and_what_was_rated_under_others(
    store, person, clock, tmp_path
):
    only = Prompt("Just one.", "one", "human")
    store.write(lambda tx: prompts.add(tx, [only], {}))
    change(store, "terminal", guidelines="# First")
    card = write_snapshot(store, tmp_path / "first").card
    assert "These stand since 2026-03-01 12:00 UTC." in card
    assert "how clear, interesting and complex" not in card and "leans on something" not in card
    clock.forward(minutes=30)
    person("ada").rates(only, 4)
    clock.forward(minutes=15)
    change(store, "terminal", guidelines=None)
    card = write_snapshot(store, tmp_path / "second").card
    assert "These stand since 2026-03-01 12:45 UTC; ratings from before were given under earlier ones" in card
    assert "how clear, interesting and complex" in card and "leans on something" in card
    # No moment that is still to come, and none that tells to the minute when somebody rated.
    assert "the newest of it is of 2026-03-01, in the hour from 12:00 UTC." in card
