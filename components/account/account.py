"""Who is asking, and what they may do: read from the store at each request, never from the cookie."""

import asyncio
import hashlib
from concurrent.futures import Future
from dataclasses import dataclass

from starlette.requests import HTTPConnection

from components.account import sessions
from components.account.erased import subject_hash
from components.account.identity import LOCAL, browser_key
from components.errors import NotOrganizer, NotSignedIn, StoreUnavailable
from components.records import Contributor, Identity
from components.settings import Settings
from components.store import contributors, erasures
from components.store.store import Store
from components.store.writer import Transaction

# Joining again takes milliseconds; a store that needs longer must not hold up everybody else's requests.
PATIENCE_S = 2
# Cookie headers; far more than sprints have people, and a few megabytes.
MOST_REMEMBERED = 20_000
SIGNED_OUT = "Sign in first; what you have done so far waits for you."
BUSY = "The sprint is busy; try again in a moment."


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody signed in, as far as a cookie tells; whether that still holds, the store knows."""

    contributor: str
    key: str
    signed_in_at: int
    expires_at: int


class Account:
    """Tells routes whose request it is; in a Gradio handler, hand it `request.request`."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._sessions = sessions.SessionReader(settings)
        self._visitors: dict[bytes, Visitor] = {}

    async def recognize(self, cookie: bytes) -> Visitor:
        """Who sends a Cookie header, for the way of a rating: each header is read once, then remembered.

        Whoever uses it asks the store, in the same transaction, whether the contributor is still
        there and their sessions still good; if not, `forget` the header.

        Raises:
            NotSignedIn: Nobody is signed in.
            StoreUnavailable: They have to join again and the store does not take it.
        """
        visitor = self.known(cookie)
        if visitor is None:
            self.forget(cookie)
            request = HTTPConnection(await self._sessions.read(cookie))
            contributor = await self.present(request)
            key = browser_key(contributor.identity)
            visitor = Visitor(contributor.contributor_id, key, *sessions.span(request.session))
            if len(self._visitors) >= MOST_REMEMBERED:
                self._visitors.clear()
            self._visitors[_short(cookie)] = visitor
        return visitor

    def known(self, cookie: bytes) -> Visitor | None:
        """Who sends a Cookie header that was recognized before; None if it has to be read."""
        visitor = self._visitors.get(_short(cookie))
        return None if visitor is None or visitor.expires_at <= self._store.clock() else visitor

    def forget(self, cookie: bytes) -> None:
        """Read a Cookie header anew the next time."""
        self._visitors.pop(_short(cookie), None)

    def contributor_of(self, request: HTTPConnection) -> Contributor | None:
        """The contributor who sent a request, if they are signed in.

        Somebody with a session whom the store does not know joins again: the store was emptied,
        as a Space's disk is at each restart, but the cookie is as good as before.

        Raises:
            StoreUnavailable: They have to join again and the store does not take it.
        """
        identity = self._identity_of(request)
        if identity is None:
            return None
        contributor = self._find(identity)
        if contributor is None:
            try:
                contributor = self.join(identity, sessions.issued_at(request.session)).result(PATIENCE_S)
            except TimeoutError:
                raise StoreUnavailable(BUSY) from None
        return _unless_signed_out(request, contributor)

    def signed_in(self, request: HTTPConnection) -> Contributor:
        """The contributor who sent a request.

        Raises:
            NotSignedIn: Nobody is signed in.
            StoreUnavailable: They have to join again and the store does not take it.
        """
        return _somebody(self.contributor_of(request))

    async def present(self, request: HTTPConnection) -> Contributor:
        """The same as `signed_in`, for the event loop: whoever has to join again holds up nobody else.

        Raises:
            NotSignedIn: Nobody is signed in.
            StoreUnavailable: They have to join again and the store does not take it.
        """
        identity = self._identity_of(request)
        contributor = self._find(identity) if identity else None
        if identity and contributor is None:
            try:
                joining = asyncio.wrap_future(self.join(identity, sessions.issued_at(request.session)))
                contributor = await asyncio.wait_for(asyncio.shield(joining), PATIENCE_S)
            except TimeoutError:
                raise StoreUnavailable(BUSY) from None
        return _somebody(_unless_signed_out(request, contributor))

    def organizer(self, request: HTTPConnection) -> Contributor:
        """The organizer who sent a request.

        Raises:
            NotSignedIn: Nobody is signed in.
            NotOrganizer: They are no organizer.
        """
        contributor = self.signed_in(request)
        if not self.is_organizer(contributor):
            raise NotOrganizer(f"{contributor.identity.username} is not one of this sprint's organizers.")
        return contributor

    def join(self, identity: Identity, signed_in_at: int) -> "Future[Contributor | None]":
        """Have it recorded that somebody signed in; None if they deleted their account since.

        Args:
            signed_in_at: When, in epoch milliseconds.
        """
        subject = self.subject_hash(identity)

        def work(transaction: Transaction) -> Contributor | None:
            erasure = erasures.of(transaction.connection, subject)
            if erasure is None:
                return contributors.sign_in(transaction, identity, self._settings.organizers)
            if signed_in_at <= erasure.erased_at:
                return None
            valid_from = erasure.erased_at + 1
            return contributors.sign_in(transaction, identity, self._settings.organizers, valid_from)

        return self._store.submit(work)

    def subject_hash(self, identity: Identity) -> str:
        """What is remembered of somebody who deletes their account."""
        return subject_hash(identity, self._settings)

    def is_organizer(self, contributor: Contributor) -> bool:
        """Whether a contributor was appointed, or has the sprint to themselves on a laptop."""
        own_laptop = self._settings.local_sign_in and not self._settings.organizers
        return contributor.organizer or (own_laptop and contributor.identity.issuer == LOCAL)

    def _identity_of(self, request: HTTPConnection) -> Identity | None:
        identity = sessions.identity_of(request.session, self._store.clock())
        closed = identity is not None and identity.issuer == LOCAL and not self._settings.local_sign_in
        return None if closed else identity

    def _find(self, identity: Identity) -> Contributor | None:
        with self._store.reading() as connection:
            return contributors.find(connection, identity.issuer, identity.subject)


def _short(cookie: bytes) -> bytes:
    # A browser may send as much in a header as it likes.
    return hashlib.blake2b(cookie, digest_size=16).digest()


def _unless_signed_out(request: HTTPConnection, contributor: Contributor | None) -> Contributor | None:
    if contributor is None or sessions.issued_at(request.session) < contributor.sessions_valid_from:
        return None
    return contributor


def _somebody(contributor: Contributor | None) -> Contributor:
    if contributor is None:
        raise NotSignedIn(SIGNED_OUT)
    return contributor
