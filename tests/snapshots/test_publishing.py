"""Publishing: everything or nothing, onto a double of the Hub, with its real client."""

import pytest

from components.errors import BadSetting, PlaceRefused, PlaceUnreachable, SprintError
from components.prompt_sources.jobs import Job
from components.records import Action
from components.snapshots.hub import Repository
from components.snapshots.options import options
from components.snapshots.publishing import ATTEMPTS, preview, publish, target
from components.snapshots.pushing import Cancelled, progress_of
from components.store import publications
from components.store.sprints import TERMINAL
from tests.doubles.hub.exchange import Fault

NAME = "sprint/prompts"


@pytest.fixture
def repository(hub):
    return Repository(NAME, "hf_alice", hub.address)


def push(sprint, repository, to=NAME, **wanted):
    return publish(sprint.store, repository, target(to, **wanted), TERMINAL, sleep=lambda seconds: None)


def there(repository):
    standing = repository.standing()
    return standing and (standing.head, sorted(standing.tags), sorted(standing.files))


def published(store):
    with store.reading() as connection:
        return publications.latest(connection)


def test_two_pushes_with_a_true_changelog(sprint, repository, clock):
    first = push(sprint, repository, private=True)
    assert (first.version, first.is_new, first.snapshot.difference) == ("v1", True, None)
    assert repository.standing().private
    clock.forward(minutes=1)
    ada, bob = sprint.people[:2]
    ada.rates(sprint.prompts[5], 2)
    bob.rates(sprint.prompts[3], 5)
    ada.rates(sprint.prompts[1], None, action=Action.WITHDRAWN)
    second = push(sprint, repository)
    told = second.snapshot.difference
    assert (second.version, told.since) == ("v2", "v1")
    assert (told.prompts_added, told.ratings_added, told.ratings_changed, told.ratings_taken_back) == (
        1,
        1,
        1,
        1,
    )
    assert told.means_moved == 1 and told.largest == [("Say hello in Welsh, in verse.", 3.0, 5.0)]
    card = repository.text("README.md", "v2")
    assert "## Changes since v1" in card and "| Say hello in Welsh, in verse. | 3.00 | 5.00 |" in card
    assert "## Changes since" not in repository.text("README.md", "v1")
    assert [one.told["version"] for one in published(sprint.store)] == ["v2", "v1"]


def test_what_did_not_change_is_not_pushed_again(sprint, repository, hub):
    push(sprint, repository)
    before = there(repository)
    again = push(sprint, repository)
    assert again.is_empty and again.version == "v1" and "Nothing has changed since v1" in str(again)
    assert there(repository) == before and len(published(sprint.store)) == 1
    sprint.people[0].rates(sprint.prompts[4], 3)
    changed = push(sprint, repository)
    assert "guidelines.md" not in changed.added and "data/train-00000-of-00001.parquet" in changed.added
    assert push(sprint, repository).is_empty


def test_a_preview_changes_nothing_anywhere(sprint, repository):
    change = preview(sprint.store, repository, target(NAME, options=options(formats=["csv"])))
    assert change.is_new and "csv/default.csv" in change.added and "would be v1" in str(change)
    assert "It does not exist yet, and would be made private." in str(change)
    assert change.snapshot.card.startswith("---\n")
    assert repository.standing() is None and published(sprint.store) == []
    push(sprint, repository)
    before = there(repository)
    sprint.people[0].rates(sprint.prompts[4], 3)
    change = preview(sprint.store, repository, target(NAME, private=False))
    assert (change.version, change.becomes) == (
        "v2",
        "public",
    ) and change.snapshot.difference.ratings_added == 1
    assert there(repository) == before


def test_it_can_become_public_and_be_named_by_the_day(sprint, repository):
    push(sprint, repository, tags="date")
    assert push(sprint, repository, tags="date", private=False).becomes == "public"
    assert not repository.standing().private
    sprint.people[0].rates(sprint.prompts[4], 3)
    push(sprint, repository, tags="date")
    assert sorted(repository.standing().tags) == ["2026-03-01", "2026-03-01.2"]


def test_formats_that_are_not_wanted_any_more_go(sprint, repository):
    push(sprint, repository, options=options(formats=["jsonl", "argilla"]))
    assert "argilla/settings.json" in repository.standing().files
    assert "argilla/records.json" in push(sprint, repository).removed
    assert "argilla/settings.json" not in repository.standing().files


