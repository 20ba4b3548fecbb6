"""Argilla: records with fields, metadata and people's responses, in each of the ways it writes them down."""

from collections.abc import Iterator, Mapping

from components.prompt_sources.guess import prompt_among
from components.prompt_sources.ranked import LOWEST
from components.prompt_sources.rows import Rating, Record, Unusable
from components.prompt_sources.scores import rating, responses
from components.prompt_sources.shape import Shape

SUBMITTED = "submitted"
USERS, STATUS = ".responses.users", ".responses.status"
# Counts of Argilla's own, which say nothing about a prompt.
OWN_COLUMNS = ("status", "_server_id", "inserted_at", "updated_at", "vectors", "suggestions", "settings")


def _record(values: Mapping[str, object]) -> Record:
    """A record as the client writes it: fields, metadata, responses by question."""
    fields, metadata = values.get("fields"), values.get("metadata") or {}
    if not isinstance(fields, Mapping) or not isinstance(metadata, Mapping):
        raise Unusable("The record has no fields.")
    given = [
        found
        for question, one in _responses(values.get("responses"))
        if one.get("status") in (None, SUBMITTED)
        for found in [_rating(one, _lowest(values.get("settings"), question))]
        if found
    ]
    column = prompt_among(fields)
    rest = {name: value for name, value in fields.items() if name != column}
    own_id = values.get("external_id") or values.get("id")
    told = {"prompt": fields.get(column), "id": own_id}
    return Record({**rest, **metadata, **told}, tuple(given), rated=True)


def _responses(value: object) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Question and response, whether they are listed by question or by person."""
    if isinstance(value, Mapping):
        for question, said in value.items():
            yield from ((question, one) for one in responses(said))
        return
    for one in responses(value):
        for question, said in (one.get("values") or {}).items():
            yield question, {**one, "value": said.get("value") if isinstance(said, Mapping) else said}


def _table(values: Mapping[str, object]) -> Record:
    """A row of a dataset it pushed to the Hub: a column for each field, three for each question."""
    question = next(name.removesuffix(USERS) for name in values if name.endswith(USERS))
    said, people = values.get(f"{question}.responses") or (), values.get(f"{question}{USERS}") or ()
    statuses = values.get(f"{question}{STATUS}") or [SUBMITTED] * len(people)
    given = [
        _rating({"user_id": user, "value": value}, None)
        for user, value, status in zip(people, said, statuses, strict=False)
        if status in (None, SUBMITTED)
    ]
    told = {
        name.removeprefix("metadata."): value
        for name, value in values.items()
        if name not in OWN_COLUMNS and ".responses" not in name and ".suggestion" not in name
    }
    column = prompt_among(told)
    told["prompt"] = told.pop(column, None)
    return Record(told, tuple(filter(None, given)), rated=True)


def _rating(one: Mapping[str, object], lowest: int | None) -> Rating | None:
    value = one.get("value")
    if lowest is None:
        # A rating is a number from 1; labels, as in the first sprint, are text from zero.
        lowest = LOWEST if isinstance(value, str) else 1
    return rating(one.get("user_id"), value, lowest, one.get("updated_at") or one.get("inserted_at"))


def _lowest(settings: object, question: str) -> int | None:
    """What the settings call the lowest score of a question; None if they do not say."""
    questions = settings.get("questions") if isinstance(settings, Mapping) else None
    for one in questions or ():
        if isinstance(one, Mapping) and one.get("name") == question:
            options = (
                (one.get("settings") or {}).get("options") or one.get("values") or one.get("labels") or ()
            )
            values = [option.get("value") if isinstance(option, Mapping) else option for option in options]
            numbers = [int(value) for value in values if str(value).isdigit()]
            return min(numbers, default=None)
    return None


class _Pushed(Shape):
    """A table with columns of responses, whatever its question is called."""

    def takes(self, values: Mapping[str, object]) -> bool:
        return any(name.endswith(USERS) for name in values)


RECORDS = Shape(
    "Argilla records",
    "fields, metadata and responses, with settings or without",
    frozenset(("fields", "responses")),
    _record,
)
PUSHED = _Pushed(
    "Argilla dataset", "a column for each field, and of responses to each question", frozenset(), _table
)
