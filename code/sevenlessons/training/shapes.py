"""Shapes that a prediction and its target must have together."""

from __future__ import annotations

from torch import Tensor

__all__ = ["check_class_shapes", "check_same_shape", "check_zeros_and_ones"]


def check_same_shape(prediction: Tensor, target: Tensor) -> None:
    """Refuse a target that would be broadcast against the prediction.

    ``(N, 1)`` against ``(N,)`` is the usual slip: torch then compares every
    prediction with every target.
    """
    if prediction.shape != target.shape:
        raise ValueError(
            f"prediction has shape {tuple(prediction.shape)} but target has "
            f"shape {tuple(target.shape)}; give both one shape, for example "
            "with target[:, None] or prediction.squeeze(1)"
        )


def check_class_shapes(prediction: Tensor, target: Tensor) -> None:
    """Refuse anything but scores ``(N, K, ...)`` and classes ``(N, ...)``."""
    fits = (
        prediction.ndim >= 2
        and target.shape == prediction.shape[:1] + prediction.shape[2:]
    )
    if not fits:
        remedy = (
            "take target.argmax(dim=1) if the classes are one-hot"
            if prediction.shape == target.shape and prediction.ndim >= 2
            else "the classes of prediction go along dim 1"
        )
        raise ValueError(
            "expected prediction of shape (N, K, ...) and target of shape "
            f"(N, ...), got {tuple(prediction.shape)} and "
            f"{tuple(target.shape)}; {remedy}"
        )
    if prediction.shape[1] == 1:
        raise ValueError(
            f"prediction of shape {tuple(prediction.shape)} has one score a "
            "sample, so the highest is always class 0; for yes or no, use "
            "multilabel_accuracy and target[:, None]"
        )
    if target.is_floating_point():
        raise TypeError(
            "target must hold whole class numbers, "
            f"got {target.dtype}; use target.long()"
        )


def check_zeros_and_ones(target: Tensor) -> None:
    """Refuse a target that is neither 0 for no nor 1 for yes; nan too.

    Examples
    --------
    >>> import torch
    >>> check_zeros_and_ones(torch.tensor([0, 1, -1]))
    Traceback (most recent call last):
    ValueError: target must hold 0 for no and 1 for yes only, got -1; ...

    """
    wrong = target[(target != 0) & (target != 1)]
    if len(wrong):
        raise ValueError(
            "target must hold 0 for no and 1 for yes only, got "
            f"{wrong[0].item():g}; leave out rows whose answer is missing, "
            "and compare with the class that means yes"
        )
