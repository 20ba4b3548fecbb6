"""The way in for ratings: requests are gathered while the disk is busy, and kept together."""

from collections.abc import Callable, Collection, Sequence

from components.account.account import Account, Visitor
from components.errors import NotSignedIn, SprintError
from components.rating.assignment import Expiry
from components.rating.pace import Pace
from components.rating.recording import Submission, record
from components.store.store import Store
from components.store.together import Together
from components.store.writer import Transaction

# So many events make a flush to the disk cheap for each, and short for all.
MOST_TOGETHER = 100
SOMEBODY_ELSE = "Somebody else is signed in here now; what you have done waits until you are back."


class Intake:
    """Takes what contributors did; it is answered when it is on the disk.

    Attributes:
        expiry: When leases that are over were looked for last, by this process.
    """

    def __init__(
        self,
        store: Store,
        account: Account,
        durable: Callable[[str, int], int | None],
        prompts_coming: Callable[[], bool] = lambda: False,
        thin: Callable[[], Collection[str]] = tuple,
    ) -> None:
        """Prepare to take ratings.

        Args:
            durable: Of a writer and the number it has committed, up to which number its events are
                durable; None if none ever is.
            prompts_coming: Whether prompts are being brought in at this moment.
            thin: Sources with few ratings yet, at this moment.
        """
        self._store = store
        self._account = account
        self._durable = durable
        self._prompts_coming = prompts_coming
        self._thin = thin
        self._pace = Pace()
        self.expiry = Expiry()
        self._together = Together(
            store, self._record, lambda submission: max(1, len(submission.items)), MOST_TOGETHER
        )

    def expect(self, come: Callable[[], None]) -> bool:
        """Have a request come in when ratings are kept next: `components.store.together.Together.expect`."""
        return self._together.expect(come)

    async def take(self, cookie: bytes, asked: "RatingsIn") -> dict[str, object]:  # noqa: F821
        """Keep what a request tells.

        Args:
            cookie: The request's Cookie header.
            asked: Its body, as `components.rating.routes.RatingsIn`.

        Returns:
            What `components.rating.routes.RatingsOut` describes.

        Raises:
            NotSignedIn: Nobody is signed in, or somebody else than whose events these are.
            TooFast: All of it was done faster than a person can.
            StoreUnavailable: It could not be kept.
        """
        visitor = await self._account.recognize(cookie)
        if asked.key is not None and asked.key != visitor.key:
            raise NotSignedIn(SOMEBODY_ELSE)
        answer = await self._together.do(self._submission(visitor, asked))
        if isinstance(answer, NotSignedIn):
            self._account.forget(cookie)
        if isinstance(answer, SprintError):
            raise answer
        return answer

    def put(
        self,
        cookie: bytes,
        asked: "RatingsIn",  # noqa: F821
        done: Callable[[dict | BaseException], None],
    ) -> bool:
        """Do the same without a task, for who was recognized before and is asked for.

        Args:
            done: Is handed what `take` returns or raises.

        Returns:
            Whether it will be; if not, nothing was done.
        """
        visitor = self._account.known(cookie)
        if visitor is None or asked.key not in (None, visitor.key):
            return False

        def settle(answer: dict | SprintError | None, error: BaseException | None) -> None:
            if isinstance(answer, NotSignedIn):
                self._account.forget(cookie)
            done(answer if error is None else error)

        self._together.put(self._submission(visitor, asked), settle)
        return True

    def _submission(self, visitor: Visitor, asked: "RatingsIn") -> Submission:  # noqa: F821
        return Submission(
            visitor.contributor,
            visitor.signed_in_at,
            [vars(event) for event in asked.events],
            asked.chosen,
            asked.behind_ms(self._store.clock()),
            asked.local_date,
        )

    def _record(
        self, transaction: Transaction, submissions: Sequence[Submission]
    ) -> list[dict[str, object] | SprintError]:
        answers = record(
            transaction, submissions, self._pace, self._prompts_coming(), self._thin(), self.expiry
        )
        seq = {"writer": transaction.writer, "number": transaction.number}
        durable_seq = self._durable(transaction.writer, transaction.number)
        standing = {"epoch": self._store.epoch, "seq": seq, "durable_seq": durable_seq}
        return [answer | standing if isinstance(answer, dict) else answer for answer in answers]
