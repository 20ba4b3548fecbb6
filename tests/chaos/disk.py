"""Disks that take no more: full, every write refused, and read-only at the start."""

import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from tests.chaos.crowd import Crowd, crowd
from tests.chaos.scenario import Outcome, Skipped, reckoned, rss_mb
from tests.chaos.sprint import sprint_in
from tests.serving import command

SIZE_MB = 64
REFUSALS = 20
SENTENCE = "cannot be used right now"
# What people read who rate.
REFUSAL = "cannot be reached at the moment"


def full(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Fill a small disk of its own to the last byte and make room again; then have every write refused."""
    with _small_disk(folder / "disk") as disk:
        sprint = sprint_in(folder, DATABASE_URL=f"sqlite:///{disk / 'sprint.db'}")
        with sprint as serving, crowd(serving) as people:
            people.rates(100)
            before = rss_mb(serving)
            for _ in rounds:
                with _filled(disk / "filler"):
                    _is_refused(people)
                people.rates(20)
                with _nothing_written(serving.pid):
                    _is_refused(people)
                people.rates(20)
            people.finish()
            memory = before, rss_mb(serving)
        outcome = reckoned(f"sqlite:///{disk / 'sprint.db'}", people, memory)
        outcome.failures += _of_read_only_start(disk, folder)
        return outcome


@contextmanager
def _small_disk(at: Path) -> Iterator[Path]:
    """A disk of a few megabytes.

    Raises:
        Skipped: Only some may mount one.
    """
    at.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "tmpfs", at], capture_output=True, text=True
    )
    if mounted.returncode:
        raise Skipped(f"no small disk can be mounted here ({mounted.stderr.strip()})")
    try:
        yield at
    finally:
        subprocess.run(["umount", "--lazy", at], check=True)


@contextmanager
def _filled(filler: Path) -> Iterator[None]:
    """Leave no room on the disk that a file is on."""
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                pass
    try:
        yield
    finally:
        filler.unlink()


@contextmanager
def _nothing_written(pid: int) -> Iterator[None]:
    """Let the system refuse whatever a process writes, as that of a disk that has turned read-only does."""
    process = psutil.Process(pid)
    before = process.rlimit(psutil.RLIMIT_FSIZE)
    process.rlimit(psutil.RLIMIT_FSIZE, (0, before[1]))
    try:
        yield
    finally:
        process.rlimit(psutil.RLIMIT_FSIZE, before)


def _is_refused(people: Crowd) -> None:
    """Wait until people have been told for a while why nothing is kept."""

    def refusals() -> int:
        return sum(number for said, number in people.refused.items() if REFUSAL in said)

    before = refusals()
    people.wait_until(lambda: refusals() >= before + REFUSALS)


def _of_read_only_start(disk: Path, folder: Path) -> list[str]:
    """How a server that starts on a read-only disk misbehaves, if it does."""
    subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
    try:
        told = command(folder / "data", DATABASE_URL=f"sqlite:///{disk / 'sprint.db'}")
    finally:
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
    if told.returncode == 1 and SENTENCE in told.stderr and "Traceback" not in told.stderr:
        return []
    return [f"on a read-only disk it ended with {told.returncode} and said {told.stderr[-500:]!r}"]
