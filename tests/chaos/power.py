"""Power cuts: what is on the disk at one moment while people rate, whatever came of what was written last."""

import os
import random
import shutil
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from tests.chaos.crowd import crowd
from tests.chaos.scenario import Outcome, reckoned, rss_mb
from tests.chaos.sprint import sprint_in
from tests.serving import Serving


def cut(folder: Path, rounds: Iterable[int]) -> Outcome:
    """Take the file and its log as they are in the middle of being written, and open them elsewhere."""
    with sprint_in(folder) as serving, crowd(serving) as people:
        people.rates(100)
        before = rss_mb(serving)
        outcomes = []
        for number in rounds:
            people.rates(30)
            time.sleep(random.uniform(0, 0.3))
            image = folder / f"image-{number}"
            # Confirmed before: what is confirmed later may be missing.
            confirmed = people.confirmed
            _take_image(serving, image)
            outcomes.append(reckoned(f"sqlite:///{image / 'sprint.db'}", people, confirmed=confirmed))
            shutil.rmtree(image)
        people.finish()
        last = reckoned(f"sqlite:///{serving.data_dir / 'sprint.db'}", people, (before, rss_mb(serving)))
        for one in outcomes:
            last.failures += [f"after a power cut: {sentence}" for sentence in one.failures]
        return last


def _take_image(serving: Serving, image: Path) -> None:
    """Copy the files of one instant, without a part of what was written to the log since this was called."""
    database, log = (serving.data_dir / name for name in ("sprint.db", "sprint.db-wal"))
    synced, written_at = log.stat().st_size, database.stat().st_mtime_ns
    time.sleep(random.uniform(0, 0.05))
    os.kill(serving.pid, signal.SIGSTOP)
    try:
        image.mkdir()
        for file in (database, log):
            shutil.copy(file, image / file.name)
        # What the log gave to the file has reached the disk; only the rest can be cut off.
        may_be_lost = database.stat().st_mtime_ns == written_at
    finally:
        os.kill(serving.pid, signal.SIGCONT)
    copy = image / log.name
    if may_be_lost and copy.stat().st_size > synced:
        end = random.randint(synced, copy.stat().st_size)
        with copy.open("rb+") as file:
            file.truncate(end)
            # The last sectors may hold anything.
            file.seek(max(synced, end - random.randint(0, 4096)))
            file.write(random.randbytes(end - file.tell()))