@pytest.mark.parametrize(
    ("name", "token", "sentence"),
    [
        ("nonsense", "hf_alice", "is no name of a dataset on the Hub; write ORG/NAME"),
        ("a/b/c", "hf_alice", "is no name of a dataset"),
        (NAME, "", "set HF_TOKEN"),
        (NAME, "hf_alice_reads", "HF_TOKEN may not write to"),
        ("bob/prompts", "hf_alice", "HF_TOKEN may not write to"),
        (NAME, "hf_wrong", "mistyped, expired or was revoked"),
    ],
)
def test_what_cannot_be_pushed_is_one_sentence(sprint, hub, name, token, sentence):
    with pytest.raises(SprintError, match=sentence):
        push(sprint, Repository(name, token, hub.address), name)
    assert published(sprint.store) == []


@pytest.mark.parametrize(
    ("name", "token", "sentence"),
    [
        (NAME, "hf_alice_reads", "HF_TOKEN may only read"),
        ("bob/prompts", "hf_alice", "alice may not make a dataset in bob"),
    ],
)
def test_a_preview_of_what_could_not_be_pushed_is_refused_as_well(sprint, hub, name, token, sentence):
    Repository("bob/prompts", "hf_bob", hub.address).make(private=True)
    with pytest.raises(PlaceRefused, match=sentence):
        preview(sprint.store, Repository(name, token, hub.address), target(name))


def test_no_network_is_one_sentence(sprint):
    with pytest.raises(PlaceUnreachable, match="cannot be reached"):
        push(sprint, Repository(NAME, "hf_alice", "http://127.0.0.1:9"))
    assert published(sprint.store) == []


def test_a_dataset_that_is_no_snapshot_is_left_alone(sprint, repository, tmp_path):
    repository.make(private=True)
    mine = tmp_path / "README.md"
    mine.write_text("# Mine")
    repository.commit(repository.standing().head, {"README.md": mine}, [], "Mine")
    before = there(repository)
    with pytest.raises(PlaceRefused, match="holds something that is no snapshot"):
        push(sprint, repository)
    assert there(repository) == before


def test_a_storm_of_conflicts_ends_in_a_commit_or_in_a_sentence(sprint, repository, hub):
    hub.goes_wrong(
        Fault("POST .*/commit/", "answer", times=2, status=412, error="A commit has happened since.")
    )
    assert push(sprint, repository).version == "v1"
    sprint.people[0].rates(sprint.prompts[4], 3)
    before = there(repository)
    hub.goes_wrong(
        Fault("POST .*/commit/", "answer", times=ATTEMPTS, status=412, error="A commit has happened.")
    )
    with pytest.raises(PlaceUnreachable, match="at the same moment"):
        push(sprint, repository)
    assert there(repository) == before and len(published(sprint.store)) == 1


@pytest.mark.parametrize("fault", ["lose", "reset"])
def test_a_lost_answer_is_looked_after(sprint, repository, hub, fault):
    hub.goes_wrong(Fault("POST .*/commit/", fault))
    change = push(sprint, repository)
    assert change.version == "v1" and len(change.added) > 5
    assert there(repository)[1] == ["v1"] and len(published(sprint.store)) == 1
    assert push(sprint, repository).is_empty


def test_nothing_half_done_is_seen_when_an_upload_fails(sprint, repository, hub):
    push(sprint, repository)
    sprint.people[0].rates(sprint.prompts[4], 3)
    before = there(repository)
    hub.goes_wrong(Fault("GET .*/xet-write-token/", "answer", times=100, status=403, error="storage is full"))
    with pytest.raises(PlaceRefused, match="is full"):
        push(sprint, repository)
    hub.is_well()
    assert there(repository) == before


def test_a_push_that_is_cancelled_leaves_nothing(sprint, repository):
    job = Job("push", NAME)
    told = progress_of(job)
    job.cancel()
    with pytest.raises(Cancelled, match="It was cancelled; nothing was pushed."):
        publish(sprint.store, repository, target(NAME), TERMINAL, on_progress=told)
    assert repository.standing() is None
    assert published(sprint.store) == []


def test_versions_are_named_in_two_ways_and_no_other():
    with pytest.raises(BadSetting, match="number or date"):
        target(NAME, tags="moon")
