"""Scores by kind, source and length: the tallies in another shape, named as they are, compared where there are enough."""

from collections import Counter

import pytest

from components.charts import heatmap, scores, sources
from components.charts.labels import short_name
from components.charts.scores import Scores
from components.records import SCORES, Filter, Prompt
from components.store import cube, prompts, tallies
from tests.charts.conftest import HOSTILE, MARCH_1, SOURCES, numbers_of, tally


def test_kinds_stand_in_their_order_with_every_score(many):
    counted = Counter()
    for row in tally(many, cube.scores):
        counted[row["kind"], row["score"]] += row["ratings"]
    drawn = numbers_of(many, scores.by_kind)
    assert [row.name for row in drawn] == ["human", "synthetic", "unknown"]
    for row in drawn:
        assert row.given == tuple(counted[row.name, score] for score in SCORES)
        assert row.n == sum(row.given) and row.liked == counted[row.name, 4] + counted[row.name, 5]


def test_twelve_sources_stand_alone_and_the_rest_together(many):
    counted = Counter()
    for row in tally(many, cube.scores):
        counted[row["source"], row["score"]] += row["ratings"]
    drawn = numbers_of(many, scores.by_source)
    named, other = drawn[:12], drawn[12]
    assert len(drawn) == 13
    assert other.name == "other (3 sources)" and other.folded == 3
    assert {row.name for row in named} == {*HOSTILE}
    for row in named:
        assert row.given == tuple(counted[row.name, score] for score in SCORES)
    for at, score in enumerate(SCORES):
        assert sum(row.given[at] for row in drawn) == sum(counted[source, score] for source in SOURCES)
    assert [row.n for row in named] == sorted((row.n for row in named), reverse=True)


def test_a_source_whose_only_rating_moved_to_another_score_has_one_rating(store, loaded, rate):
    rate(0, loaded[0], 1, MARCH_1)
    rate(0, loaded[0], 5, MARCH_1 + 1)
    store.write(lambda transaction: None)
    assert numbers_of(store, scores.by_source) == [Scores(loaded[0].source, (0, 0, 0, 0, 1))]


@pytest.mark.parametrize("read", [scores.by_kind, scores.by_source, scores.by_length])
def test_what_was_all_taken_back_has_no_row(store, read):
    gone = {"day": "2026-03-01", "source": "a", "kind": "human", "length_class": "short", "score": 3}
    store.write(lambda transaction: transaction.change(tallies.ADD_TO_SCORES, [(*gone.values(), 0, 0)]))
    assert numbers_of(store, read) == []


def test_lengths_stand_from_the_shortest(store, rate):
    some = [Prompt("x" * length, "a", "human") for length in (2500, 10, 600)]
    store.write(lambda transaction: prompts.add(transaction, some, {}))
    for prompt in some:
        rate(0, prompt, 4, MARCH_1)
    store.write(lambda transaction: None)
    assert [row.name for row in numbers_of(store, scores.by_length)] == ["short", "long", "very long"]


def test_a_filter_leaves_the_ratings_of_its_sources_kinds_and_days(many):
    counted = Counter()
    with many.reading() as connection:
        for row in connection.exec_driver_sql("SELECT day, source, kind, ratings FROM score_tallies"):
            if row.source in HOSTILE[:2] and row.kind == "human" and "2026-03-05" <= row.day <= "2026-03-12":
                counted[row.source] += row.ratings
    chosen = Filter(HOSTILE[:2], ("human",), "2026-03-05", "2026-03-12")
    assert {row.name: row.n for row in numbers_of(many, scores.by_source, chosen)} == counted
    assert counted.total() > 5


def test_the_heatmap_has_a_share_for_each_score_of_each_source(many):
    rows = numbers_of(many, heatmap.table)
    [cells] = heatmap.draw(rows)["figure"]["data"]
    assert len(cells["z"]) == len(cells["text"]) == 13
    assert all(sum(shares) == pytest.approx(100, abs=0.1) for shares in cells["z"])
    assert cells["customdata"][0][4][1:] == ["Very good", rows[0].given[4]]


