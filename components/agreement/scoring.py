"""The aggregated score of each prompt, with its uncertainty, by every way there is; in a process of its own."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from components.agreement.dawid_skene import MOST_ROUNDS, dawid_skene
from components.agreement.effects import adjusted_means, effects
from components.agreement.graded import ROUNDS, graded
from components.agreement.matrix import Matrix
from components.agreement.process import OnProgress, Process, answer

# Of a prompt nobody rated none is a number.
NAMES = (
    "adjusted_mean",
    "adjusted_mean_error",
    "dawid_skene_score",
    "dawid_skene_error",
    "graded_score",
    "graded_low",
    "graded_high",
)
ARRAYS = ("prompts", "contributors", "scores", "sources", "size")


def scores(matrix: Matrix, sources: np.ndarray, on_progress: OnProgress) -> dict[str, np.ndarray]:
    """Of each prompt, the columns of `NAMES`; not a number where one is undefined.

    Args:
        sources: Of each prompt, a number for its source.
    """
    nothing = np.full(matrix.number_of_prompts, np.nan)
    if not len(matrix):
        return dict.fromkeys(NAMES, nothing)
    total = MOST_ROUNDS + ROUNDS
    told = dawid_skene(matrix, done=lambda done: on_progress("scoring", done, total))
    soft = graded(matrix, done=lambda done: on_progress("scoring", MOST_ROUNDS + done, total))
    found = effects(matrix, sources)
    adjusted = adjusted_means(matrix, found) if found else (nothing, nothing)
    columns = (*adjusted, told.score, told.error, soft.score, soft.low, soft.high)
    rated = matrix.of_prompts() > 0
    return {name: np.where(rated, column, np.nan) for name, column in zip(NAMES, columns, strict=True)}


def scores_elsewhere(
    matrix: Matrix, sources: np.ndarray, on_progress: Callable[[str, int, int], None]
) -> dict[str, np.ndarray]:
    """The same, computed in a process of its own."""
    with TemporaryDirectory() as folder:
        size = np.array([matrix.number_of_prompts, matrix.number_of_contributors])
        given = (matrix.prompts, matrix.contributors, matrix.scores, sources, size)
        np.savez(Path(folder) / "given.npz", **dict(zip(ARRAYS, given, strict=True)))
        Process().run("components.agreement.scoring", {"folder": folder}, on_progress)
        with np.load(Path(folder) / "found.npz") as found:
            return {name: found[name] for name in NAMES}


def work(asked: Mapping, on_progress: OnProgress) -> Mapping:
    """Compute them from the arrays in a folder, and put them there."""
    folder = Path(asked["folder"])
    with np.load(folder / "given.npz") as given:
        prompts, contributors, given_scores, sources, size = (given[name] for name in ARRAYS)
    matrix = Matrix(prompts, contributors, given_scores, *map(int, size))
    np.savez(folder / "found.npz", **scores(matrix, sources, on_progress))
    return {}


if __name__ == "__main__":
    answer(work)
