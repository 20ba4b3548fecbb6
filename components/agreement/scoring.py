"""The aggregated score of each prompt, with its uncertainty, by every way there is: asked of a process of its own."""

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from components.agreement.matrix import Matrix
from components.agreement.process import OnProgress, Process

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
    with TemporaryDirectory() as folder:
        size = np.array([matrix.number_of_prompts, matrix.number_of_contributors])
        given = (matrix.prompts, matrix.contributors, matrix.scores, sources, size)
        np.savez(Path(folder) / "given.npz", **dict(zip(ARRAYS, given, strict=True)))
        Process().run("components.agreement.models", {"folder": folder}, on_progress)
        with np.load(Path(folder) / "found.npz") as found:
            return {name: found[name] for name in NAMES}
