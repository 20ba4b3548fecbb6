"""What is remembered of an account that was deleted: a keyed hash, which names nobody without the key."""

import hmac
import json

from components.account.sessions import derived_key
from components.records import Identity
from components.settings import Settings

PURPOSE = b"prompt sprint: hash of deleted accounts, version 1"


def subject_hash(identity: Identity, settings: Settings) -> str:
    """A hash of issuer and subject, the same as long as the sprint keeps its session secret.

    Raises:
        BadSetting: There is no secret to make the key from.
    """
    who = json.dumps([identity.issuer, identity.subject])
    return hmac.digest(derived_key(settings, PURPOSE), who.encode(), "sha256").hex()
