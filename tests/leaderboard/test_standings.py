"""The leaderboard: most ratings first, ties share a rank, and the view holds everybody's totals."""

from components.leaderboard.standings import ranked
from components.leaderboard.views import views
from components.live.moment import Moment
from components.live.raters import Raters


def leaderboard(store):
    with store.reading() as connection:
        return views(Raters())[0].compute(Moment(connection))


def test_equal_numbers_share_a_rank_and_the_next_is_left_free():
    rows = ranked([{"ratings": 9}, {"ratings": 5}, {"ratings": 5}, {"ratings": 1}])
    assert [row["rank"] for row in rows] == [1, 2, 2, 4]


def test_nobody_rated_yet(store):
    assert leaderboard(store) == {"contributors": 0, "ratings": 0, "rows": []}


def test_contributors_stand_by_their_ratings_and_skips_do_not_count(store, loaded, person):
    ada, bob, cy = person("ada"), person("bob"), person("cy")
    for prompt in loaded[:3]:
        bob.rates(prompt, 4)
    ada.rates(loaded[0], 4)
    ada.rates(loaded[0], 5)
    for prompt in loaded:
        cy.skips(prompt)
    document = leaderboard(store)
    assert [(row["rank"], row["username"], row["ratings"]) for row in document["rows"]] == [
        (1, "bob", 3),
        (2, "ada", 1),
    ]
    assert (document["contributors"], document["ratings"]) == (2, 4)
    assert not {"contributor_id", "pseudonym", "subject"} & set(document["rows"][0])
