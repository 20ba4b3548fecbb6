"""The numbers of the whole sprint as a live view: computed elsewhere, and served to everybody as they are."""

import json

from sqlalchemy import Connection

from components.agreement.analysis import NAME
from components.live.moment import Moment
from components.live.view import View
from components.store import findings, tallies
from components.store.findings import Made

NO_RATINGS = "No ratings yet: the first one is yours."
NOT_YET = "The numbers are computed within a minute or two after ratings came in."


def agreement(moment: Moment) -> dict:
    """What was found last, and when; before that, why there is nothing."""
    made = moment.read(_latest)
    if made is not None:
        told = json.loads(moment.read(_content))
        # It tells of one person; what an older version kept held it.
        told.pop("without_busiest", None)
        return {"made_at": made.made_at, "empty": None, **told}
    rated = any(number for number in moment.read(tallies.coverage))
    return {"made_at": None, "empty": NOT_YET if rated else NO_RATINGS}


def _latest(connection: Connection) -> Made | None:
    return findings.latest(connection, NAME)


def _content(connection: Connection) -> str | None:
    return findings.content(connection, NAME)


VIEWS = (View("agreement", agreement),)
