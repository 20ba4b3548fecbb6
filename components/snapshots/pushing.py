"""Pushing as a server does it: with its token, watched and cancelled through a job."""

from collections.abc import Callable

from components.errors import BadRequest, BadSetting, SprintError
from components.prompt_sources.jobs import Job
from components.settings import Settings
from components.snapshots.hub import Repository
from components.snapshots.publishing import Change, Target, preview, publish
from components.store.store import Store


class Cancelled(SprintError):
    """Somebody took it back before anything was pushed."""


class Pushing:
    """Pushes to the Hub with the token of these settings."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def check(self, target: Target) -> None:
        """Make sure that it can be tried.

        Raises:
            BadRequest: The name is none, or there is no token.
        """
        try:
            self._repository(target)
        except BadSetting as error:
            raise BadRequest(str(error)) from None

    def preview(self, target: Target, job: Job) -> Change:
        """What a push would do."""
        return preview(
            self._store, self._repository(target), target, self._settings.public_address, _progress(job)
        )

    def publish(self, target: Target, contributor: str, job: Job) -> Change:
        """Push."""
        address = self._settings.public_address
        return publish(self._store, self._repository(target), target, contributor, address, _progress(job))

    def _repository(self, target: Target) -> Repository:
        return Repository(target.to, self._settings.hf_token)


def _progress(job: Job) -> Callable[[int, int], None]:
    told = job.progressed("reading and writing", "rows")

    def show(done: int, total: int) -> None:
        if job.cancelled:
            raise Cancelled("It was cancelled; nothing was pushed.")
        told(done, total)
        if done >= total:
            job.doing = "talking to the Hub"

    return show
