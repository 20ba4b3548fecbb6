"""My ratings over HTTP: one's own, and refused to everybody else."""

import csv
import io
import json

import pytest

from components.records import Prompt
from components.spreadsheet import RISKY
from components.store import prompts
from tests.conftest import Person

PATHS = ("/api/my/ratings", "/api/my/ratings.csv", "/api/my/ratings.json")


@pytest.fixture
def ada(store, loaded, clock) -> Person:
    """Somebody who rated, changed their mind, and skipped."""
    person = Person(store, "ada")
    person.rates(loaded[0], 2, happened_at=clock.now)
    clock.forward(minutes=1)
    person.rates(loaded[0], 5, happened_at=clock.now, shown_ms=900, local_date="2026-03-01")
    person.skips(loaded[1])
    Person(store, "bob").rates(loaded[2], 1)
    return person


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_told_anything_without_signing_in(browser, ada, path):
    answer = browser().get(path)
    assert answer.status_code == 401 and "Sign in" in answer.json()["detail"]


@pytest.mark.parametrize("path", PATHS)
def test_nothing_of_it_is_kept_on_the_way(browser, ada, path):
    answer = browser("ada").get(path)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"


def test_the_page_asks_for_its_rows(browser, ada, loaded):
    answer = browser("ada").get("/api/my/ratings", params={"q": "NUMBER 0", "action": "rated"}).json()
    assert (answer["total"], answer["page"], answer["pages"]) == (1, 1, 1)
    assert answer["rows"][0]["text"] == loaded[0].text and answer["rows"][0]["score"] == 5


@pytest.mark.parametrize("asked", [{"action": "joined"}, {"page": 0}, {"q": "x" * 201}, {"page": "many"}])
def test_what_cannot_be_asked_for_is_refused(browser, ada, asked):
    assert browser("ada").get("/api/my/ratings", params=asked).status_code == 422


def read_csv(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_both_downloads_hold_every_event_and_nobody_elses(browser, ada, loaded):
    visitor = browser("ada")
    answer = visitor.get("/api/my/ratings.csv")
    assert answer.headers["content-disposition"] == 'attachment; filename="my-ratings-2026-03-01.csv"'
    table = read_csv(answer)
    told = visitor.get("/api/my/ratings.json").json()
    assert told["username"] == "ada"
    for events in (table, told["events"]):
        did = [(event["action"], str(event["score"] or ""), event["prompt"] or "") for event in events]
        assert did == [
            ("joined", "", ""),
            ("rated", "2", loaded[0].text),
            ("rated", "5", loaded[0].text),
            ("skipped", "", loaded[1].text),
        ]
    assert (
        told["events"][2]["happened_at"] == "2026-03-01T12:01:00.000Z"
        and told["events"][2]["shown_ms"] == 900
    )


def test_a_download_is_as_blind_as_the_page(browser, ada, loaded):
    table = read_csv(browser("ada").get("/api/my/ratings.csv"))
    assert [event["source"] for event in table] == ["", loaded[0].source, loaded[0].source, ""]


@pytest.mark.parametrize("beginning", RISKY)
def test_no_spreadsheet_takes_a_prompt_for_a_formula(browser, store, beginning):
    text = f'{beginning}HYPERLINK("http://harm", "x"), "quoted"\nsecond line'
    prompt = Prompt(text, f"{beginning}source", "human", context=f"{beginning}1")
    store.write(lambda tx: prompts.add(tx, [prompt], {"file": "test"}))
    Person(store, "ada").rates(prompt, 3)
    visitor = browser("ada")
    row = read_csv(visitor.get("/api/my/ratings.csv"))[1]
    assert (row["prompt"], row["source"], row["context"]) == (
        f"'{text}",
        f"'{beginning}source",
        f"'{beginning}1",
    )
    assert visitor.get("/api/my/ratings.json").json()["events"][1]["prompt"] == text


def test_thousands_of_events_come_in_pieces_and_in_order(store, browser, loaded):
    ada = Person(store, "ada")
    for n in range(1203):
        ada.rates(loaded[n % 12], n % 5 + 1, happened_at=store.clock() + n)
    visitor = browser("ada")
    with visitor.stream("GET", "/api/my/ratings.json") as answer:
        told = json.loads(b"".join(answer.iter_raw()))
    assert [event["score"] for event in told["events"][1:]] == [n % 5 + 1 for n in range(1203)]
    assert len(read_csv(visitor.get("/api/my/ratings.csv"))) == 1204


def test_somebody_who_did_nothing_yet_gets_an_empty_ledger(browser, store):
    visitor = browser("new")
    empty = {"total": 0, "page": 1, "pages": 1, "rows": [], "earned": None}
    assert visitor.get("/api/my/ratings").json() == empty
    assert [event["action"] for event in visitor.get("/api/my/ratings.json").json()["events"]] == ["joined"]
