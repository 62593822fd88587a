r"""AdamW, written out: a step whose length does not depend on the scale.

Two running means are kept for each weight: of its gradient (*first*) and of
its square (*second*). The step goes along the first, divided by the root of
the second, so a weight with small gradients moves as far as one with large
ones. Both means start at zero and are too small at first; dividing by
:math:`1 - \beta^t` corrects that. Weight decay shrinks the weight itself and
stays out of both means; that is the W.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

__all__ = ["AdamW"]


class AdamW:
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
    steps : list of int
        How many each parameter took: one without a gradient takes none.

    Raises
    ------
    ValueError
        If there is no parameter, or a number is out of range.

    Examples
    --------
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
        self.params = list(params)
        if not self.params:
            raise ValueError(
                "params is empty; pass model.parameters(), and pass a new "
                "one to each optimizer: it can be read only once"
            )
        if lr < 0 or eps < 0 or weight_decay < 0:
            raise ValueError(
                "lr, eps and weight_decay must be 0 or more, got "
                f"{lr:g}, {eps:g} and {weight_decay:g}"
            )
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must lie in [0, 1), got {betas}")
        self.lr, self.betas, self.eps = lr, betas, eps
        self.weight_decay = weight_decay
        self.first = [torch.zeros_like(p) for p in self.params]
        self.second = [torch.zeros_like(p) for p in self.params]
        self.steps = [0] * len(self.params)

    @torch.no_grad()
    def step(self) -> None:
        """Move each parameter that has a gradient."""
        beta1, beta2 = self.betas
        for i, (p, first, second) in enumerate(
            zip(self.params, self.first, self.second, strict=True)
        ):
            if p.grad is None:
                continue
            self.steps[i] += 1
            p -= self.lr * self.weight_decay * p
            first += (1 - beta1) * (p.grad - first)
            second += (1 - beta2) * (p.grad**2 - second)
            mean = first / (1 - beta1 ** self.steps[i])
            square = second / (1 - beta2 ** self.steps[i])
            p -= self.lr * mean / (square.sqrt() + self.eps)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.params:
            p.grad = None
