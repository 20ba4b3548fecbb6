"""Waiting for the Hub to build a Space and to start it, and what to say if it does not."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from components.deployment.space import Space, Stage
from components.errors import NotRunning, PlaceUnreachable

# At first it is asked often, then less and less: building takes minutes.
ASK_AGAIN_S = (0.5, 5.0)
LONGER = 1.3
# After so long, the Hub has noticed what was done to a Space.
NOTICED_S = 60.0
RUNNING = "RUNNING"
UNDER_WAY = ("BUILDING", "RUNNING_BUILDING", "APP_STARTING", "RUNNING_APP_STARTING")
# What a stage means when it is the last one, and whether the log of the building tells more.
FAILED = {
    "BUILD_ERROR": ("cannot be built", True),
    "RUNTIME_ERROR": ("was built and ends at once", False),
    "CONFIG_ERROR": ("has a head of README.md that the Hub cannot use", True),
    "NO_APP_FILE": ("has no file to start", True),
    "PAUSED": ("is paused: start it on its page", False),
    "STOPPED": ("was stopped: start it on its page", False),
    "DELETING": ("is being deleted", False),
}
WORDS = {
    "BUILDING": "is being built",
    "RUNNING_BUILDING": "is being built anew, the old one runs meanwhile",
    "APP_STARTING": "starts",
    "RUNNING_APP_STARTING": "starts anew, the old one runs meanwhile",
    "RUNNING": "runs",
}


@dataclass(frozen=True)
class Running:
    """A Space that runs: its page on the Hub, and the page without the Hub around it."""

    page: str
    address: str

    def __str__(self) -> str:
        return "\n".join(filter(None, ("The sprint runs.", self.page, self.address)))


def wait(
    space: Space,
    timeout_s: float,
    changed: bool,
    told: Callable[[str], None],
    waited: Callable[[float], None] = lambda seconds: None,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Running:
    """Wait until a Space runs its newest code.

    Args:
        changed: Whether anything was done to it just now.
        told: Hears of each new stage.
        waited: Hears how long it takes so far.

    Raises:
        NotRunning: It failed, with the end of its log; or it takes longer.
    """
    began, before, pause_s = clock(), "", ASK_AGAIN_S[0]
    commit, host = space.head()
    is_new = not changed
    while True:
        stage = _stage(space, before)
        # Until the Hub notices what was done, it still tells what became of the code before, or of none.
        about_this = bool(stage.commit) and commit.startswith(stage.commit)
        is_new = is_new or about_this or stage.name in UNDER_WAY or clock() - began > NOTICED_S
        if is_new and stage.name != before:
            told(f"The Space {WORDS.get(stage.name, f'is in the stage {stage.name}')}.")
            before = stage.name
        if is_new and stage.name == RUNNING:
            return Running(space.page, host)
        if is_new and stage.name in FAILED:
            raise NotRunning(_why(space, stage))
        seconds = clock() - began
        waited(seconds)
        if seconds >= timeout_s:
            raise NotRunning(
                f"{space.name} does not run after {timeout_s:.0f} seconds (stage {stage.name}); everything is there, "
                f"so look at {space.page} or deploy again."
            )
        sleep(min(pause_s, max(0.0, timeout_s - seconds)))
        pause_s = min(pause_s * LONGER, ASK_AGAIN_S[1])


def _stage(space: Space, before: str) -> Stage:
    """How far it is; a Hub that is away for a moment is asked again."""
    try:
        return space.stage()
    except PlaceUnreachable:
        return Stage(before, "unknown", "")


def _why(space: Space, stage: Stage) -> str:
    means, of_building = FAILED[stage.name]
    says = f' (the Hub says: "{" ".join(stage.why.split())[:300]}")' if stage.why else ""
    lines = space.last_lines(of_building)
    log = "; the last lines of its log:\n" + "\n".join(f"  {line}" for line in lines) if lines else "."
    return f"{space.name} {means}{says}{log}"
