"""The sources of the first sprint, in the shapes their makers publish them in."""

from collections.abc import Mapping

from components.prompt_sources.rows import Record, Unusable
from components.prompt_sources.shape import Shape


def renamed(**columns: str) -> "object":
    """A reader that gives columns our names, such as prompt="instruction"; the others stay as they are."""

    def read(values: Mapping[str, object]) -> Record:
        named = {ours: values.get(theirs) for ours, theirs in columns.items()}
        taken = set(columns.values())
        return Record({name: value for name, value in values.items() if name not in taken} | named)

    return read


def _mt_bench(values: Mapping[str, object]) -> Record:
    """The first turn is the prompt; the later ones answer what a model said, and stay beside it."""
    turns = values.get("turns")
    if not isinstance(turns, list | tuple) or not turns:
        raise Unusable("The turns are no list.")
    rest = {name: value for name, value in values.items() if name not in ("turns", "question_id")}
    return Record(
        {"prompt": turns[0], "id": values.get("question_id"), "later_turns": list(turns[1:])} | rest
    )


def _self_instruct(values: Mapping[str, object]) -> Record:
    """The instruction is the prompt, and the input of its instance, if it has one, the passage it speaks of."""
    instances = values.get("instances")
    first = instances[0] if isinstance(instances, list | tuple) and instances else {}
    passage = first.get("input") if isinstance(first, Mapping) else None
    rest = {name: value for name, value in values.items() if name != "instruction"}
    return Record({**rest, "prompt": values.get("instruction"), "context": passage})


def _flan(values: Mapping[str, object]) -> Record:
    """Three columns without names: the question, with its line breaks spelled out, the answer and why."""
    question, answer, why = (values.get(column) for column in ("1", "2", "3"))
    prompt = question.replace("\\n", "\n") if isinstance(question, str) else question
    return Record({"prompt": prompt, "target": answer, "explanation": why})


def _of(source: str, kind: str) -> dict[str, str]:
    return {"source": source, "kind": kind}


OURS = frozenset(("source", "kind"))
FOUNDING = (
    Shape(
        "awesome-chatgpt-prompts",
        "act and prompt",
        frozenset(("act", "prompt")),
        constants=_of("fka/awesome-chatgpt-prompts", "human"),
        without=OURS,
    ),
    Shape(
        "MT-bench",
        "questions with turns, of which the first is the prompt",
        frozenset(("question_id", "category", "turns")),
        _mt_bench,
        _of("mt_bench", "human"),
    ),
    Shape(
        "arena-hard",
        "prompts with category and cluster",
        frozenset(("uid", "category", "cluster", "prompt")),
        renamed(id="uid"),
        _of("arena-hard", "human"),
        OURS,
    ),
    Shape(
        "self-instruct",
        "seed tasks: an instruction and an instance of it",
        frozenset(("id", "instruction", "instances", "is_classification")),
        _self_instruct,
        _of("self-instruct", "human"),
    ),
    Shape(
        "ultrachat",
        "questions for evaluation, with their class",
        frozenset(("class", "data")),
        renamed(prompt="data"),
        _of("ultrachat", "synthetic"),
        OURS | {"prompt"},
    ),
    Shape(
        "FLAN",
        "three columns without names: question, answer, explanation",
        frozenset(("1", "2", "3")),
        _flan,
        _of("flan_v2_cot", "synthetic"),
    ),
    Shape(
        "dolly",
        "instructions with context, response and category",
        frozenset(("instruction", "context", "response", "category")),
        renamed(prompt="instruction", context="context"),
        _of("databricks-dolly-15k", "human"),
        OURS | {"prompt"},
    ),
)
