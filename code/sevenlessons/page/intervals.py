"""How far a measured number can be trusted.

Three intervals that the book uses: Wilson's for a count of successes, the
bootstrap for the mean of anything, and the paired bootstrap for the
difference of two methods on the same samples.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist

import torch
from torch import Tensor

__all__ = ["bootstrap", "paired_bootstrap", "wilson"]


def wilson(
    successes: int, total: int, *, confidence: float = 0.95
) -> tuple[float, float]:
    r"""Return Wilson's interval for a share of successes.

    With :math:`p = k/n` and the normal quantile :math:`z`,

    .. math::
        \frac{p + z^2/2n \pm z\sqrt{p(1-p)/n + z^2/4n^2}}{1 + z^2/n}.

    Parameters
    ----------
    successes
        Number of hits, in ``[0, total]``.
    total
        Number of trials, at least 1.
    confidence
        In ``(0, 1)``.

    Returns
    -------
    tuple of float
        Low and high end, both in ``[0, 1]``.

    Raises
    ------
    ValueError
        If a count or the confidence is out of range.

    Examples
    --------
    >>> from sevenlessons.page.intervals import wilson
    >>> low, high = wilson(97, 111)
    >>> round(low, 3), round(high, 3)
    (0.799, 0.923)

    """
    if total < 1 or not 0 <= successes <= total:
        raise ValueError(
            "expected 0 <= successes <= total and total >= 1, got "
            f"{successes} of {total}"
        )
    z = NormalDist().inv_cdf(0.5 + _checked(confidence) / 2)
    share = successes / total
    centre = share + z * z / (2 * total)
    spread = z * math.sqrt(
        share * (1 - share) / total + z * z / (4 * total * total)
    )
    scale = 1 + z * z / total
    low = max(0.0, (centre - spread) / scale)
    high = min(1.0, (centre + spread) / scale)
    return low if successes else 0.0, high if successes < total else 1.0


def bootstrap(
    values: Sequence[float] | Tensor,
    *,
    confidence: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the percentile bootstrap interval of the mean of `values`.

    Draw as many values as there are, with replacement, and take the mean;
    do so `resamples` times; cut off the outer shares on both sides.

    Parameters
    ----------
    values
        One number a sample, for instance 1 for right and 0 for wrong.
    confidence
        In ``(0, 1)``.
    resamples
        How often to draw, at least 100.
    seed
        Of the draws; the same seed gives the same interval.

    Returns
    -------
    tuple of float
        Low and high end.

    Raises
    ------
    ValueError
        If there is no value, one is not finite, or a setting is out of range.

    Examples
    --------
    >>> from sevenlessons.page.intervals import bootstrap
    >>> low, high = bootstrap([0.0, 1.0] * 50)
    >>> 0.39 < low < 0.42 and 0.58 < high < 0.61
    True

    """
    samples = torch.as_tensor(values, dtype=torch.float64).flatten()
    if not len(samples) or not bool(samples.isfinite().all()):
        raise ValueError(
            f"expected at least one value, all finite, got {samples.tolist()}"
        )
    if resamples < 100:
        raise ValueError(f"resamples must be at least 100, got {resamples}")
    tail = (1 - _checked(confidence)) / 2
    generator = torch.Generator().manual_seed(seed)
    count = len(samples)
    chunk = max(1, 1_000_000 // count)  # bounds the memory
    means = [
        samples[
            torch.randint(
                count, (min(chunk, resamples - i), count), generator=generator
            )
        ].mean(dim=1)
        for i in range(0, resamples, chunk)
    ]
    cuts = torch.tensor([tail, 1 - tail], dtype=torch.float64)
    low, high = torch.quantile(torch.cat(means), cuts).tolist()
    return low, high


def paired_bootstrap(
    first: Sequence[float] | Tensor,
    second: Sequence[float] | Tensor,
    *,
    confidence: float = 0.95,
    resamples: int = 10_000,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the interval of the mean of ``second - first``, sample by sample.

    Both methods were measured on the same samples, so the luck of having
    drawn easy or hard ones falls out of the difference.

    Parameters
    ----------
    first, second
        One number a sample, in the same order.
    confidence, resamples, seed
        As in `bootstrap`.

    Returns
    -------
    tuple of float
        Low and high end; if 0 lies between, the winner is not certain.

    Raises
    ------
    ValueError
        If the two are not equally long.

    Examples
    --------
    >>> from sevenlessons.page.intervals import paired_bootstrap
    >>> paired_bootstrap([0, 1, 0, 1], [1, 1, 1, 1], seed=1)
    (0.0, 1.0)

    """
    before = torch.as_tensor(first, dtype=torch.float64).flatten()
    after = torch.as_tensor(second, dtype=torch.float64).flatten()
    if before.shape != after.shape:
        raise ValueError(
            "expected two equally long lists of the same samples, got "
            f"{len(before)} and {len(after)}"
        )
    return bootstrap(
        after - before,
        confidence=confidence,
        resamples=resamples,
        seed=seed,
    )


def _checked(confidence: float) -> float:
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be in (0, 1), got {confidence}")
    return confidence
