"""The words of the project as records: frozen, and without a word on where they are kept.

Times are UTC epoch milliseconds. Days are ISO dates such as "2026-03-01".
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SCORES = (1, 2, 3, 4, 5)
SCORE_WORDS = {1: "Very bad", 2: "Bad", 3: "Ok", 4: "Good", 5: "Very good"}
KINDS = ("human", "synthetic", "unknown")

# Upper bounds in characters, the last class is open: short prompts rate differently from long ones.
LENGTH_CLASSES = (("short", 100), ("medium", 500), ("long", 2000), ("very long", None))

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
# An event counts at most this long before it was received: a device whose clock stands in 1970
# must not put a bar into 1970.
OLDEST_EVENT_MS = 30 * DAY_MS


class Action(StrEnum):
    """What an event says happened."""

    RATED = "rated"
    SKIPPED = "skipped"
    JOINED = "joined"
    IMPORTED = "imported"
    SETTING = "setting"
    ROLE = "role"


# The actions that say something about a prompt; the latest one is a contributor's opinion of it.
OPINIONS = (Action.RATED, Action.SKIPPED)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt to be rated, as it came in."""

    text: str
    source: str
    kind: str
    context: str | None = None
    own_id: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    @property
    def prompt_id(self) -> str:
        """The first 128 bits of SHA-256 over source, exact text and the row's own id, in hex.

        The same row always has the same id, so importing twice changes nothing; two rows of a
        dataset that differ only in their own id stay two prompts.
        """
        identity = json.dumps([self.source, self.text, self.own_id], ensure_ascii=False)
        return hashlib.sha256(identity.encode()).hexdigest()[:32]

    @property
    def text_hash(self) -> str:
        """A hash that ignores case and white space: equal for prompts that say the same."""
        normalised = " ".join(self.text.casefold().split())
        return hashlib.sha256(normalised.encode()).hexdigest()[:32]

    @property
    def length_class(self) -> str:
        """One of the names in `LENGTH_CLASSES`, by the number of characters of the text."""
        length = len(self.text)
        return next(name for name, most in LENGTH_CLASSES if most is None or length < most)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as the contributor's device told it.

    `happened_at` is that device's clock and may be missing or wrong; `received_at` is ours.
    """

    event_id: str
    contributor: str
    action: str
    received_at: int
    prompt_id: str | None = None
    score: int | None = None
    reason: str | None = None
    target: str | None = None
    shown_ms: int | None = None
    happened_at: int | None = None
    local_date: str | None = None
    payload: str | None = None

    @property
    def decided_at(self) -> int:
        """The moment that counts, the same whenever and in whatever order events are merged."""
        if self.happened_at is None:
            return self.received_at
        return max(min(self.happened_at, self.received_at), self.received_at - OLDEST_EVENT_MS)

    @property
    def body(self) -> tuple:
        """What the device said: two events of one id are the same if their bodies are."""
        return (
            self.prompt_id,
            self.action,
            self.score,
            self.reason,
            self.target,
            self.shown_ms,
            self.happened_at,
            self.local_date,
        )


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a contributor currently says of a prompt: the outcome of all their events on it."""

    action: str
    score: int | None
    decided_at: int
    day: str
    event_id: str

    @property
    def precedence(self) -> tuple:
        """The opinion with the greatest precedence is the current one, in whatever order they come.

        A skip says nothing about the prompt, so it never displaces a rating.
        """
        return (self.action != Action.SKIPPED, self.decided_at, self.event_id)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is to the provider they signed in with; `subject` never changes hands."""

    issuer: str
    subject: str
    username: str
    name: str
    picture: str = ""
    profile: str = ""


@dataclass(frozen=True, slots=True)
class Contributor:
    """A person who signed in at least once.

    `contributor_id` stays inside; `pseudonym` is the only id that leaves in an export.
    """

    contributor_id: str
    identity: Identity
    pseudonym: str
    organizer: bool
    sessions_valid_from: int


@dataclass(frozen=True, slots=True)
class Sprint:
    """The sprint itself. `epoch` is new for each new store, so a browser notices a lost one."""

    epoch: str
    title: str
    state: str
    ratings_per_prompt: int
    created_at: int
