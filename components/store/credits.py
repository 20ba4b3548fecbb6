"""Credits at rest: who wants to be named in the published dataset."""

from sqlalchemy import Connection, text

from components.records import Action
from components.store.contributors import STAMP, change
from components.store.writer import Transaction

WANTED = text("SELECT credit FROM contributors WHERE contributor_id = :contributor")
WANT = text(f"UPDATE contributors SET credit = :credit, {STAMP} WHERE contributor_id = :contributor")


def wanted(connection: Connection, contributor: str) -> bool:
    """Whether a contributor wants to be named."""
    return bool(connection.execute(WANTED, {"contributor": contributor}).scalar_one())


def want(transaction: Transaction, contributor: str, credit: bool) -> None:
    """Note whether a contributor wants to be named."""
    change(transaction, contributor, WANT, Action.PROFILE, {"credit": credit})
