r"""AdamW, written out: a step whose length does not depend on the scale.

The step is that of `adam`: along the running mean of the gradient, divided
by the root of that of its square, so a weight with small gradients moves as
far as one with large ones. Weight decay shrinks the weight itself and stays
out of both means; that is the W.
"""

from collections.abc import Iterable

from torch import Tensor

from .adam import Adam

__all__ = ["AdamW"]


class AdamW(Adam):
    """Step the parameters of a model, as `torch.optim.AdamW` does.

    Parameters
    ----------
    params
        The parameters, such as ``model.parameters()``.
    lr
        Learning rate: about how far a weight moves in one step.
    betas
        Share of each running mean that is kept in a step, each in
        ``[0, 1)``.
    eps
        Added to the root, so that nothing is divided by zero.
    weight_decay
        Each step shrinks each weight by ``lr * weight_decay`` of itself.
    amsgrad
        Whether to divide by the largest mean square so far.

    Attributes
    ----------
    first, second, largest : list of Tensor
        As in `adam.Adam`.

    Raises
    ------
    ValueError
        If there is no parameter, or a number is out of range.

    Examples
    --------
    >>> import torch
    >>> weight = torch.tensor([1.0, 1.0], requires_grad=True)
    >>> optimizer = AdamW([weight], lr=0.1, weight_decay=0)
    >>> (weight * torch.tensor([1000.0, 0.001])).sum().backward()
    >>> optimizer.step()
    >>> weight.detach()
    tensor([0.9000, 0.9000])

    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad)
        self.weight_decay, self.penalty = weight_decay, 0.0

    def update(self, i: int, p: Tensor, grad: Tensor) -> None:
        """Shrink the weight, then take the step of Adam without penalty."""
        if self.weight_decay:
            p -= self.lr * self.weight_decay * p
        super().update(i, p, grad)
