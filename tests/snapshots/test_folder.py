"""The folder of a snapshot: replaced as a whole, or left exactly as it was."""

import os
import resource

import pytest

from components.errors import BadFolder
from components.snapshots.figures import FIGURES
from components.snapshots.folder import replaced
from components.snapshots.snapshot import write_snapshot


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_a_missing_folder_is_made_with_its_parents(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "a" / "b" / "out")
    assert contents(folder).keys() == {
        "CITATION.cff",
        "README.md",
        "best/train-00000-of-00001.parquet",
        "data/train-00000-of-00001.parquet",
        "events/train-00000-of-00001.parquet",
        *(figure.path for figure in FIGURES),
        "guidelines.md",
        "prompts/train-00000-of-00001.parquet",
    }
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_an_empty_folder_is_taken(sprint, tmp_path):
    (tmp_path / "out").mkdir()
    assert contents(sprint.snapshot(tmp_path / "out"))


def test_an_earlier_snapshot_is_replaced(sprint, read, tmp_path):
    folder = sprint.snapshot(tmp_path / "here" / "out")
    sprint.people[0].rates(sprint.prompts[5], 2)
    sprint.snapshot(folder)
    assert len(read(folder)) == 5
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_the_same_sprint_gives_the_same_files(sprint, tmp_path):
    assert contents(sprint.snapshot(tmp_path / "one")) == contents(sprint.snapshot(tmp_path / "other"))


@pytest.mark.parametrize(
    "stranger",
    ["notes.txt", "data/mine.parquet", "README.md", "data/train-00000-of-00001.parquet", ".git/HEAD"],
)
def test_a_folder_with_anything_else_in_it_is_refused_and_left_alone(sprint, tmp_path, stranger):
    path = tmp_path / "here" / "out" / stranger
    path.parent.mkdir(parents=True)
    path.write_text("mine")
    with pytest.raises(BadFolder, match="out holds something that is no snapshot .* name an empty or a new"):
        sprint.snapshot(tmp_path / "here" / "out")
    assert path.read_text() == "mine"
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["out"]


def test_a_file_somebody_added_to_a_snapshot_is_not_deleted(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "out")
    (folder / "analysis.ipynb").write_text("mine")
    with pytest.raises(BadFolder, match="analysis.ipynb"):
        sprint.snapshot(folder)
    assert (folder / "analysis.ipynb").read_text() == "mine"


def test_a_file_is_no_folder(sprint, tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BadFolder, match="is a file; name a folder"):
        sprint.snapshot(tmp_path / "file")
    with pytest.raises(BadFolder, match="cannot take a snapshot .*; name another folder"):
        sprint.snapshot(tmp_path / "file" / "out")


def test_the_folder_one_stands_in_is_not_pulled_away(sprint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadFolder, match="name a folder inside it"):
        sprint.snapshot(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_cannot_be_written_is_one_sentence(sprint, tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(BadFolder, match="Permission denied"):
        sprint.snapshot(tmp_path / "out")


def test_a_disk_that_takes_no_more_leaves_the_earlier_snapshot_whole(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "here" / "out")
    before = contents(folder)
    sprint.people[0].rates(sprint.prompts[5], 2)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(BadFolder, match="cannot take a snapshot .*; name another folder"):
            sprint.snapshot(folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_stopping_it_half_way_leaves_the_earlier_snapshot_whole(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "here" / "out")
    before = contents(folder)

    def stop(done, total):
        if done > total // 2:
            raise KeyboardInterrupt

    sprint.people[0].rates(sprint.prompts[5], 2)
    with pytest.raises(KeyboardInterrupt):
        write_snapshot(sprint.store, folder, on_progress=stop)
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_a_new_snapshot_that_is_gone_at_the_last_moment_leaves_the_earlier_one_whole(sprint, tmp_path):
    folder = sprint.snapshot(tmp_path / "here" / "out")
    before = contents(folder)
    with pytest.raises(BadFolder), replaced(folder) as staging:
        staging.rmdir()
    assert contents(folder) == before
    assert [path.name for path in folder.parent.iterdir()] == ["out"]


def test_what_happens_while_it_is_written_is_not_in_it(sprint, read, tmp_path):
    """One moment of the store for all three tables and the card."""

    def rate(done, total):
        if done == 3:
            sprint.people[0].rates(sprint.prompts[5], 2)

    snapshot = write_snapshot(sprint.store, tmp_path / "out", on_progress=rate)
    assert (snapshot.prompts, snapshot.ratings, snapshot.events) == (4, 10, 15)
    assert len(read(tmp_path / "out", "events")) == 15
    assert "4 prompts with 10 ratings" in (tmp_path / "out/README.md").read_text()
