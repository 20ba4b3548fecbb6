"""The models that score prompts, one after the other; a process of its own that `scoring` begins."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from components.agreement.dawid_skene import MOST_ROUNDS, dawid_skene
from components.agreement.effects import adjusted_means, effects
from components.agreement.graded import ROUNDS, graded
from components.agreement.matrix import Matrix
from components.agreement.process import OnProgress
from components.agreement.scoring import ARRAYS, NAMES

FEWEST_UNSURE = 3


def scores(matrix: Matrix, sources: np.ndarray, on_progress: OnProgress) -> dict[str, np.ndarray]:
    """What `scoring.scores` answers, computed here."""
    nothing = np.full(matrix.number_of_prompts, np.nan)
    if not len(matrix):
        return dict.fromkeys(NAMES, nothing)
    total = MOST_ROUNDS + ROUNDS
    told = dawid_skene(matrix, done=lambda done: on_progress("scoring", done, total))
    soft = graded(matrix, done=lambda done: on_progress("scoring", MOST_ROUNDS + done, total))
    found = effects(matrix, sources)
    adjusted = adjusted_means(matrix, found) if found else (nothing, nothing)
    counts = matrix.counts()
    # Where nobody differs the model knows of no error at all, and after two ratings of hardly any.
    unsure = (counts.sum(axis=1) >= FEWEST_UNSURE) & ((counts > 0).sum(axis=1) > 1)
    error = np.where(unsure, told.error, np.nan)
    columns = (*adjusted, told.score, error, soft.score, soft.low, soft.high)
    rated = matrix.of_prompts() > 0
    return {name: np.where(rated, column, np.nan) for name, column in zip(NAMES, columns, strict=True)}


def work(asked: Mapping, on_progress: OnProgress) -> Mapping:
    """Compute them from the arrays in a folder, and put them there."""
    folder = Path(asked["folder"])
    with np.load(folder / "given.npz") as given:
        prompts, contributors, given_scores, sources, size = (given[name] for name in ARRAYS)
    matrix = Matrix(prompts, contributors, given_scores, *map(int, size))
    np.savez(folder / "found.npz", **scores(matrix, sources, on_progress))
    return {}
