"""Ratings beyond the goal are told where the numbers are, and only if there are any."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ORGANIZER
from tests.serving import Serving, Visitor, rating


@pytest.fixture
def wanting_one(tmp_path, prompts_file):
    """A sprint that wants one rating for each of thirty prompts."""
    prompts_file.write_text(
        "".join(f'{{"prompt": "Prompt {n}", "source": "a", "kind": "human"}}\n' for n in range(30))
    )
    with Serving(
        tmp_path / "sprint", PROMPTS=prompts_file, ORGANIZERS=ORGANIZER, RATINGS_PER_PROMPT=1
    ) as serving:
        yield serving


def test_ratings_beyond_the_goal_are_told(visit, wanting_one):
    here = visit(wanting_one)
    numbers = here.signed_in(ORGANIZER, "/?tab=organize").locator(".organize > .numbers").first
    coverage = here.open("/?tab=charts").locator(".chart-subtitle").first
    with Visitor(wanting_one) as ada, Visitor(wanting_one) as bob:
        [prompt, *_] = ada.signs_in("ada").asks()
        ada.sends(rating(prompt["prompt_id"])).raise_for_status()
        expect(numbers).to_contain_text("Ratings")
        expect(coverage).to_contain_text("1 rating;")
        assert "beyond" not in numbers.inner_text() + coverage.inner_text()
        bob.signs_in("bob").sends(rating(prompt["prompt_id"])).raise_for_status()
    expect(numbers).to_contain_text("Ratings, 1 beyond the goal")
    expect(coverage).to_contain_text("1 rating beyond the goal")
