"""The published cases, and real ratings by several people."""

import csv
import json

import numpy as np
import pytest

from components.agreement.alpha import alpha
from components.agreement.kappa import fleiss_kappa, weighted_kappa
from components.agreement.patterns import patterns_of
from tests.agreement.published import counts_of

ALPHA = "krippendorff_alpha "
LEVELS = ("ordinal", "nominal", "interval")


@pytest.fixture
def cases(shared) -> dict[str, dict]:
    told = json.loads((shared / "data/reference/agreement_cases.json").read_text())
    return {case["id"]: case for case in told["cases"]}


def counts_in(cases: dict[str, dict], case: dict) -> np.ndarray:
    data = case["data"]
    if "same_as" in data:
        counts = counts_in(cases, cases[data["same_as"]])
        return counts[:15] if data.get("rows") == "first 15" else counts
    if "counts" in data:
        return np.array(data["counts"])
    # "Not rated" becomes 0; codes that begin with 0 are moved.
    rows = [[-1 if value is None else value for value in row] for row in data["matrix"]]
    matrix = np.array(rows)
    move = 1 if "NO=0" in data.get("values", "") else 0
    return counts_of(matrix + move)


def rows_of(shared, name: str) -> list[dict[str, str]]:
    with (shared / f"data/ratings/{name}.ratings.csv").open() as file:
        return list(csv.DictReader(file))


def test_every_published_alpha_of_the_levels_here_is_met(cases):
    met = 0
    for case in cases.values():
        level = case["statistic"].removeprefix(ALPHA)
        if case["statistic"].startswith(ALPHA) and level in LEVELS:
            found = alpha(patterns_of(counts_in(cases, case)), level).value
            assert found == pytest.approx(case["expected"], abs=case["tolerance"]), case["id"]
            met += 1
    assert met == 9


def test_every_published_fleiss_kappa_is_met(cases):
    met = 0
    for case in cases.values():
        if case["statistic"].startswith("fleiss_kappa") and not case["statistic"].endswith(" z"):
            found = fleiss_kappa(patterns_of(counts_in(cases, case)))
            assert found == pytest.approx(case["expected"], abs=case["tolerance"]), case["id"]
            met += 1
    assert met == 5


def test_every_published_kappa_of_two_is_met(cases, shared):
    rows = rows_of(shared, "pandalm_preference_012")
    given = {(row["item_id"], row["rater_id"]): int(row["rating"]) for row in rows}
    items = sorted({row["item_id"] for row in rows})
    for first, second in ((1, 2), (1, 3), (2, 3)):
        both = np.zeros((3, 3), int)
        for item in items:
            both[given[item, f"annotator{first}"], given[item, f"annotator{second}"]] += 1
        case = cases[f"pandalm-kappa-{first}{second}"]
        assert weighted_kappa(both, "none").value == pytest.approx(case["expected"], abs=case["tolerance"])


def test_alpha_of_real_ratings_is_what_others_computed(shared):
    told = json.loads((shared / "data/ratings/INDEX.json").read_text())
    met = 0
    for name, about in told.items():
        rows, seen, counts = rows_of(shared, name), set(), {}
        for row in rows:
            pair = row["item_id"], row["rater_id"]
            # Where somebody rated the same twice, those figures rest on the first.
            if pair in seen:
                continue
            seen.add(pair)
            counts.setdefault(row["item_id"], np.zeros(7, int))[int(row["rating"])] += 1
        patterns = patterns_of(np.stack(list(counts.values())))
        for level in LEVELS:
            expected = about["computed_by_us"].get(f"krippendorff_alpha_{level}")
            if expected is not None:
                assert alpha(patterns, level).value == pytest.approx(expected, abs=2e-6), (name, level)
                met += 1
    assert met >= 25
