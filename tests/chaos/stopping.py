"""Servers that are told to stop while people rate, once and twice: soon over, and nothing confirmed is missing."""

import random
import signal
import time
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from components.backup.folder import Folder
from components.backup.restore import restore
from components.store.store import Store
from tests.chaos.crowd import crowd
from tests.chaos.scenario import Outcome, reckoned, rss_mb
from tests.chaos.sprint import sprint_in, url_of

# Hosts kill what takes longer.
ENDS_WITHIN_S = 10
AT_ONCE_S = 2
SAID = "shutting down"


def told(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Stop it twice in a moment, start it, then stop it once: its backup alone has all that was confirmed."""
    place = folder / "place"
    place.mkdir(parents=True)
    failures = []
    with sprint_in(folder, BACKUP_TO=place) as serving, crowd(serving) as people:
        people.rates(100)
        before = rss_mb(serving)
        for _ in rounds:
            people.rates(20)
            serving.send(signal.SIGTERM)
            time.sleep(random.uniform(0, 0.1))
            began = time.monotonic()
            serving.stop(signal.SIGTERM)
            if time.monotonic() - began > AT_ONCE_S:
                failures.append(f"after a second signal it took {time.monotonic() - began:.1f} s to end")
            serving.start()
        people.rates(100)
        memory = before, rss_mb(serving)
        began = time.monotonic()
        serving.stop(signal.SIGTERM)
        if time.monotonic() - began > ENDS_WITHIN_S:
            failures.append(f"it took {time.monotonic() - began:.1f} s to end")
        there = reckoned(url_of(serving), people, memory)
        back = reckoned(_brought_back(place, folder / "brought-back.db"), people)
        there.failures += failures + [f"in the backup: {sentence}" for sentence in back.failures]
        return there


def _brought_back(place: Path, file: Path) -> str:
    url = f"sqlite:///{file}"
    with closing(Store(url)) as store:
        store.database.migrate()
        restore(store.database, Folder(place))
    return url
