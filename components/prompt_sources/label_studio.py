"""Label Studio: tasks with data, and annotations by people."""

from collections.abc import Iterator, Mapping

from components.prompt_sources.guess import prompt_among
from components.prompt_sources.rows import Rating, Record, Unusable
from components.prompt_sources.scores import rating, responses
from components.prompt_sources.shape import Shape

# Where a result holds a score, by the kind of control it comes from.
CONTROLS = ("rating", "number", "choices")
LOWEST = 1


def _task(values: Mapping[str, object]) -> Record:
    data = values.get("data")
    if not isinstance(data, Mapping):
        raise Unusable("The task has no data.")
    given = tuple(_ratings(values.get("annotations")))
    column = prompt_among(data)
    meta = values.get("meta") if isinstance(values.get("meta"), Mapping) else {}
    rest = {name: value for name, value in data.items() if name != column}
    own_id = data.get("id", values.get("id"))
    return Record({**meta, **rest, "prompt": data.get(column), "id": own_id}, given, rated=True)


def _ratings(annotations: object) -> Iterator[Rating]:
    for annotation in responses(annotations):
        if annotation.get("was_cancelled"):
            continue
        person = annotation.get("completed_by")
        if isinstance(person, Mapping):
            person = person.get("id", person.get("email"))
        for result in responses(annotation.get("result")):
            value = result.get("value")
            said = next((value[name] for name in CONTROLS if name in value), None) if value else None
            if isinstance(said, list):
                said = said[0] if said else None
            found = rating(person, said, LOWEST, annotation.get("created_at"))
            if found:
                yield found
                break


LABEL_STUDIO = Shape(
    "Label Studio", "tasks with data and annotations", frozenset(("data", "annotations")), _task
)
