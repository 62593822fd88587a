"""Plant wrong labels on purpose, to measure who finds them."""

from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np

__all__ = ["plant_wrong_labels"]


def plant_wrong_labels(
    labels: Iterable[Hashable], share: float, *, seed: int = 0
) -> tuple[list[Any], np.ndarray]:
    """Return a copy of `labels`, some of them wrong, and which ones.

    Parameters
    ----------
    labels
        One label a sample, of at least two classes.
    share
        Share of the samples that get another label, in ``(0, 1]``; at least
        one sample does.
    seed
        Decides which ones, and which of the other classes they get; all
        samples and all other classes are equally likely.

    Returns
    -------
    list, numpy.ndarray
        The new labels, and True where one is wrong.

    Examples
    --------
    >>> noisy, wrong = plant_wrong_labels(["cat", "dog"] * 10, share=0.1)
    >>> len(noisy), int(wrong.sum())
    (20, 2)

    """
    names = list(labels)
    classes = sorted(set(names), key=str)
    if len(classes) < 2:
        raise ValueError(
            f"at least two classes are needed, got {classes}: there is no "
            "wrong label to give"
        )
    if not 0 < share <= 1:
        raise ValueError(f"share must be in (0, 1], got {share}")
    rng = np.random.default_rng(seed)
    count = max(1, round(share * len(names)))
    wrong = np.zeros(len(names), bool)
    wrong[rng.choice(len(names), count, replace=False)] = True
    for row in np.flatnonzero(wrong):
        others = [name for name in classes if name != names[row]]
        names[row] = others[rng.integers(len(others))]
    return names, wrong
