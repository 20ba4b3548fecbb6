"""The words of the project as records: frozen, and without a word on where they are kept.

Times are UTC epoch milliseconds. Days are ISO dates such as "2026-03-01".
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

SCORES = (1, 2, 3, 4, 5)
SCORE_WORDS = {1: "Very bad", 2: "Bad", 3: "Ok", 4: "Good", 5: "Very good"}
KINDS = ("human", "synthetic", "unknown")

# Upper bounds in characters, the last class is open: short prompts rate differently from long ones.
LENGTH_CLASSES = (("short", 100), ("medium", 500), ("long", 2000), ("very long", None))
# Those a contributor is given who chose short prompts.
SHORT = ("short", "medium")
LENGTHS = ("any", "short", "long")
# The beginning of a language tag as BCP 47 has it: "de", "de-AT", "de_AT".
LANGUAGE = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]+)*$")

DAY_MS = 86_400_000
HOUR_MS = 3_600_000
MINUTE_MS = 60_000
# An event counts at most this long before it was received: a device whose clock stands in 1970
# must not put a bar into 1970.
OLDEST_EVENT_MS = 30 * DAY_MS


class Status(StrEnum):
    """Whether a prompt is to be rated."""

    # Handed out, unless flags hold it back.
    ACTIVE = "active"
    # An organizer wants it rated, whoever flags it and whatever it is a copy of.
    KEPT = "kept"
    # It says what another prompt does, which `status_reason` names, and is rated there.
    DUPLICATE = "duplicate"
    RETIRED = "retired"
    # Its import was undone: the row says so, and all that is counted or shown passes it over.
    UNDONE = "undone"


# The others want no ratings, and count in no coverage.
WANTED = (Status.ACTIVE, Status.KEPT)


class Action(StrEnum):
    """What an event says happened."""

    RATED = "rated"
    SKIPPED = "skipped"
    DISCARDED = "discarded"
    FLAGGED = "flagged"
    WITHDRAWN = "withdrawn"
    UNDONE = "undone"
    # What they say of a prompt they rated before and were shown again; what they said first stays.
    RATED_AGAIN = "rated_again"
    ERASED = "erased"
    # A second copy of an event, from another store: it says nothing, and `target` names the first.
    REPEATED = "repeated"
    JOINED = "joined"
    # How others see them.
    VISIBILITY = "visibility"
    TEAM = "team"
    # Their name, picture or daily goal changed.
    PROFILE = "profile"
    IMPORTED = "imported"
    # An import was taken back as a whole.
    UNDONE_IMPORT = "undone_import"
    # An organizer decided about two prompts that say the same, or nearly.
    COMPARED = "compared"
    SETTING = "setting"
    # What organizers do, besides bringing prompts in and changing settings; `target` is whom they do it to.
    ROLE = "role"
    RETIRED = "retired"
    RESTORED = "restored"
    EDITED = "edited"
    # What a prompt should be rated, as organizers see it.
    GOLD = "gold"
    EXCLUDED = "excluded"
    READMITTED = "readmitted"
    SIGNED_OUT = "signed_out"
    MILESTONE = "milestone"
    # A snapshot of the dataset was pushed.
    PUBLISHED = "published"


# The actions that say something about a prompt; the latest one is a contributor's opinion of it.
OPINIONS = (Action.RATED, Action.SKIPPED, Action.DISCARDED, Action.FLAGGED, Action.WITHDRAWN)
# All that contributors do to prompts; what is undone is as if it had never been said.
ABOUT_PROMPTS = (*OPINIONS, Action.UNDONE, Action.RATED_AGAIN)

# What is done by others than organizers; all else is in their activity log.
OF_CONTRIBUTORS = (
    *ABOUT_PROMPTS,
    Action.ERASED,
    Action.REPEATED,
    Action.JOINED,
    Action.PROFILE,
    Action.VISIBILITY,
    Action.TEAM,
    Action.MILESTONE,
)

# Why a prompt may be flagged, and the words for it.
FLAG_REASONS = {
    "spam": "Spam",
    "personal_data": "Personal data",
    "wrong_language": "Wrong language",
    "harmful": "Harmful",
    "duplicate": "Duplicate",
    "broken": "Broken",
}
# So many independent flags with the same reason keep a prompt back until an organizer decides.
FLAGS_TO_RETIRE = 3

# An opinion is counted under its action, or not at all: who withdrew a score says nothing any more.
COUNTED_AS = {
    Action.RATED: "ratings",
    Action.SKIPPED: "skips",
    Action.DISCARDED: "discards",
    Action.FLAGGED: "flags",
}

# Where the classes begin that time spent on a rating is counted in, in seconds: about evenly apart on a
# scale of ratios, and numbers people use.
SPENT_FROM_S = (0, 1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600)

# What a sprint can be in. Prompts are handed out while it is open.
STATES = ("preparing", "open", "paused", "closed")
# Why nothing is handed out in the others.
NOT_OPEN = {
    "preparing": "The sprint has not opened yet.",
    "paused": "The sprint is paused; the organizers will open it again.",
    "closed": "The sprint is over. Thank you to everybody who rated.",
}

# Ratings a day, until a contributor says otherwise.
FIRST_DAILY_GOAL = 30

# How others may see a contributor: under their name, under a nickname, or not at all, though they are counted.
VISIBILITIES = ("name", "nickname", "hidden")
# What a rating may be marked with when it comes in, besides the points of any rating: it brought its prompt
# to the goal, or its source had few ratings yet.
EARNING_MARKS = ("completes", "thin")


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt to be rated, as it came in.

    Attributes:
        copy: How many rows of a rated dataset before it are the same one; each was rated by itself.
    """

    text: str
    source: str
    kind: str
    context: str | None = None
    own_id: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    copy: int = 0

    @property
    def prompt_id(self) -> str:
        """The first 128 bits of SHA-256 over source, exact text and the row's own id, in hex.

        The same row always has the same id, so importing twice changes nothing; two rows of a
        dataset that differ only in their own id stay two prompts.
        """
        row = [self.source, self.text, self.own_id, *([self.copy] if self.copy else [])]
        identity = json.dumps(row, ensure_ascii=False)
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

    @property
    def language(self) -> str:
        """The language its metadata name, as a lower-case code such as "de", or empty."""
        named = self.metadata.get("language")
        code = LANGUAGE.match(named.strip().lower()) if isinstance(named, str) else None
        return code[1] if code else ""

    @property
    def cell(self) -> "Cell":
        """All that assignment and charts need to know of it."""
        return Cell(self.source, self.kind, self.length_class, self.language)


