"""What the places on the Hub share: they are private, made when missing, and say in sentences what is wrong."""

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
from huggingface_hub import HfApi, get_session
from huggingface_hub.errors import (
    BucketBatchError,
    BucketNotFoundError,
    EntryNotFoundError,
    HfHubHTTPError,
    HFValidationError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import (
    build_hf_headers,
    hf_raise_for_status,
    parse_ratelimit_headers,
    validate_repo_id,
)

# Private, and the only thing that ends an upload which hangs: the client calls it when somebody presses Ctrl-C.
from huggingface_hub.utils._xet import abort_xet_session

from components.backup.hub_client import AGENT, use_impatient_client
from components.errors import BadSetting, PlaceRefused, PlaceUnreachable, SprintError

log = logging.getLogger(__name__)

# Without a word for so long, the Hub counts as unreachable; a transfer may take so many times as long.
PATIENCE_S = 60.0
TRANSFER_PATIENCES = 5
# Somebody may make a repository public at any time; looking is one request.
LOOK_AGAIN_S = 3600.0
CONFLICTS = (409, 412)
MISSING = (RepositoryNotFoundError, BucketNotFoundError)
# How the Hub and what stands behind it fail, other than by an answer.
FAILURES = (httpx2.HTTPError, OSError, RuntimeError, json.JSONDecodeError)


class HubPlace:
    """A private repository or bucket that holds a backup; made when it is missing.

    Attributes:
        sort: "bucket" or "dataset".
        name: ORG/NAME.
        why_private: Why it must not be public; empty if it may.
    """

    sort: str
    why_private = "a backup holds people's names"

    def __init__(
        self,
        name: str,
        token: str,
        endpoint: str | None = None,
        patience_s: float = PATIENCE_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        try:
            validate_repo_id(name)
            if name.count("/") != 1:
                raise HFValidationError(name)
        except HFValidationError as error:
            raise BadSetting(f"{name!r} is no name of a {self.sort} on the Hub; write ORG/NAME.") from error
        self.name = name
        self.title = f"the {self.sort} {name}"
        self._token = token
        self._patience_s = patience_s
        self._clock = clock
        # False, since with None the client would look for a token of whoever runs this machine.
        self._api = HfApi(endpoint, token or False, library_name=AGENT)
        self._headers = build_hf_headers(token=token or False, library_name=AGENT)
        self._looked_at: float | None = None
        use_impatient_client(patience_s)

    def owner(self) -> str:
        """Whose token it is.

        Raises:
            PlaceRefused: It may not write, or not here.
        """
        with self._as_sentence():
            told = self._api.whoami()
        name, namespace = told["name"], self.name.partition("/")[0]
        role = told.get("auth", {}).get("accessToken", {}).get("role")
        if role == "read":
            raise PlaceRefused(f"HF_TOKEN may only read: set it to a token that may write to {namespace}.")
        # What a fine-grained token may, only trying tells.
        if role == "write" and namespace not in (
            theirs := [name, *(one["name"] for one in told.get("orgs", ()))]
        ):
            raise PlaceRefused(
                f"{name} may not make a {self.sort} in {namespace}: name one in {' or '.join(theirs)}, or set HF_TOKEN to "
                "the token of somebody who may."
            )
        return name

    def is_there(self) -> bool:
        """Whether there is one that the token may see.

        Raises:
            PlaceRefused: There is, and it is public though it must not be.
        """
        with self._as_sentence():
            try:
                private = self._is_private()
            except MISSING as error:
                if error.response.status_code != 404:
                    raise
                return False
            self._refuse_public(private)
            return True

    def make(self) -> None:
        """Make it, private; one that is there already stays as it is."""
        with self._as_sentence():
            self._made()

    def _is_private(self) -> bool:
        """Whether only some people may see it; raises one of MISSING if there is none."""
        raise NotImplementedError

    def _create(self) -> None:
        """Make it, private."""
        raise NotImplementedError

    def _open(self) -> None:
        """See that it is there and private; make it if it never was there."""
        if self._looked_at is not None and self._clock() < self._looked_at + LOOK_AGAIN_S:
            return
        try:
            private = self._is_private()
        except MISSING as error:
            # One that was there and is gone must not be made anew: what it held would be missing silently.
            if self._looked_at is not None or error.response.status_code != 404:
                raise
            private = self._made()
            log.info("There was no %s; it was made, private.", self.title.removeprefix("the "))
        self._refuse_public(private)
        self._looked_at = self._clock()

    def _refuse_public(self, private: bool) -> None:
        if not private and self.why_private:
            raise PlaceRefused(
                f"{self._title()} is public, and {self.why_private}: make it private in its settings "
                "on the Hub, or name another one."
            )

    def _made(self) -> bool:
        try:
            self._create()
        except HfHubHTTPError as error:
            if error.response.status_code in (401, 403):
                raise PlaceRefused(
                    f"There is no {self.sort} {self.name} that HF_TOKEN may see, and it may not create one: "
                    f"create it on the Hub, private, or set HF_TOKEN to a token that may write to {self.name}."
                ) from error
            if error.response.status_code != 409:
                raise
        try:
            return self._is_private()
        except MISSING as error:
            raise PlaceRefused(
                f"{self._title()} is there, but HF_TOKEN may not see it: set a token that may write to it."
            ) from error

    def _fetch(self, path: str) -> bytes:
        """What stands at a path of the Hub."""
        end = time.monotonic() + self._patience_s * TRANSFER_PATIENCES
        content = bytearray()
        with get_session().stream("GET", f"{self._api.endpoint}{path}", headers=self._headers) as response:
            if response.is_error:
                response.read()
            hf_raise_for_status(response)
            for part in response.iter_bytes():
                content += part
                if time.monotonic() > end:
                    raise TimeoutError("the file takes too long")
        return bytes(content)

    @contextmanager
    def _uploading(self, token_path: str) -> Iterator[None]:
        """Ask first whether an upload may be made, and end one that hangs.

        The uploader asks the same, but hides the Hub's answer, and asks again and again.
        """
        address = f"{self._api.endpoint}{token_path}"
        hf_raise_for_status(get_session().get(address, headers=self._headers))
        timer = threading.Timer(self._patience_s * TRANSFER_PATIENCES, abort_xet_session)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    @contextmanager
    def _as_sentence(self) -> Iterator[None]:
        try:
            yield
        except HfHubHTTPError as error:
            raise self._answered(error) from error
        except FAILURES as error:
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise PlaceUnreachable(f"{self._title()} cannot be reached ({reason}).") from error

    def _answered(self, error: HfHubHTTPError) -> SprintError:
        """What the Hub's answer means to whoever runs the sprint."""
        status = error.response.status_code
        says = " ".join((error.server_message or str(error)).split())[:300]
        if isinstance(error, MISSING) and status == 404:
            return PlaceRefused(
                f"{self._title()} is gone, or HF_TOKEN may no longer see it: bring it back on the Hub; "
                "or create it anew and start the sprint again, which then backs up everything it has."
            )
        if isinstance(error, BucketBatchError):
            return PlaceUnreachable(f'{self._title()} took a part of the files only; the Hub says: "{says}".')
        if isinstance(error, EntryNotFoundError):
            return PlaceUnreachable(f"{self._title()} has no such file, or no longer ({error.response.url}).")
        if status == 401:
            given = "HF_TOKEN is mistyped, expired or was revoked" if self._token else "HF_TOKEN is not set"
            return PlaceRefused(f"{given}: set it to a token that may write to {self.title}.")
        if status in (402, 413, 507) or (status == 403 and "storage" in says.lower()):
            return PlaceRefused(
                f"{self._title()} is full: make room among what its owner stores on the Hub, or get more "
                f'(the Hub says: "{says}").'
            )
        if status == 403:
            return PlaceRefused(
                f"HF_TOKEN may not write to {self.title}: let it, or set another one "
                f'(the Hub says: "{says}").'
            )
        if status == 429:
            return PlaceUnreachable("The Hub asks for fewer requests; it is tried again later.", _wait(error))
        if status in CONFLICTS or isinstance(error, RevisionNotFoundError):
            return PlaceUnreachable(f"Others write to {self.title} at the same moment.", _wait(error))
        if status >= 500 or status == 408:
            return PlaceUnreachable(f"The Hub has a problem (status {status}).", _wait(error))
        return PlaceRefused(f'{self._title()} does not take the backup; the Hub says: "{says}" ({status}).')

    def _title(self) -> str:
        """The title at the beginning of a sentence."""
        return self.title[0].upper() + self.title[1:]


def answer_was_lost(error: Exception) -> bool:
    """Whether what was asked for may have been done nevertheless."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    return status is None or status >= 500 or status == 408


def _wait(error: HfHubHTTPError) -> float | None:
    """How many seconds the Hub asks us to wait."""
    after = error.response.headers.get("Retry-After", "").strip()
    if after.isascii() and after.isdigit():
        return float(after)
    limit = parse_ratelimit_headers(error.response.headers)
    return float(limit.reset_in_seconds) if limit and not limit.remaining else None
