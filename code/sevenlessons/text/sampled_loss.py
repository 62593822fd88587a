"""A cheaper loss for a model of language: scores for a part of the words.

Most of the time of a small model goes into one score a word of the
vocabulary, at every place. In training a part is enough: all words that come
in the batch, and a few others, drawn anew each time. Each drawn word stands
for several that were not drawn.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from .awd_lstm import LanguageModel

__all__ = ["SampledLoss"]


class SampledLoss:
    r"""Mean cross-entropy over the words of a batch and a few drawn ones.

    Parameters
    ----------
    model
        Its embedding and biases give the scores.
    count
        How many words to draw, at most, from those not in the batch.
    seed
        Of the draws; no global state is touched.

    Notes
    -----
    With :math:`R` words outside the batch and :math:`k` of them drawn, each
    with the same chance, the sum below the fraction of softmax is estimated
    as

    .. math:: \sum_{w\ \text{in the batch}} e^{s_w}
              + \frac{R}{k} \sum_{w\ \text{drawn}} e^{s_w}

    whose mean over the draws is the full sum. So :math:`\log (R/k)` is added
    to the score of a drawn word. With :math:`k \ge R` the loss is exactly
    the cross-entropy. For judging use `next_word.next_word_loss`: the full
    sum.

    Examples
    --------
    >>> from sevenlessons.text.awd_lstm import AWDLSTM
    >>> model = LanguageModel(AWDLSTM(100, 8, 8, num_layers=1)).eval()
    >>> numbers = torch.arange(6).view(1, 6)
    >>> loss_fn = SampledLoss(model, count=1000)  # that is all of them
    >>> loss = loss_fn(model.encoder(numbers[:, :-1]), numbers[:, 1:])
    >>> model.reset()  # so that both begin without a past
    >>> scores = model(numbers[:, :-1])[0]
    >>> bool(loss.isclose(nn.functional.cross_entropy(scores, numbers[0, 1:])))
    True

    """

    def __init__(
        self, model: LanguageModel, *, count: int = 600, seed: int = 0
    ) -> None:
        if count < 1:
            raise ValueError(f"count must be at least 1, got {count}")
        self.model = model
        self.count = count
        self.generator = torch.Generator().manual_seed(seed)

    def __call__(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of the encoder's `outputs` ``(N, T, E)``.

        Raises
        ------
        ValueError
            If outputs and targets do not belong together.

        """
        if outputs.dim() != 3 or outputs.shape[:2] != targets.shape:
            raise ValueError(
                "expected outputs (N, T, E) and targets (N, T), got shapes "
                f"{tuple(outputs.shape)} and {tuple(targets.shape)}; give "
                "the outputs of the encoder, not the scores"
            )
        weight, bias = (
            self.model.encoder.embedding.weight,
            self.model.head.bias,
        )
        words, places = targets.flatten().unique(return_inverse=True)
        drawn, each = self._draw(words, len(bias))
        asked = torch.cat([words, drawn])
        scores = nn.functional.linear(
            outputs.flatten(0, 1), weight[asked], bias[asked]
        )
        worth = scores.new_zeros(len(asked))
        worth[len(words) :] = math.log(each)
        return nn.functional.cross_entropy(scores + worth, places)

    def _draw(self, words: Tensor, size: int) -> tuple[Tensor, float]:
        """Return other words, and for how many each of them stands."""
        free = torch.ones(size, dtype=torch.bool)
        free[words.cpu()] = False
        others = free.nonzero().flatten()
        order = torch.randperm(len(others), generator=self.generator)
        drawn = others[order[: self.count]]
        each = len(others) / len(drawn) if len(drawn) else 1.0
        return drawn.to(words.device), each