@dataclass(frozen=True, slots=True)
class Cell:
    """What prompts may have in common: those of one cell are alike to assignment and charts."""

    source: str
    kind: str
    length_class: str
    language: str

    @property
    def cell_id(self) -> int:
        """63 bits of SHA-256 over the four, so the same in every store."""
        identity = json.dumps([self.source, self.kind, self.length_class, self.language], ensure_ascii=False)
        return int.from_bytes(hashlib.sha256(identity.encode()).digest()[:8]) >> 1

    @property
    def length(self) -> str:
        """ "short" or "long": what contributors may choose between."""
        return "short" if self.length_class in SHORT else "long"


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as the contributor's device told it.

    `happened_at` is that device's clock, set right where it is known to be wrong, and may be missing;
    `received_at` is ours.
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
    def noted(self) -> dict[str, object]:
        """What was noted about how it came in."""
        return json.loads(self.payload) if self.payload else {}

    def marked(self, **marks: object) -> "Event":
        """The same event with something noted about how it came in."""
        return replace(self, payload=json.dumps(self.noted | marks))

    @property
    def body(self) -> tuple:
        """What the device said: two events of one id are the same if their bodies are.

        Not when it was: the device's clock may have been set right before it said so again.
        """
        return (
            self.prompt_id,
            self.action,
            self.score,
            self.reason,
            self.target,
            self.shown_ms,
            self.local_date,
        )


