r"""Intervals for the mean of a few runs, such as five seeds.

The bootstrap draws again from what was measured. From five numbers it draws
the same five over and over, and its intervals come out too narrow. Student's
interval knows how badly five numbers tell their own spread, if the runs
scatter roughly as a bell: :math:`\bar x \pm t\, s / \sqrt{n}`.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["paired_student", "student", "student_quantile"]


def student_quantile(share: float, freedom: int) -> float:
    """Return the number below which that share of Student's t lies.

    Parameters
    ----------
    share
        In ``(0, 1)``.
    freedom
        Degrees of freedom, at least 1: one less than there are runs.

    Examples
    --------
    >>> round(student_quantile(0.975, freedom=4), 3)
    2.776

    """
    if not 0 < share < 1 or freedom < 1:
        raise ValueError(
            "expected a share in (0, 1) and at least 1 degree of freedom, "
            f"got {share} and {freedom}"
        )
    if share < 0.5:
        return -student_quantile(1 - share, freedom)
    low, high = 0.0, 1.0
    while _below(high, freedom) < share:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if _below(middle, freedom) < share:
            low = middle
        else:
            high = middle
    return high


def student(
    values: Sequence[float] | Tensor, *, confidence: float = 0.95
) -> tuple[float, float]:
    """Return Student's interval of the mean of a few runs.

    Parameters
    ----------
    values
        One number a run, at least two.
    confidence
        In ``(0, 1)``.

    Raises
    ------
    ValueError
        If there are fewer than two values, or one is not finite.

    Examples
    --------
    >>> low, high = student([0.84, 0.85, 0.86, 0.85, 0.85])
    >>> round(low, 4), round(high, 4)
    (0.8412, 0.8588)

    """
    runs = torch.as_tensor(values, dtype=torch.float64).flatten()
    if len(runs) < 2 or not bool(runs.isfinite().all()):
        raise ValueError(
            "expected at least two runs, all finite, got "
            f"{runs.tolist()}; one run alone says nothing of its luck"
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be in (0, 1), got {confidence}")
    mean, count = runs.mean().item(), len(runs)
    error = runs.std().item() / math.sqrt(count)
    reach = student_quantile((1 + confidence) / 2, count - 1) * error
    return mean - reach, mean + reach


def paired_student(
    first: Sequence[float] | Tensor,
    second: Sequence[float] | Tensor,
    *,
    confidence: float = 0.95,
) -> tuple[float, float]:
    """Return the interval of the mean of ``second - first``, run by run.

    Two methods that were run from the same seeds share their luck, and it
    falls out of the difference.

    Parameters
    ----------
    first, second
        One number a run, in the same order of seeds.
    confidence
        In ``(0, 1)``.

    Raises
    ------
    ValueError
        If the two are not equally long.

    Examples
    --------
    >>> low, high = paired_student([0.80, 0.90, 0.85], [0.81, 0.92, 0.87])
    >>> 0 < low < high
    True

    """
    before = torch.as_tensor(first, dtype=torch.float64).flatten()
    after = torch.as_tensor(second, dtype=torch.float64).flatten()
    if before.shape != after.shape:
        raise ValueError(
            "expected two equally long lists of the same seeds, got "
            f"{len(before)} and {len(after)}"
        )
    return student(after - before, confidence=confidence)


def _below(t: float, freedom: int) -> float:
    """Return the share of Student's t below `t`, for t of at least 0.

    A finite sum for whole degrees of freedom (Abramowitz and Stegun, 26.7.3
    and 26.7.4).
    """
    angle = math.atan(t / math.sqrt(freedom))
    square = math.cos(angle) ** 2
    odd = freedom % 2
    term, total = (math.cos(angle) if odd else 1.0), 0.0
    for k in range(1 + odd, freedom, 2):  # cos^(k-1), with growing factors
        total += term
        term *= square * k / (k + 1)
    if odd:
        return 0.5 + (angle + math.sin(angle) * total) / math.pi
    return 0.5 + math.sin(angle) * total / 2
