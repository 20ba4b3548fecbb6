"""Guesses about a table nobody has described: which column is the prompt, and which are the others."""

from collections.abc import Mapping, Sequence

# The likeliest first, in lower case.
PROMPT = (
    "prompt",
    "instruction",
    "question",
    "query",
    "inputs_pretokenized",
    "inputs",
    "input",
    "request",
    "text",
    "content",
    "message",
    "data",
)
# Conversations: the first turn is the prompt.
TURNS = {"messages": "0.content", "conversations": "0.value", "conversation": "0.content", "turns": "0"}
OTHERS = {
    "source": ("source", "origin", "dataset", "dataset_name"),
    "kind": ("kind",),
    "id": ("id", "prompt_id", "uid", "uuid", "_id", "question_id", "index"),
    "context": ("context", "passage", "document"),
}
WORDS_OF_A_PROMPT = 3


def columns_of(rows: Sequence[Mapping[str, object]]) -> list[str]:
    """The columns of some rows, in the order they first appear."""
    return list(dict.fromkeys(column for row in rows for column in row))


def guessed(rows: Sequence[Mapping[str, object]]) -> dict[str, str]:
    """Our columns, as far as they are likely to be there, and what they are called in these rows."""
    columns = columns_of(rows)
    by_name = {column.casefold(): column for column in reversed(columns)}
    found = {}
    prompt = _prompt(rows, columns, by_name)
    if prompt:
        found["prompt"] = prompt
    for ours, theirs in OTHERS.items():
        column = next((by_name[name] for name in theirs if name in by_name), None)
        if column and column not in found.values():
            found[ours] = column
    return found


def prompt_among(values: Mapping[str, object]) -> str | None:
    """The column that is likely to be the prompt."""
    return guessed([values]).get("prompt")


def _prompt(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], by_name: Mapping[str, str]
) -> str | None:
    def is_text(column: str) -> bool:
        return any(isinstance(row.get(column), str) for row in rows)

    named = next((by_name[name] for name in PROMPT if name in by_name and is_text(by_name[name])), None)
    if named:
        return named
    turns = next((name for name in TURNS if name in by_name), None)
    if turns:
        return f"{by_name[turns]}.{TURNS[turns]}"
    longest = {column: sum(len(str(row.get(column) or "")) for row in rows) for column in columns}
    texts = [column for column in columns if is_text(column)]
    likely = max(texts, key=longest.__getitem__, default=None)
    wordy = likely and any(len(str(row.get(likely)).split()) >= WORDS_OF_A_PROMPT for row in rows)
    return likely if wordy else None
