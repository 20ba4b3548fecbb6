"""Small cases with published values, as they stand in the papers."""

import numpy as np

MISSING = 0

# Klaus Krippendorff, Computing Krippendorff's Alpha-Reliability, 2011, section C: a row for each unit, four observers.
KRIPPENDORFF_C = (
    (1, 1, 0, 1),
    (2, 2, 3, 2),
    (3, 3, 3, 3),
    (3, 3, 3, 3),
    (2, 2, 2, 2),
    (1, 2, 3, 4),
    (4, 4, 4, 4),
    (1, 1, 2, 1),
    (2, 2, 2, 2),
    (0, 5, 5, 5),
    (0, 0, 1, 1),
    (0, 0, 3, 0),
)

# Joseph Fleiss, 1971, table 1: how many of six psychiatrists put a patient in each of five classes.
FLEISS = (
    *((0, 0, 0, 6, 0), (0, 3, 0, 0, 3), (0, 1, 4, 0, 1), (0, 0, 0, 0, 6), (0, 3, 0, 3, 0), (2, 0, 4, 0, 0)),
    *((0, 0, 4, 0, 2), (2, 0, 3, 1, 0), (2, 0, 0, 4, 0), (0, 0, 0, 0, 6), (1, 0, 0, 5, 0), (1, 1, 0, 4, 0)),
    *((0, 3, 3, 0, 0), (1, 0, 0, 5, 0), (0, 2, 0, 3, 1), (0, 0, 5, 0, 1), (3, 0, 0, 1, 2), (5, 1, 0, 0, 0)),
    *((0, 2, 0, 4, 0), (1, 0, 2, 0, 3), (0, 0, 0, 0, 6), (0, 1, 0, 5, 0), (0, 2, 0, 1, 3), (2, 0, 0, 4, 0)),
    *((1, 0, 0, 4, 1), (0, 5, 0, 1, 0), (4, 0, 0, 0, 2), (0, 2, 0, 4, 0), (1, 0, 5, 0, 0), (0, 0, 0, 0, 6)),
)


def counts_of(matrix, values: int = 5) -> np.ndarray:
    """How many ratings of each score a unit has; a row for each unit, what is missing left out."""
    matrix = np.asarray(matrix)
    return np.stack([(matrix == value).sum(axis=1) for value in range(1, values + 1)], axis=1)
