"""The tables of one shelf: from what the store holds to what leaves, a column at a time, without anything that names a person."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components.agreement.ratio import stretched
from components.records import ABOUT_PROMPTS, HOUR_MS, OPINIONS, SCORES, Action
from components.snapshots.configurations import DEFAULT, EVENTS, PROMPTS
from components.snapshots.reading import ACTION_NUMBERS, ACTIONS, NOBODY

# The published scores count from zero, as text.
VALUES = pa.array([str(score - 1) for score in SCORES])
WITHDRAWN = ACTION_NUMBERS[Action.WITHDRAWN]
SAYS = np.array([action in OPINIONS for action in ABOUT_PROMPTS])
NOTHING = -1
SHORT = 500
# For people, each a place among the pseudonyms, and prompt_ids: the event that says what they think now, if any.
Standing = Callable[[Sequence[tuple[int, str]]], Sequence[str | None]]


@dataclass(frozen=True)
class Part:
    """All prompts of a shelf and what was done to them, in the order of their ids.

    Attributes:
        default, events, prompts: Rows of these configurations; `default` has a row for every prompt.
        sources, kinds: Of each prompt.
        metadata: Of each prompt, all that is known of it.
        counts: Of each prompt, how many ratings of each score; the rows of an array.
        raters: Of each rating in the order of `default`, the place of its contributor among the pseudonyms.
        hours: Of each current rating, its hour since the epoch.
    """

    default: pa.Table
    events: pa.Table
    prompts: pa.Table
    sources: list[str]
    kinds: list[str]
    metadata: list[Mapping[str, object]]
    counts: np.ndarray
    raters: np.ndarray
    hours: np.ndarray


def part_of(
    prompts: pa.Table, events: pa.Table, pseudonyms: pa.Array, elsewhere: np.ndarray, standing: Standing
) -> Part:
    """Put the rows of a shelf in order and side by side.

    Args:
        elsewhere: Of each pseudonym, whether its ratings came with the prompts.
        standing: Asked where somebody did several things to one prompt.
    """
    prompts = prompts.sort_by("prompt_id").combine_chunks()
    ids = whole(prompts["prompt_id"])
    told = _told(events, ids, elsewhere, standing)
    counts = np.bincount(told.places * len(SCORES) + told.scores - 1, minlength=len(ids) * len(SCORES))
    counts = counts.reshape(len(ids), len(SCORES))
    sources, kinds = prompts["source"].to_pylist(), prompts["kind"].to_pylist()
    known = [
        metadata_of(*row)
        for row in zip(
            prompts["metadata"].to_pylist(), kinds, sources, prompts["context"].to_pylist(), strict=True
        )
    ]
    texts = pa.array([text for _, text in known], pa.string())
    metadata = [one for one, _ in known]
    topics = [pa.array([_text(one, name) for one in metadata], pa.string()) for name in OF_A_TOPIC_MAP]
    columns = [
        prompts["prompt_id"],
        prompts["text"],
        prompts["context"],
        prompts["source"],
        prompts["kind"],
        texts,
        *topics,
    ]
    return Part(
        _rated(prompts, texts, topics, counts, told.scores, pseudonyms.take(pa.array(told.raters))),
        _events(told, ids, pseudonyms),
        pa.table(columns, PROMPTS.schema()),
        sources,
        kinds,
        metadata,
        counts,
        told.raters,
        told.hours,
    )


def _placed(rows: pa.Table, ids: pa.Array, people: int) -> tuple[pa.Table, np.ndarray]:
    """The rows about prompts that are published, by people who may be told of, and a number for each such pair."""
    places = _numbers(pc.index_in(rows["prompt_id"], value_set=ids), NOTHING).astype(np.int64)
    who = rows["who"].to_numpy()
    told = (places != NOTHING) & (who != NOBODY)
    if not told.all():
        rows, places, who = rows.filter(pa.array(told)), places[told], who[told]
    return rows, places * people + who


def _rated(
    prompts: pa.Table,
    texts: pa.Array,
    topics: list[pa.Array],
    counts: np.ndarray,
    scores: np.ndarray,
    pseudonyms: pa.Array,
) -> pa.Table:
    """The rows of `default`, in the schema of `10k_prompts_ranked`.

    Args:
        scores, pseudonyms: Of each rating, in the order of `_in_turn`.
    """
    schema = DEFAULT.schema()
    number = counts.sum(axis=1)
    none = number == 0
    divisor = np.where(none, 1, number)
    offsets = pa.array(np.concatenate(([0], np.cumsum(number))), pa.int32())
    quality = schema.field("quality").type
    ratings = pa.StructArray.from_arrays(
        [pseudonyms, VALUES.take(pa.array(scores - 1)), pa.repeat("submitted", len(scores))],
        fields=list(quality.value_type),
    )
    columns = (
        prompts["text"],
        pa.ListArray.from_arrays(offsets, ratings, type=quality),
        texts,
        pa.array(counts @ np.array(SCORES) / divisor, mask=none),
        pa.array(number, pa.int64()),
        pa.array(stretched(counts.max(axis=1, initial=0), divisor), mask=none),
        pa.ListArray.from_arrays(
            offsets, pa.array(scores, pa.int64()), type=schema.field("raw_responses").type
        ),
        prompts["kind"],
        *topics,
    )
    return pa.table(list(columns), schema)


@dataclass(frozen=True)
class _Told:
    """The events of a shelf by prompt and contributor, and what follows from them.

    Attributes:
        pairs: Of each event, a number for its prompt and contributor.
        current: Which events say what their contributors think now.
        taken_back: Which have a score that is its contributor's alone.
        places, raters, scores, hours: Of each rating that counts, in the order of `_in_turn`.
    """

    events: pa.Table
    pairs: np.ndarray
    current: np.ndarray
    taken_back: np.ndarray
    places: np.ndarray
    raters: np.ndarray
    scores: np.ndarray
    hours: np.ndarray


def _told(events: pa.Table, ids: pa.Array, elsewhere: np.ndarray, standing: Standing) -> _Told:
    people = len(elsewhere) or 1
    events, pairs = _placed(events, ids, people)
    order, several = _order(events, pairs)
    events, pairs = events.take(pa.array(order)).combine_chunks(), pairs[order]
    actions, scores = _numbers(events["action"], NOTHING), _numbers(events["score"], 0)
    # What stands alone between a prompt and somebody says what they think of it.
    current = SAYS[actions]
    said = np.where(current, actions, NOTHING)
    some = np.flatnonzero(several)
    if len(some):
        shared, of = np.unique(pairs[some], return_inverse=True)
        named = [(pair % people, ids[pair // people].as_py()) for pair in shared.tolist()]
        stands = pa.array(standing(named), pa.string()).take(pa.array(of))
        current[some] = (
            pc.equal(events["event_id"].take(pa.array(some)), stands).fill_null(False).to_numpy(False)
        )
        now = np.full(len(shared), NOTHING)
        now[of[current[some]]] = actions[some[current[some]]]
        said[some] = now[of]
    rated = np.flatnonzero(current & (scores > 0))
    rated = rated[_in_turn(*np.divmod(pairs[rated], people), order[rated], elsewhere)]
    return _Told(
        events=events,
        pairs=pairs,
        current=current,
        taken_back=(said == NOTHING) | (said == WITHDRAWN) | _undone(events, pairs),
        places=pairs[rated] // people,
        raters=pairs[rated] % people,
        scores=scores[rated],
        hours=events["hour"].to_numpy()[rated],
    )


def _events(told: _Told, ids: pa.Array, pseudonyms: pa.Array) -> pa.Table:
    """The rows of `events`. A score that its contributor took back is not in them, only that there was one.

    Public pages count ratings by the second; exact times here would tell whose pseudonym is whose.
    """
    people = len(pseudonyms) or 1
    events, scores = told.events, _numbers(told.events["score"], 0)
    return pa.table(
        [
            pc.take(ids, pa.array(told.pairs // people)),
            pc.take(pseudonyms, pa.array(told.pairs % people)),
            pc.take(ACTIONS, events["action"]),
            pa.array(scores, pa.int64(), mask=told.taken_back | (scores == 0)),
            events["reason"],
            events["shown_ms"],
            pa.array(events["hour"].to_numpy().astype(np.int64) * HOUR_MS, pa.timestamp("ms", "UTC")),
            pa.array(told.current),
            events["late"],
        ],
        EVENTS.schema(),
    )


def _order(events: pa.Table, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """By prompt, contributor, hour and the random id of the event: nothing that would tell more about time.

    Returns:
        The order, and for each in it whether another one has the same prompt and contributor.
    """
    order = np.argsort(pairs, kind="stable")
    ordered = pairs[order]
    again = np.concatenate(([False], ordered[1:] == ordered[:-1]))
    several = again | np.concatenate((again[1:], [False]))
    if several.any():
        some = order[several]
        few = events.select(["hour", "event_id"]).take(pa.array(some))
        few = few.append_column("pair", pa.array(pairs[some]))
        keys = [(name, "ascending") for name in ("pair", "hour", "event_id")]
        order[several] = some[pc.sort_indices(few, keys).to_numpy()]
    return order, several


def _in_turn(places: np.ndarray, raters: np.ndarray, kept: np.ndarray, elsewhere: np.ndarray) -> np.ndarray:
    """The order of ratings: by prompt, then by pseudonym, so that it does not tell who rated before whom.

    Those that came with a prompt stand behind, in the order they came in, which was public before.

    Args:
        places: Of the prompt of each rating.
        kept: When the store kept it, as a number that only grows.
    """
    came = elsewhere[raters]
    if not came.any():
        return np.arange(len(raters))
    return np.lexsort((np.where(came, kept, raters), came, places))


def _undone(events: pa.Table, pairs: np.ndarray) -> np.ndarray:
    """Which events their own contributor took back."""
    undone = np.zeros(len(pairs), bool)
    if events["target"].null_count == len(pairs):
        return undone
    targets = events["target"].to_pylist()
    taken = {
        (pair, target) for pair, target in zip(pairs.tolist(), targets, strict=True) if target is not None
    }
    named = pc.is_in(events["event_id"], value_set=pa.array([target for _, target in taken], pa.string()))
    for place in np.flatnonzero(named.to_numpy()).tolist():
        undone[place] = (int(pairs[place]), events["event_id"][place].as_py()) in taken
    return undone


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """A column in one piece."""
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def metadata_of(known: str, kind: str, source: str, context: str | None) -> tuple[Mapping[str, object], str]:
    """All that is known of a prompt besides its text, in the order of the published dataset, also as JSON."""
    if context is None and len(known) < SHORT:
        return _short_metadata(known, kind, source)
    return _metadata(known, kind, source, context)


def _metadata(known: str, kind: str, source: str, context: str | None) -> tuple[Mapping[str, object], str]:
    told = json.loads(known)
    metadata = {"evolved_from": told.get("evolved_from"), "kind": kind, "source": source}
    metadata |= {name: value for name, value in told.items() if name not in metadata}
    if context is not None:
        metadata["context"] = context
    told = {
        name: value
        for name, value in metadata.items()
        if name not in OF_A_TOPIC_MAP or not isinstance(value, str)
    }
    return metadata, json.dumps(told, ensure_ascii=False)


# Columns of their own, as in the published dataset.
OF_A_TOPIC_MAP = ("cluster_description", "topic")


# Millions of prompts may have the same few words to say of themselves.
@lru_cache(1000)
def _short_metadata(known: str, kind: str, source: str) -> tuple[Mapping[str, object], str]:
    return _metadata(known, kind, source, None)


def _text(metadata: Mapping[str, object], name: str) -> str | None:
    value = metadata.get(name)
    return value if isinstance(value, str) else None


def _numbers(column: pa.ChunkedArray | pa.Array, missing: int) -> np.ndarray:
    return pc.fill_null(column, missing).to_numpy()
