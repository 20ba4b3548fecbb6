"""Agreement on the page: drawn for everybody, severities and kappa for organizers, and how the numbers are made."""

import json
from contextlib import closing

import numpy as np
from playwright.sync_api import expect

from components.agreement.work import found
from components.records import KINDS, Prompt
from components.store import findings, prompts
from components.store.store import Store
from tests.browser.conftest import axe_findings, sign_in
from tests.conftest import Person, keep
from tests.serving import Serving


def fill(store: Store) -> None:
    """Forty prompts of four sources and two kinds, rated by three people, one of them severe; and the numbers."""
    some = [Prompt(f"Prompt number {n}", f"source-{n % 4}", KINDS[n % 4 // 2]) for n in range(40)]
    store.write(lambda tx: prompts.add(tx, some, {"file": "test"}))
    rng = np.random.default_rng(4)
    worth = rng.integers(2, 6, len(some))
    for name, severity in (("ada", 0), ("bob", 0), ("cleo", -1)):
        person = Person(store, name)
        scores = np.clip(worth + severity + rng.integers(-1, 2, len(some)), 1, 5).tolist()
        told = [person.event(prompt, score) for prompt, score in zip(some, scores, strict=True)]
        store.write(lambda tx, told=told: keep(tx, told))
    version, contents = found(store.database, lambda doing, done, total: None)
    made = findings.Made(version, store.clock(), 5)
    kept = {name: json.dumps(one) for name, one in contents.items()}
    store.write(lambda tx: findings.keep(tx, made, kept))


def test_numbers_are_drawn_for_everybody_and_severities_for_organizers(visit, tmp_path):
    with closing(Store(f"sqlite:///{tmp_path / 'sprint.db'}").open()) as store:
        fill(store)
    with Serving(tmp_path, ORGANIZERS="olga") as serving:
        page = visit(serving, width=360).open("/?tab=charts")
        part = page.locator(".agreement")
        expect(part.locator(".agreement-state")).to_contain_text(
            "120 ratings of 40 prompts by 3 contributors"
        )
        agree = part.locator(".chart").first
        expect(agree.locator(".chart-subtitle")).to_contain_text("agree better than chance would have it")
        expect(agree.locator(".range-words").first).to_contain_text("120 pairs")
        expect(agree.locator("section").first.locator(".range")).to_have_count(4)
        # The line of the interval holds the dot.
        line, dot = (agree.locator(f".range-{one}").first.bounding_box() for one in ("line", "dot"))
        assert line["x"] < dot["x"] + dot["width"] / 2 < line["x"] + line["width"]
        expect(part).to_contain_text("Severity and source taken out")
        expect(part).to_contain_text("without the busiest contributor")
        part.get_by_text("Other measures").click()
        expect(part).to_contain_text("The agreement ratio, as published datasets have it: 0.")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        assert axe_findings(page) == []

        sign_in(page, "olga")
        page.goto(f"{serving.address}/?tab=organize&section=agreement")
        review = page.locator(".agreement-review")
        people = review.locator(".review-people .range")
        expect(people).to_have_count(3)
        expect(people.filter(has_text="cleo").locator(".range-words")).to_contain_text("−")
        expect(review.locator(".kappa")).to_have_count(6)
        expect(review.locator(".review-rest")).to_contain_text("Without the busiest contributor α is")
        review.get_by_label("Compare cleo").click()
        expect(review.locator(".kappa")).to_have_count(2)
        assert axe_findings(page) == []

        page.goto(f"{serving.address}/methods")
        expect(page.get_by_role("heading", name="How the numbers are made")).to_be_visible()
        assert axe_findings(page) == []
