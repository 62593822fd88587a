"""What a classifier says of one new photo."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

import torch
from torch import Tensor, nn

from sevenlessons.data.images import images_to_tensor

from .modes import evaluating

__all__ = ["predict_image"]


def predict_image(
    model: nn.Module,
    image: str | PathLike[str] | bytes | Tensor,
    classes: Sequence[str],
    size: int = 128,
) -> dict[str, float]:
    """Return the probability of each class for one new photo.

    Parameters
    ----------
    model
        Gives scores (N, K); run in eval mode and left as it was.
    image
        A path, the bytes of an image file, or a uint8 tensor (3, H, W).
    classes
        The K names in the order of the scores.
    size
        Height and width in pixels that a file is brought to, as in training.

    Returns
    -------
    dict
        Class to probability, the likeliest first.

    Examples
    --------
    >>> model = nn.Sequential(nn.Flatten(), nn.Linear(12, 2)).double()
    >>> photo = torch.zeros(3, 2, 2, dtype=torch.double)
    >>> round(sum(predict_image(model, photo, ["cat", "dog"]).values()), 6)
    1.0

    """
    if isinstance(image, Tensor):
        if image.ndim != 3:
            raise ValueError(
                f"expected one image of shape (3, H, W), got "
                f"{tuple(image.shape)}; for several call the model itself"
            )
        batch = image[None]
    else:
        batch = images_to_tensor([image], size)
    weight = next(model.parameters(), torch.empty(0))
    with evaluating(model), torch.inference_mode():
        logits = model(batch.to(weight.device))
    if logits.shape != (1, len(classes)):
        raise ValueError(
            f"the model gives scores of shape {tuple(logits.shape)} for one "
            f"photo, but classes has {len(classes)} names; pass the classes "
            f"of the training data, in their order"
        )
    best = logits[0].float().softmax(0).sort(descending=True)
    return {
        classes[i]: p
        for p, i in zip(
            best.values.tolist(), best.indices.tolist(), strict=True
        )
    }
