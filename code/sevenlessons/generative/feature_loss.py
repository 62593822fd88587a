r"""A loss that compares what a pretrained network sees, not only pixels.

With maps :math:`F^l` of block :math:`l`, their Gram matrices :math:`G^l` and
weights :math:`w_l`, prediction :math:`x` and target :math:`y`,

.. math::
    |x - y| + \sum_l w_l\, |F^l_x - F^l_y|
    + \sum_l g\, w_l^2\, |G^l_x - G^l_y|,

each bar the mean of the absolute values (Johnson et al., 2016).
"""

from collections.abc import Sequence

from torch import Tensor, nn
from torch.nn.functional import l1_loss

from .feature_distance import FrozenFeatures
from .gram import gram_matrix

__all__ = ["FeatureLoss"]


class FeatureLoss(nn.Module):
    """Pixels, features and textures in one number; the parts in `terms`.

    Parameters
    ----------
    features
        A frozen body that hands out maps.
    weights
        One for each of its blocks.
    pixel
        Weight of the pixels.
    gram
        Weight of the Gram matrices, before the squared weight of the block.

    Attributes
    ----------
    terms
        What each part added to the loss when it was last computed, detached:
        ``"pixel"``, ``"features 1"`` to the last, ``"gram 1"`` to the last.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> loss_fn = FeatureLoss(FrozenFeatures(body, [1, 3]), [5, 15])
    >>> picture = torch.rand(2, 3, 32, 32)
    >>> loss_fn(picture, picture).item()
    0.0
    >>> list(loss_fn.terms)
    ['pixel', 'features 1', 'features 2', 'gram 1', 'gram 2']

    """

    def __init__(
        self,
        features: FrozenFeatures,
        weights: Sequence[float] = (5.0, 15.0, 2.0),
        *,
        pixel: float = 1.0,
        gram: float = 5e3,
    ) -> None:
        super().__init__()
        if len(weights) != len(features.blocks):
            raise ValueError(
                "expected one weight for each of the "
                f"{len(features.blocks)} blocks {features.blocks}, got "
                f"{list(weights)}"
            )
        if min(*weights, pixel, gram) < 0:
            raise ValueError(
                f"weights must not be below 0, got {list(weights)}, pixel "
                f"{pixel} and gram {gram}; 0 switches a part off"
            )
        self.features = features
        self.weights = list(weights)
        self.pixel, self.gram = pixel, gram
        self.terms: dict[str, Tensor] = {}

    def forward(self, made: Tensor, target: Tensor) -> Tensor:
        """Return the loss of pictures in [0, 1], both (N, 3, H, W)."""
        if made.shape != target.shape:
            raise ValueError(
                "expected pictures of the target's shape "
                f"{tuple(target.shape)}, got {tuple(made.shape)}"
            )
        pairs = list(
            zip(self.features(made), self.features(target), strict=True)
        )
        terms = {"pixel": self.pixel * l1_loss(made, target)}
        for i, (a, b) in enumerate(pairs):
            terms[f"features {i + 1}"] = self.weights[i] * l1_loss(a, b)
        for i, (a, b) in enumerate(pairs):
            weight = self.gram * self.weights[i] ** 2
            apart = l1_loss(gram_matrix(a), gram_matrix(b))
            terms[f"gram {i + 1}"] = weight * apart
        self.terms = {name: term.detach() for name, term in terms.items()}
        return sum(terms.values(), made.new_zeros(()))
