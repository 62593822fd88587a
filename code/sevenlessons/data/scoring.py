"""Scores of competitions that judge probabilities instead of labels."""

from collections.abc import Sequence

import numpy as np

__all__ = ["log_loss"]


def log_loss(
    target: Sequence[int] | np.ndarray,
    probability: Sequence[float] | np.ndarray,
    *,
    bound: float | None = None,
) -> float:
    r"""Return the mean surprise at the truth, :math:`-\log p`, in nats.

    Parameters
    ----------
    target
        0 or 1 a row; or class numbers in ``[0, K)``, shape ``(N,)``.
    probability
        Probability of 1, shape ``(N,)``; or of each class, ``(N, K)``.
    bound
        Probabilities are clipped to ``[bound, 1 - bound]`` first; in
        ``[0, 0.5)``. Without it the smallest step above 0 is taken, as in
        scikit-learn, so that a certain error costs 36 and not infinity.

    Returns
    -------
    float
        At least 0; 0 is perfect.

    Raises
    ------
    ValueError
        If the lengths differ, or a value is out of range.

    Examples
    --------
    >>> round(log_loss([1, 0], [0.5, 0.5]), 4)  # ln 2: a coin
    0.6931
    >>> round(log_loss([1, 0], [0.9, 1.0], bound=0.01), 4)
    2.3553

    """
    p = np.asarray(probability, dtype=np.float64)
    y = np.asarray(target)
    bound = float(np.finfo(np.float64).eps) if bound is None else bound
    if not 0 <= bound < 0.5:
        raise ValueError(f"bound must be in [0, 0.5), got {bound}")
    if p.ndim not in (1, 2) or y.shape != p.shape[:1] or not len(p):
        raise ValueError(
            "expected N targets and probabilities of shape (N,) or (N, K), "
            f"got {y.shape} and {p.shape}"
        )
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError("probabilities must be in [0, 1]; use softmax first")
    classes = 2 if p.ndim == 1 else p.shape[1]
    if not np.isin(y, np.arange(classes)).all():
        raise ValueError(f"targets must be whole numbers in [0, {classes})")
    if p.ndim == 1:
        p = np.stack([1 - p, p], axis=1)
    truth = np.clip(p, bound, 1 - bound)[np.arange(len(y)), y.astype(int)]
    with np.errstate(divide="ignore"):  # bound 0: infinity is the answer
        return float(-np.log(truth).mean() + 0.0)
