"""Standings: who stands where in four periods, and that what is kept equals a count of everything."""

import random

import pytest

from components.leaderboard.boards import Boards
from components.leaderboard.periods import PERIODS
from components.leaderboard.standings import ONE_MOVED_IN, Counts, counts_of
from components.leaderboard.views import views
from components.live.moment import Moment
from components.live.needs import Needs
from components.live.raters import Raters
from components.organizing.sprint import change
from components.records import DAY_MS, SCORES
from components.store import contributors

DAY_MINUTES = DAY_MS / 60_000


class Watching:
    """Somebody who sees every board as the page does, again and again."""

    def __init__(self, store) -> None:
        self.store = store
        self.boards = Boards(Raters(), bool)
        self.views = {view.name: view for view in views(self.boards, Needs())}

    def __call__(self, period: str = "all") -> dict:
        with self.store.reading() as connection:
            moment = Moment(connection, self.store.clock())
            return {name: view.compute(moment) for name, view in self.views.items()}[f"leaderboard-{period}"]

    def names(self, period: str = "all") -> list[tuple[int, str]]:
        return [(row["rank"], row["name"]) for row in self(period)["rows"]]


@pytest.fixture
def board(store) -> Watching:
    return Watching(store)


@pytest.fixture
def known(store, person):
    """Somebody who shows their name, or is seen otherwise."""

    def begin(name: str, visibility: str = "name", nickname: str = "", team: str = ""):
        one = person(name)
        store.write(lambda tx: contributors.show_as(tx, one.id, visibility, nickname))
        if team:
            store.write(lambda tx: contributors.set_team(tx, one.id, team))
        return one

    return begin


def test_nobody_rated_yet(board):
    for period in PERIODS:
        document = board(period.name)
        assert (document["people"], document["rows"], document["teams"]) == (0, [], [])
        assert document["total"] == {"ratings": 0, "completed": 0, "points": 0}


def test_contributors_stand_by_their_points_ties_share_a_rank_and_skips_do_not_count(board, loaded, known):
    for name, number in (("ada", 1), ("bob", 3), ("cyd", 3), ("dan", 0)):
        one = known(name)
        for prompt in loaded[:number]:
            one.rates(prompt, 4)
        one.skips(loaded[9])
    assert board.names() == [(1, "bob"), (1, "cyd"), (3, "ada")]
    document = board()
    assert (document["people"], document["listed"], document["total"]["ratings"]) == (3, 3, 7)
    assert not {"contributor_id", "pseudonym", "username", "subject"} & set(document["rows"][0])


def test_whoever_has_not_said_is_not_named_and_whoever_is_hidden_is_only_counted(
    board, loaded, person, known
):
    new, moth, hidden = person("new"), known("bob", "nickname", "Moth"), known("cyd", "hidden")
    for one in (new, moth, hidden):
        one.rates(loaded[0], 4)
    names = {name for _, name in board.names()}
    assert "Moth" in names and len(names) == 2 and not names & {"new", "bob", "cyd"}
    document = board()
    assert (document["people"], document["listed"], document["total"]["ratings"]) == (3, 2, 3)
    assert all(row["profile"] == "" and row["avatar"] is False for row in document["rows"])
    assert "cyd" not in str(document) and "bob" not in str(document)


def test_another_choice_is_another_row_so_that_nobody_is_followed_through_it(board, store, loaded, known):
    ada = known("ada")
    ada.rates(loaded[0], 4)
    [before] = board()["rows"]
    store.write(lambda tx: contributors.show_as(tx, ada.id, "nickname", "Moth"))
    [after] = board()["rows"]
    assert after["name"] == "Moth" and after["key"] != before["key"]


