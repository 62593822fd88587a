r"""AdamW, written out: a step whose length does not depend on the scale.

Two running means are kept for each weight: of its gradient (*first*) and of
its square (*second*). The step goes along the first, divided by the root of
the second, so a weight with small gradients moves as far as one with large
ones. Both means start at zero and are too small at first; dividing by
:math:`1 - \beta^t` corrects that. Weight decay shrinks the weight itself and
stays out of both means; that is the W.
"""

from collections.abc import Iterable

from torch import Tensor

from .optimizer import Optimizer

__all__ = ["AdamW"]


class AdamW(Optimizer):
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

    Attributes
    ----------
    first, second : list of Tensor
        The running means, one a parameter.

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
    ) -> None:
        super().__init__(params, lr, eps=eps, weight_decay=weight_decay)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must lie in [0, 1), got {betas}")
        self.betas, self.eps = betas, eps
        self.weight_decay = weight_decay
        self.first, self.second = self._zeros(), self._zeros()

    def update(self, i: int, p: Tensor, grad: Tensor) -> None:
        """Shrink the weight, then follow the mean gradient in its unit."""
        beta1, beta2 = self.betas
        first, second, t = self.first[i], self.second[i], self.steps[i]
        p -= self.lr * self.weight_decay * p
        first += (1 - beta1) * (grad - first)
        second += (1 - beta2) * (grad**2 - second)
        mean = first / (1 - beta1**t)
        square = second / (1 - beta2**t)
        p -= self.lr * mean / (square.sqrt() + self.eps)