def test_the_table_of_sources_has_all_of_them_with_their_prompts(many):
    rows = numbers_of(many, sources.table)
    assert {row.name for row in rows} == {*SOURCES}
    assert sum(row.prompts for row in rows) == 34 * len(HOSTILE) + 3
    assert sum(row.ratings for row in rows) == sum(row["ratings"] for row in tally(many, cube.scores))
    assert [row.prompts for row in rows] == sorted((row.prompts for row in rows), reverse=True)
    # A prompt of the first source has 0, 1, 2 or 3 ratings in turn, and 3 are wanted.
    assert next(row for row in rows if row.name == HOSTILE[0]).complete == 8


@pytest.mark.parametrize("by", ["kind", "source", "length"])
def test_scores_draw_their_table(many, by):
    read, draw = getattr(scores, f"by_{by}"), scores.draw_by_kind if by == "kind" else scores.draw
    rows = numbers_of(many, read)
    drawn = draw(rows)["figure"]
    assert [bars["x"] for bars in drawn["data"]] == [
        [row.given[at] for row in rows] for at in range(len(SCORES))
    ]
    assert drawn["layout"]["barnorm"] == "percent" and drawn["layout"]["barmode"] == "stack"
    labels = [label["text"] for label in drawn["layout"]["annotations"]]
    assert all(f"n = {row.n:,}</b>" in label for row, label in zip(rows, labels[:-1], strict=True))


def test_names_of_sources_bring_no_markup_along(many):
    layout = scores.draw(numbers_of(many, scores.by_source))["figure"]["layout"]
    labels = [label["text"] for label in layout["annotations"][:-1]]
    for text in [*layout["yaxis"]["ticktext"], *labels]:
        ours = text.replace("<br>", "").replace("<b>n = ", "").replace("</b>", "")
        assert "<" not in ours and "$" not in ours
    assert any("&lt;b&gt;bold&lt;/b&gt;" in label for label in labels)


def test_names_that_look_alike_when_short_keep_bars_of_their_own(many):
    drawn = scores.draw(numbers_of(many, scores.by_source))["figure"]
    assert all(bars["y"] == list(range(13)) for bars in drawn["data"])
    assert len({*drawn["layout"]["yaxis"]["ticktext"]}) == 13


def test_a_source_called_like_a_kind_does_not_get_its_colour(store, rate):
    prompt = Prompt("A prompt", "human", "synthetic")
    store.write(lambda transaction: prompts.add(transaction, [prompt], {}))
    rate(0, prompt, 3, MARCH_1)
    store.write(lambda transaction: None)
    by_source = scores.draw(numbers_of(store, scores.by_source))["figure"]["layout"]["annotations"][0]
    by_kind = scores.draw_by_kind(numbers_of(store, scores.by_kind))["figure"]["layout"]["annotations"][0]
    assert "color" in by_kind["text"] and "color" not in by_source["text"]


def scored(*rows: tuple) -> list[Scores]:
    """Rows of name, folded, and how many of the scores 3 and 4."""
    return [Scores(name, (0, 0, ok, good, 0), folded) for name, folded, ok, good in rows]


def test_kinds_with_few_ratings_are_left_out_of_the_title_and_not_of_the_text():
    said = scores.words_by_kind(scored(("human", 0, 40, 60), ("synthetic", 0, 75, 25), ("unknown", 0, 1, 9)))
    assert said.finding == "Share of 4s and 5s: 60 % for human and 25 % for synthetic prompts"
    assert "90 % of 10" in said.text
    assert scores.words_by_kind(scored(("human", 0, 4, 6))).finding is None


def test_sources_are_compared_only_among_those_with_enough_ratings():
    said = scores.words_by_source(
        scored(("a", 0, 40, 60), ("b", 0, 75, 25), ("c", 0, 0, 99), ("other (3 sources)", 3, 0, 500))
    )
    assert said.finding == f"Share of 4s and 5s: from 25 % ({short_name('b')}) to 60 % ({short_name('a')})"
    assert said.subtitle.startswith("n = 799 ratings of prompts from 6 sources")
    assert "100 ratings or more" in said.subtitle and "100 ratings or more" in said.text


def test_sources_that_do_not_differ_or_stand_alone_leave_the_question_open():
    assert scores.words_by_source(scored(("a", 0, 50, 50), ("b", 0, 100, 100))).finding is None
    assert scores.words_by_source(scored(("a", 0, 50, 50))).finding is None
