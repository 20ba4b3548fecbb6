"""A filter over the rows of a dataset, such as `avg_rating >= 4 and num_responses > 1`, read without running anything."""

import ast
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from components.errors import BadSetting

BEST = "avg_rating >= 4 and num_responses > 1"
# What a filter may name, and whether it is a number.
COLUMNS = {
    "avg_rating": True,
    "num_responses": True,
    "agreement_ratio": True,
    "graded_score": True,
    "kind": False,
    "source": False,
}
COMPARISONS = {
    ast.Lt: pc.less,
    ast.LtE: pc.less_equal,
    ast.Gt: pc.greater,
    ast.GtE: pc.greater_equal,
    ast.Eq: pc.equal,
    ast.NotEq: pc.not_equal,
}
# For texts only these two.
SAME = (ast.Eq, ast.NotEq)
LONGEST = 300
DEEPEST = 20

Choose = Callable[[pa.Table], pa.Array]


class Filter:
    """Says of each row whether it passes.

    Attributes:
        words: The filter as it was written.
        names: The columns it names.
    """

    def __init__(self, words: str) -> None:
        """Read a filter.

        Raises:
            BadSetting: It cannot be understood; the message says what can.
        """
        self.words = " ".join(words.split())
        try:
            if len(self.words) > LONGEST:
                raise _Unreadable(f"is longer than {LONGEST} characters")
            tree = ast.parse(self.words, mode="eval").body
            self._choose = _read(tree, DEEPEST)
            self.names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            raise _sentence(self.words, "cannot be read") from None
        except _Unreadable as reason:
            raise _sentence(self.words, str(reason)) from None

    def __call__(self, rows: pa.Table) -> np.ndarray:
        """Which of these rows pass; one with nothing in a column that is asked for does not.

        Args:
            rows: With the columns it names.
        """
        chosen = pc.fill_null(self._choose(rows), False)
        return np.asarray(chosen.to_numpy(zero_copy_only=False) if isinstance(chosen, pa.Array) else chosen)


class _Unreadable(Exception):
    """What is wrong with a filter, as the end of a sentence."""


def _sentence(words: str, reason: str) -> BadSetting:
    return BadSetting(
        f"The filter {words[:LONGEST]!r} {reason}; write one like `{BEST}` over {', '.join(COLUMNS)}."
    )


def _read(node: ast.expr, depth: int) -> Choose:
    if not depth:
        raise _Unreadable("is nested too deeply")
    if isinstance(node, ast.BoolOp):
        parts = [_read(part, depth - 1) for part in node.values]
        join = pc.and_ if isinstance(node.op, ast.And) else pc.or_
        return lambda rows: _joined(join, [part(rows) for part in parts])
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        negated = _read(node.operand, depth - 1)
        return lambda rows: pc.invert(negated(rows))
    if isinstance(node, ast.Compare):
        return _comparison(node)
    raise _Unreadable("does not compare a column with a value")


def _joined(join: Callable, parts: list[pa.Array]) -> pa.Array:
    first, *others = parts
    for part in others:
        first = join(first, part)
    return first


def _comparison(node: ast.Compare) -> Choose:
    """`a < b`, or a chain such as `2 <= a < 4`."""
    sides = [node.left, *node.comparators]
    steps = []
    for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
        kinds = {_is_number(side) for side in (left, right)}
        if type(operator) not in COMPARISONS or (kinds == {False} and not isinstance(operator, SAME)):
            raise _Unreadable("uses a comparison that is not known here")
        if len(kinds) != 1:
            raise _Unreadable("compares a number with a text")
        if not any(isinstance(side, ast.Name) for side in (left, right)):
            raise _Unreadable("compares two values, and no column")
        steps.append((COMPARISONS[type(operator)], _side(left), _side(right)))
    return lambda rows: _joined(pc.and_, [compare(left(rows), right(rows)) for compare, left, right in steps])


def _is_number(side: ast.expr) -> bool:
    if isinstance(side, ast.Name):
        if side.id not in COLUMNS:
            raise _Unreadable(f"names {side.id!r}, which is none of its columns")
        return COLUMNS[side.id]
    if isinstance(side, ast.Constant) and type(side.value) in (int, float, str):
        return not isinstance(side.value, str)
    raise _Unreadable("does more than compare a column with a value")


def _side(side: ast.expr) -> Callable[[pa.Table], pa.Array | pa.Scalar]:
    if isinstance(side, ast.Name):
        return lambda rows: rows[side.id].combine_chunks()
    value = pa.scalar(float(side.value) if not isinstance(side.value, str) else side.value)
    return lambda rows: value
