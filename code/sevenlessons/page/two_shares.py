"""The difference of two shares of different people, and its interval.

`paired_bootstrap` is for two methods on the same rows. Here each share has
rows of its own, as the error rates of two groups have.
"""

import math

from .intervals import wilson

__all__ = ["newcombe"]


def newcombe(
    first: int,
    first_total: int,
    second: int,
    second_total: int,
    *,
    confidence: float = 0.95,
) -> tuple[float, float]:
    r"""Return the interval of the second share minus the first.

    Wilson's interval of each share gives how far it may reach; the two
    reaches are independent, so their squares add up:

    .. math::
        d - \sqrt{(p_2 - l_2)^2 + (u_1 - p_1)^2} \quad\text{to}\quad
        d + \sqrt{(u_2 - p_2)^2 + (p_1 - l_1)^2}.

    Parameters
    ----------
    first, first_total
        Hits and trials of the first group.
    second, second_total
        Those of the second.
    confidence
        In ``(0, 1)``.

    Raises
    ------
    ValueError
        If a count or the confidence is out of range.

    Notes
    -----
    Newcombe (1998), Statistics in Medicine 17, method 10.

    Examples
    --------
    >>> from sevenlessons.page.two_shares import newcombe
    >>> low, high = newcombe(48, 80, 56, 70)
    >>> round(low, 4), round(high, 4)
    (0.0524, 0.3339)

    """
    low, high = wilson(first, first_total, confidence=confidence)
    lower, upper = wilson(second, second_total, confidence=confidence)
    before, after = first / first_total, second / second_total
    gap = after - before
    down = math.hypot(after - lower, high - before)
    up = math.hypot(upper - after, before - low)
    return max(-1.0, gap - down), min(1.0, gap + up)
