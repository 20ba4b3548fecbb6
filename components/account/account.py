"""Who is asking, and what they may do: read from the store at each request, never from the cookie."""

from starlette.requests import HTTPConnection

from components.account import sessions
from components.account.identity import LOCAL
from components.errors import NotOrganizer, NotSignedIn, StoreUnavailable
from components.records import Contributor, Identity
from components.settings import Settings
from components.store import contributors
from components.store.store import Store

# Joining again takes milliseconds; a store that needs longer must not hold up everybody else's requests.
PATIENCE_S = 2


class Account:
    """Tells routes whose request it is; in a Gradio handler, hand it `request.request`."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def contributor_of(self, request: HTTPConnection) -> Contributor | None:
        """The contributor who sent a request, if they are signed in.

        Somebody with a session whom the store does not know joins again: the store was emptied,
        as a Space's disk is at each restart, but the cookie is as good as before.

        Raises:
            StoreUnavailable: They have to join again and the store does not take it.
        """
        session = request.session
        identity = sessions.identity_of(session, self._store.clock())
        if identity is None or (identity.issuer == LOCAL and not self._settings.local_sign_in):
            return None
        with self._store.reading() as connection:
            contributor = contributors.find(connection, identity.issuer, identity.subject)
        if contributor is None:
            return self._join_again(identity)
        return contributor if sessions.issued_at(session) >= contributor.sessions_valid_from else None

    def signed_in(self, request: HTTPConnection) -> Contributor:
        """The contributor who sent a request.

        Raises:
            NotSignedIn: Nobody is signed in.
        """
        contributor = self.contributor_of(request)
        if contributor is None:
            raise NotSignedIn("Sign in first; what you have done so far waits for you.")
        return contributor

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

    def is_organizer(self, contributor: Contributor) -> bool:
        """Whether a contributor was appointed, or has the sprint to themselves on a laptop."""
        own_laptop = self._settings.local_sign_in and not self._settings.organizers
        return contributor.organizer or (own_laptop and contributor.identity.issuer == LOCAL)

    def _join_again(self, identity: Identity) -> Contributor:
        joining = self._store.submit(
            lambda transaction: contributors.sign_in(transaction, identity, self._settings.organizers)
        )
        try:
            return joining.result(PATIENCE_S)
        except TimeoutError:
            raise StoreUnavailable("The sprint is busy; try again in a moment.") from None