@dataclass(frozen=True, slots=True)
class Opinion:
    """What a contributor currently says of a prompt: the outcome of all their events on it.

    Attributes:
        late: 1 if it came in after the sprint had closed, else 0.
        completes, thin: 1 if it has that one of `EARNING_MARKS`, else 0.
    """

    action: str
    score: int | None
    decided_at: int
    day: str
    event_id: str
    reason: str | None = None
    late: int = 0
    completes: int = 0
    thin: int = 0

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

    Attributes:
        visibility: One of `VISIBILITIES`; empty as long as they have not said.
        nickname: Empty for the one they are given.
        team: Empty for none.
        excluded_because: Why organizers do not count their ratings; None if they do.
    """

    contributor_id: str
    identity: Identity
    pseudonym: str
    organizer: bool
    sessions_valid_from: int
    visibility: str = ""
    nickname: str = ""
    team: str = ""
    excluded_because: str | None = None


@dataclass(frozen=True, slots=True)
class Quota:
    """At most so many ratings for prompts of one source, of one kind, or of one kind of one source.

    Those of prompts that are not handed out any more, such as flagged ones, do not count against it.
    """

    ratings: int
    source: str | None = None
    kind: str | None = None

    def covers(self, cell: Cell) -> bool:
        """Whether prompts of a cell count against it."""
        return self.source in (None, cell.source) and self.kind in (None, cell.kind)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a contributor wants to rate: never by source or kind, which stay hidden.

    Attributes:
        length: One of `LENGTHS`.
        language: A lower-case code, or None for any.
        skipped: Only prompts they skipped before.
    """

    length: str = "any"
    language: str | None = None
    skipped: bool = False

    def takes(self, cell: Cell) -> bool:
        """Whether prompts of a cell are wanted."""
        return self.length in ("any", cell.length) and self.language in (None, cell.language)


ANYTHING = Choice()


@dataclass(frozen=True, slots=True)
class Filter:
    """Which ratings are meant: those of some sources, kinds and days; what is left empty does not restrict.

    Attributes:
        sources: Of the prompts, in order.
        kinds: In the order of `KINDS`.
        first, last: ISO days in UTC, both included.
    """

    sources: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    first: str | None = None
    last: str | None = None


EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something the sprint has reached, and is remembered for whatever comes after.

    Attributes:
        kind: "ratings" or "people" (who rated), then `number` is how many; "share" of the prompts, in per
            cent, that had `ratings_per_prompt`; "every" prompt had `number` ratings.
        ratings_per_prompt: What the sprint wanted then; None where it is no matter.
    """

    kind: str
    number: int
    ratings_per_prompt: int | None
    reached_at: int


@dataclass(frozen=True, slots=True)
class Sprint:
    """The sprint itself. `epoch` is new for each new store, so a browser notices a lost one.

    Attributes:
        state: One of `STATES`, as organizers set it; `state_at` knows the dates, too.
        starts_at, ends_at: When it opens and closes by itself, in epoch milliseconds, or None.
        extra_rating: Whether a prompt whose scores lie 3 or more apart wants one rating more.
        points, teams: Whether there are any on the leaderboard.
        ranking: Whether there is a leaderboard at all.
        description: What it is about, for visitors.
        ratings_per_minute: So many are taken from one person; 0 is any number.
        sessions_valid_from: Everybody has to sign in again who did so before this moment.
        repeat_every: One in so many prompts is one that its contributor has rated before; 0 is none.
        repeat_after, repeat_after_days: So many ratings of theirs lie in between, and so many days.
        gold_feedback: Whether contributors are told the organizers' score once they have given theirs.
        ratings_per_contributor: From so many on, the card suggests to leave the rest to others; 0 is never.
    """

    epoch: str
    title: str
    state: str
    ratings_per_prompt: int
    created_at: int
    extra_rating: bool = False
    quotas: tuple[Quota, ...] = ()
    starts_at: int | None = None
    ends_at: int | None = None
    points: bool = True
    teams: bool = True
    ranking: bool = True
    description: str = ""
    ratings_per_minute: int = 0
    sessions_valid_from: int = 0
    repeat_every: int = 0
    repeat_after: int = 50
    repeat_after_days: int = 0
    gold_feedback: bool = False
    ratings_per_contributor: int = 0

    def state_at(self, moment: int) -> str:
        """One of `STATES`: what the sprint is in at a moment, in epoch milliseconds.

        The end closes it, whatever organizers set. A start keeps it in preparation until then, and then
        opens it. In between, and without dates, it is as they set it.
        """
        if self.state == "closed" or (self.ends_at is not None and moment >= self.ends_at):
            return "closed"
        if self.state == "paused" or self.starts_at is None:
            return self.state
        return "open" if moment >= self.starts_at else "preparing"
