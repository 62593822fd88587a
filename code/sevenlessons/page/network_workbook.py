"""A workbook of a whole network: forward, backward, and one step.

The first sheet holds one example, the weights, every number of the forward
pass and every gradient; the second is the same network after one step of
gradient descent. All figures are formulas of the numbers in blue.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .network_sheet import network_sheet
from .workbook import workbook

__all__ = ["network_workbook"]

_NAMES = ("weights 1", "bias 1", "weights 2", "bias 2")
_Made = dict[str, np.ndarray]


def network_workbook(
    x: Any, target: int, weights: Sequence[Any], *, lr: float = 0.5
) -> bytes:
    """Return the xlsx file of a network of two layers and one example.

    The hidden layer has a ReLU; the loss is the cross-entropy of softmax.

    Parameters
    ----------
    x
        The inputs, shape ``(in,)``.
    target
        The right class, counted from 0.
    weights
        Weight ``(hidden, in)``, bias ``(hidden,)``, weight
        ``(out, hidden)``, bias ``(out,)``: torch's layout.
    lr
        Learning rate of the step.

    Returns
    -------
    bytes
        The file. Each sheet has the loss in its cell B3.

    Raises
    ------
    ValueError
        If shapes do not fit, the class is none, or a number is not finite.

    Examples
    --------
    >>> import numpy as np
    >>> from sevenlessons.page.network_workbook import network_workbook
    >>> zero = [np.zeros(s) for s in [(2, 5), (2,), (2, 2), (2,)]]
    >>> network_workbook(np.ones(5), 1, zero)[:2]
    b'PK'

    """
    inputs = np.asarray(x, dtype=float)
    parts = [np.asarray(part, dtype=float) for part in weights]
    _check(inputs, target, parts, lr)
    num_out, _ = parts[2].shape
    truth = np.arange(num_out) == target
    first = _computed(inputs, truth, parts)
    moved = [
        part - lr * first[f"gradient of {name}"]
        for name, part in zip(_NAMES, parts, strict=True)
    ]
    second = _computed(inputs, truth, moved)
    return workbook(
        [
            network_sheet("network", first, lr=lr),
            network_sheet("one step later", second, source="network"),
        ]
    )


def _check(
    x: np.ndarray, target: int, parts: list[np.ndarray], lr: float
) -> None:
    got = [part.shape for part in parts]
    if x.ndim != 1 or len(parts) != 4 or any(p.ndim < 1 for p in parts):
        raise ValueError(
            "expected inputs of shape (in,) and four parts of weights, got "
            f"{x.shape} and {got}; give one example, not a batch"
        )
    hidden, out = len(parts[0]), len(parts[2])
    wanted = [(hidden, len(x)), (hidden,), (out, hidden), (out,)]
    if got != wanted:
        raise ValueError(f"expected weights of shapes {wanted}, got {got}")
    if not 0 <= target < out:
        raise ValueError(
            f"target must be a class from 0 to {out - 1}, got {target}"
        )
    if not all(np.isfinite(part).all() for part in (x, *parts, np.array(lr))):
        raise ValueError(
            "inputs, weights and rate must be finite numbers, and some are "
            "not; train again with a smaller rate"
        )


def _computed(
    x: np.ndarray, truth: np.ndarray, parts: Sequence[np.ndarray]
) -> _Made:
    """Return every number of both passes, by name."""
    w1, b1, w2, b2 = parts
    before = w1 @ x + b1
    hidden = np.maximum(before, 0)
    scores = w2 @ hidden + b2
    powers = np.exp(scores - scores.max())
    p = powers / powers.sum()
    loss = np.log(powers.sum()) + scores.max() - scores @ truth
    by_scores = p - truth
    by_hidden = by_scores @ w2
    by_before = np.where(before > 0, by_hidden, 0)
    return {
        "inputs": x,
        "truth": truth.astype(float),
        **dict(zip(_NAMES, parts, strict=True)),
        "before ReLU": before,
        "hidden": hidden,
        "scores": scores,
        "exp(score - largest)": powers,
        "probabilities": p,
        "loss": np.array([loss]),
        "gradient of scores": by_scores,
        "gradient of hidden": by_hidden,
        "gradient of before ReLU": by_before,
        "gradient of weights 2": np.outer(by_scores, hidden),
        "gradient of bias 2": by_scores,
        "gradient of weights 1": np.outer(by_before, x),
        "gradient of bias 1": by_before,
    }
