"""Errors a person should read: the message of each is the sentence they see.

SprintError
├── BadSetting              the sprint cannot start like this
├── StoreUnavailable        what was sent could not be kept; sending it again is safe
│   └── Outage              the disk, the network or the database fails; only the log says how
├── UnreadablePrompts       prompts that cannot be read to their end
├── ImportCancelled         an import was given up, and nothing of it came in
├── BadFolder               a snapshot cannot be written there
├── PlaceUnreachable        where the backup is kept does not answer; trying again later may help
├── PlaceRefused            the backup cannot be kept there until somebody does something
│   └── AnotherSprint       the backup there is of another sprint
├── DamagedBackup           a file of the backup is not what was written
├── NotRunning              a Space was deployed and does not run
├── NotAllowed
│   ├── NotSignedIn
│   ├── NotOrganizer
│   ├── ForeignOrigin
│   └── SignInRefused
│       └── SignInFailed    the provider did not say who it is (account/hub.py)
├── TooFast                 nobody reads so fast; what was sent can be sent again later
└── BadRequest
    ├── UnknownView
    ├── UnknownPerson       nobody is seen like that, or not any more
    ├── RequestTooLarge
    ├── ChangedMeanwhile    somebody else was faster; nothing of theirs is overwritten
    └── BadEvent            one item of a request, refused while the others are kept
        ├── UnknownPrompt
        ├── InvalidScore
        ├── InvalidAction
        └── EventIdReused
"""


class SprintError(Exception):
    """Something a person can understand and do something about."""


class BadSetting(SprintError):
    """A setting is missing or has a value that cannot be used."""


class StoreUnavailable(SprintError):
    """The store could not keep what it was given; nothing of it was kept."""


class Outage(StoreUnavailable):
    """The disk or the database fails: what it says is for whoever runs the sprint, and names its insides.

    Attributes:
        sentence: What everybody else reads.
    """

    sentence = "The sprint cannot be reached at the moment; what you do is kept here and sent later."


class UnreadablePrompts(SprintError):
    """Prompts are not where they should be, are in no format the sprint reads, or cannot be read to their end."""


class ImportCancelled(SprintError):
    """Somebody cancelled an import before it was in."""


class BadFolder(SprintError):
    """A folder cannot take a snapshot."""


class PlaceUnreachable(SprintError):
    """Where the backup is kept does not answer, or not now.

    Attributes:
        retry_after_s: How long it asks to be left alone, if it says so.
    """

    def __init__(self, sentence: str, retry_after_s: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after_s = retry_after_s


class PlaceRefused(SprintError):
    """Where the backup is kept does not take it until somebody does what the message says."""


class AnotherSprint(PlaceRefused):
    """Where the backup shall be kept lies that of another sprint."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"{title[0].upper()}{title[1:]} holds the backup of another sprint, and the two would be mixed: set "
            "BACKUP_TO to an empty place, or start with an empty DATA_DIR (or DATABASE_URL) to go on with that sprint."
        )


class DamagedBackup(SprintError):
    """A file of the backup is missing, cut off or not what was written."""


class NotRunning(SprintError):
    """A Space has all it needs, and does not run, or not yet."""


class NotAllowed(SprintError):
    """The person asking may not do this."""


class NotSignedIn(NotAllowed):
    """Nobody is signed in, or the session is over."""


class NotOrganizer(NotAllowed):
    """Only organizers may do this."""


class ForeignOrigin(NotAllowed):
    """A page of another site sent the request."""


class SignInRefused(NotAllowed):
    """This way of signing in is not open here."""


class TooFast(SprintError):
    """More in a short time than a person can judge."""

    def __init__(self, retry_after_ms: int) -> None:
        self.retry_after_s = -(-retry_after_ms // 1000)
        super().__init__(
            f"That is faster than anybody can read. Nothing is lost: what waits is taken in {self.retry_after_s} s."
        )


class BadRequest(SprintError):
    """What was sent cannot be understood."""


class UnknownView(BadRequest):
    """There is no live view of that name."""


class UnknownPerson(BadRequest):
    """Nobody is seen like that, or not any more."""


class RequestTooLarge(BadRequest):
    """The body is larger than any honest request."""


class ChangedMeanwhile(BadRequest):
    """Somebody else changed the same thing since it was looked at."""


class BadEvent(BadRequest):
    """One event of a request cannot be taken."""


class UnknownPrompt(BadEvent):
    """There is no prompt of that id in this sprint."""


class InvalidScore(BadEvent):
    """The score is not one of the five."""


class InvalidAction(BadEvent):
    """The action is not one a contributor can take here."""


class EventIdReused(BadEvent):
    """The event's id was already used for something else."""
