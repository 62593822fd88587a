r"""Four numbers of a group that cannot be chosen freely.

Count the false alarms of a group in two ways. They are FPR times those who
are a no. They are also the right alarms, times the wrong ones per right one.
So with base rate :math:`p`, precision :math:`v`, false positive rate
:math:`a` and false negative rate :math:`b`:

.. math:: a\,(1 - p) = p\,(1 - b)\,\frac{1 - v}{v}.

Three of the four fix the last one. Scores have an identity of their own.
If they are calibrated, their mean over the group is its base rate. With the
mean score :math:`s` of those who are a yes and :math:`t` of the others:

.. math:: p = p\,s + (1 - p)\,t.

So both means fix the base rate.
"""

from __future__ import annotations

__all__ = [
    "implied_base_rate",
    "implied_false_positive_rate",
    "implied_precision",
]


def implied_base_rate(mean_yes: float, mean_no: float) -> float:
    """Return the one base rate at which such scores can be calibrated.

    Parameters
    ----------
    mean_yes
        Mean score of those that are a yes, in ``[0, 1]``.
    mean_no
        Mean score of those that are a no, in ``[0, 1]``.

    Raises
    ------
    ValueError
        If a mean is out of range, or the scores are never wrong: 1 and 0
        fit every base rate.

    Notes
    -----
    Kleinberg and others (2017), arXiv:1609.05807. Taught in: ethics.

    Examples
    --------
    >>> implied_base_rate(0.75, 0.25)
    0.5
    >>> round(implied_base_rate(0.6, 0.1), 6)
    0.2

    """
    _within("mean_yes", mean_yes)
    _within("mean_no", mean_no)
    if mean_yes == 1 and mean_no == 0:
        raise ValueError(
            "expected scores that are sometimes wrong, got means of 1 and 0; "
            "they are calibrated at every base rate"
        )
    return mean_no / (1 - mean_yes + mean_no)


def implied_false_positive_rate(
    base_rate: float, precision: float, false_negative_rate: float
) -> float:
    """Return the false positive rate that the other three leave no choice of.

    Parameters
    ----------
    base_rate
        Share of yes in the group, in ``[0, 1)``.
    precision
        Of those called yes, the share that are, in ``(0, 1]``.
    false_negative_rate
        Of those that are a yes, the share called no, in ``[0, 1]``.

    Returns
    -------
    float
        At least 0. Above 1: no decision has these three numbers.

    Raises
    ------
    ValueError
        If a number is out of range.

    Notes
    -----
    Chouldechova (2017), arXiv:1610.07524, section 2.1. Taught in: ethics.

    Examples
    --------
    >>> round(implied_false_positive_rate(0.5, 0.75, 0.25), 6)
    0.25
    >>> round(implied_false_positive_rate(0.2, 0.75, 0.25), 6)
    0.0625

    """
    _within("base_rate", base_rate, top=False)
    _within("precision", precision, bottom=False)
    _within("false_negative_rate", false_negative_rate)
    odds = base_rate / (1 - base_rate)
    return odds * (1 - false_negative_rate) * (1 - precision) / precision


def implied_precision(
    base_rate: float, false_positive_rate: float, false_negative_rate: float
) -> float:
    """Return the precision that base rate and both error rates leave.

    Parameters
    ----------
    base_rate, false_positive_rate, false_negative_rate
        Shares in ``[0, 1]``.

    Raises
    ------
    ValueError
        If a number is out of range, or nobody would be called yes.

    Examples
    --------
    >>> round(implied_precision(0.5, 0.25, 0.25), 6)
    0.75
    >>> round(implied_precision(0.2, 0.25, 0.25), 6)
    0.428571

    """
    _within("base_rate", base_rate)
    _within("false_positive_rate", false_positive_rate)
    _within("false_negative_rate", false_negative_rate)
    right = base_rate * (1 - false_negative_rate)
    wrong = (1 - base_rate) * false_positive_rate
    if right + wrong == 0:
        raise ValueError(
            "expected somebody to be called yes, got a base rate of "
            f"{base_rate}, FPR {false_positive_rate} and FNR "
            f"{false_negative_rate}; precision is not defined then"
        )
    return right / (right + wrong)


def _within(
    name: str, value: float, *, bottom: bool = True, top: bool = True
) -> None:
    if (
        not 0 <= value <= 1
        or (value == 0 and not bottom)
        or (value == 1 and not top)
    ):
        ends = f"{'[' if bottom else '('}0, 1{']' if top else ')'}"
        raise ValueError(
            f"{name} must be in {ends}, got {value}; give a share, not percent"
        )
