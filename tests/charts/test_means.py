"""Mean scores: the highest first, with intervals where there are enough ratings, compared only where these part."""

from components.charts import means
from components.charts.interval import mean_interval
from components.charts.means import Mean
from components.charts.scores import Scores
from tests.charts.conftest import numbers_of


def mean(name: str, *given: int, folded: int = 0) -> Mean:
    return Mean(Scores(name, given, folded), mean_interval(given))


def test_the_highest_mean_stands_first_and_the_others_last(many):
    rows = numbers_of(many, means.table)
    values = [row.value for row in rows[:-1]]
    assert values == sorted(values, reverse=True) and rows[-1].scores.folded == 3
    assert all(row.interval and row.interval[0] < row.value < row.interval[1] for row in rows[:-1])


def test_a_mean_of_few_ratings_is_hollow_and_without_a_line():
    few = mean("few", 0, 0, 0, 2, 1)
    [dots] = means.draw([mean("enough", 0, 5, 20, 5, 0), few])["figure"]["data"]
    assert dots["marker"]["symbol"] == ["circle", "circle-open"]
    assert dots["error_x"]["array"][0] > 0 and dots["error_x"]["array"][1] == 0
    assert few.cells()["low_95"] is None


def test_sources_are_compared_only_where_their_intervals_part():
    apart = [mean("a", 0, 0, 0, 200, 0), mean("b", 0, 200, 0, 0, 0)]
    alike = [mean("a", 0, 0, 100, 110, 0), mean("b", 0, 0, 110, 100, 0)]
    assert means.words(apart).finding == "Mean score: from 2.00 (\u2068b\u2069) to 4.00 (\u2068a\u2069)"
    assert means.words(alike).finding is None
    assert "the title compares sources with 100 ratings or more" in means.words(apart).subtitle
    assert "The title compares" in means.words(apart).text
    assert "compares" not in means.words(alike).subtitle + means.words(alike).text
    assert "independent" in means.words(alike).subtitle and "one person" in means.words(alike).text