def test_each_period_counts_its_own_days_in_utc(board, store, loaded, known, clock):
    ada, bob = known("ada"), known("bob")
    for prompt in loaded[:3]:
        ada.rates(prompt, 4)
    change(store, "terminal", starts_at=clock.now + DAY_MS // 2)  # at midnight, before bob's
    clock.forward(DAY_MINUTES)
    bob.rates(loaded[0], 4, local_date="2026-03-01")  # it is still yesterday for them
    assert board.names("today") == [(1, "bob")]
    assert board.names("sprint") == [(1, "bob")]
    assert board.names("week") == board.names("all") == [(1, "ada"), (2, "bob")]
    clock.forward(6 * DAY_MINUTES)
    assert board("today")["rows"] == [] and board.names("week") == [(1, "bob")]
    assert board("today")["first_day"] == board("today")["last_day"] == "2026-03-08"


def test_movement_is_told_since_yesterday(board, loaded, known, clock):
    ada, bob, cyd = known("ada"), known("bob"), known("cyd")
    for prompt in loaded[:3]:
        ada.rates(prompt, 4)
    bob.rates(loaded[0], 4)
    clock.forward(DAY_MINUTES)
    for prompt in loaded[1:6]:
        bob.rates(prompt, 5)
        cyd.rates(prompt, 4)
    assert {row["name"]: row["moved"] for row in board()["rows"]} == {"bob": 1, "cyd": None, "ada": -2}


def test_days_and_streak_go_by_ones_own_days(board, loaded, known, clock):
    ada = known("ada")
    for place, prompt in enumerate(loaded[:4]):
        ada.rates(prompt, 4)
        clock.forward((2 if place == 0 else 1) * DAY_MINUTES)
    [row] = board()["rows"]
    assert (row["days"], row["streak"]) == (4, 3)
    clock.forward(2 * DAY_MINUTES)
    assert board()["rows"][0]["streak"] == 0


def test_teams_add_up_whoever_is_hidden_and_however_they_are_spelled(board, store, loaded, known):
    known("ada", team="Night shift").rates(loaded[0], 4)
    known("bob", team="night  Shift").rates(loaded[0], 4)
    known("cyd", "hidden", team="Night shift").rates(loaded[1], 4)
    known("dan").rates(loaded[2], 4)
    [team] = board()["teams"]
    assert (team["rank"], team["name"], team["people"], team["ratings"]) == (1, "Night shift", 3, 3)
    assert {row["name"]: row["team"] for row in board()["rows"]}["dan"] == ""


def test_organizers_switch_points_teams_and_the_ranking_off_and_the_totals_stay(board, store, loaded, known):
    ada = known("ada", team="Reds")
    ada.rates(loaded[0], 4)
    before = board()
    assert before["rows"][0]["points"] == 1 and before["teams"]
    change(store, "terminal", points=False)
    assert board()["rows"][0]["points"] is None and board()["teams"][0]["points"] is None
    change(store, "terminal", teams=False)
    assert board()["teams"] == [] and "team" not in board()["rows"][0]
    change(store, "terminal", ranking=False)
    assert board()["rows"] == [] and board()["listed"] == 0
    assert (board()["people"], board()["total"]["ratings"]) == (1, 1)
    change(store, "terminal", points=True, teams=True, ranking=True)
    assert board() == before


def test_without_points_they_stand_by_ratings(board, store, loaded, known):
    ada, bob = known("ada"), known("bob")
    ada.send(ada.event(loaded[0], 4).marked(completes=True))
    for prompt in loaded[:2]:
        bob.rates(prompt, 4)
    assert board.names() == [(1, "ada"), (2, "bob")]
    change(store, "terminal", points=False)
    assert board.names() == [(1, "bob"), (2, "ada")]


@pytest.mark.parametrize("first, last", [(-9, 99), (0, 0), (2, 3), (3, 99), (-9, 2), (9, 99), (-9, -5)])
def test_counting_from_the_end_is_counting_all_between(board, loaded, known, clock, first, last):
    ada = known("ada")
    start = clock.now // DAY_MS
    for prompt in loaded[:4]:
        ada.rates(prompt, 4)
        clock.forward(1.5 * DAY_MINUTES)
    board()
    rater = board.boards.latest("all").standings.everybody[ada.id].rater
    plain = sum(day.ratings for day in rater.days if first <= day.utc_day - start <= last)
    assert counts_of(rater, start + first, start + last) == Counts(plain, 0, 0)


@pytest.mark.parametrize("number", [7, 3 * ONE_MOVED_IN])
def test_what_is_kept_from_moment_to_moment_equals_a_count_of_everything(
    board, store, loaded, known, clock, number
):
    chance = random.Random(5)
    people = [known(f"person-{place}", team=f"team-{place % 2}") for place in range(number)]
    for one in people:
        one.rates(loaded[0], 4)
    for _ in range(40):
        one = chance.choice(people)
        match chance.randrange(6):
            case 0:
                visibility = chance.choice(("name", "nickname", "hidden"))
                store.write(lambda tx, one=one, seen=visibility: contributors.show_as(tx, one.id, seen, ""))
            case 1:
                store.write(
                    lambda tx, one=one: contributors.set_team(tx, one.id, chance.choice(("", "reds")))
                )
            case 2:
                clock.forward(DAY_MINUTES / 2)
            case _:
                event = one.event(chance.choice(loaded), chance.choice((*SCORES, None)))
                one.send(event.marked(thin=True) if event.score == 3 else event)
        for period in PERIODS:
            assert board(period.name) == Watching(store)(period.name)
    assert board()["rows"]
