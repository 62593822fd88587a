"""What every optimizer does, whatever its rule: walk over the parameters.

An optimizer is a rule for one parameter, and a loop. The loop is the same for
all, so it stands here: skip what has no gradient, count the steps, apply the
rule, forget the gradients. `sgd`, `rmsprop`, `adam` and `adamw` add `update`.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

__all__ = ["Optimizer"]


class Optimizer:
    """The loop around a rule; a subclass adds `update`.

    Left out of what torch's optimizers have: groups of parameters with
    settings of their own, `closure`, `maximize`, and `state_dict`.

    Parameters
    ----------
    params
        The parameters, such as ``model.parameters()``.
    lr
        Learning rate; may be changed between steps.
    **numbers
        What else must be 0 or more, by name, to be checked.

    Attributes
    ----------
    params : list of Tensor
        What is stepped.
    steps : list of int
        How many each parameter took: one without a gradient takes none.

    Raises
    ------
    TypeError
        If `params` is a single tensor, or holds something that is no tensor
        or was computed from others: a step would be lost on that.
    ValueError
        If there is no parameter, one comes twice, or a number is negative.

    Examples
    --------
    A rule that looks at the sign of the gradient only:

    >>> class Sign(Optimizer):
    ...     def update(self, i, p, grad):
    ...         p -= self.lr * grad.sign()
    >>> weight = torch.tensor([1.0, 1.0], requires_grad=True)
    >>> optimizer = Sign([weight], lr=0.5)
    >>> (weight * torch.tensor([3.0, -0.1])).sum().backward()
    >>> optimizer.step()
    >>> weight.detach()
    tensor([0.5000, 1.5000])

    """

    def __init__(
        self, params: Iterable[Tensor], lr: float, **numbers: float
    ) -> None:
        if isinstance(params, Tensor):
            raise TypeError(
                "params must be a list of tensors, got a single one; put it "
                "in brackets: [weight]"
            )
        self.params = list(params)
        if not self.params:
            raise ValueError(
                "params is empty; pass model.parameters(), and pass a new "
                "one to each optimizer: it can be read only once"
            )
        for p in self.params:
            if not isinstance(p, Tensor) or not p.is_leaf:
                computed = isinstance(p, Tensor)
                raise TypeError(
                    "params must be tensors that were not computed from "
                    "others, got "
                    f"{'a computed tensor' if computed else type(p).__name__}"
                    "; make one with (0.1 * torch.ones(2)).requires_grad_()"
                )
        if len({id(p) for p in self.params}) < len(self.params):
            raise ValueError(
                f"params has {len(self.params)} tensors, and one of them "
                "twice; it would be stepped twice, so pass it once"
            )
        numbers = {"lr": lr, **numbers}
        if not all(number >= 0 for number in numbers.values()):
            raise ValueError(
                f"{_listed(list(numbers))} must be 0 or more, got "
                f"{_listed([f'{number:g}' for number in numbers.values()])}"
            )
        self.lr = lr
        self.steps = [0] * len(self.params)

    @torch.no_grad()
    def step(self) -> None:
        """Move each parameter that has a gradient."""
        for i, p in enumerate(self.params):
            if p.grad is None:
                continue
            self.steps[i] += 1
            self.update(i, p, p.grad)

    def update(self, i: int, p: Tensor, grad: Tensor) -> None:
        """Change `p`, parameter number `i`, in place; leave `grad` as it is.

        Raises
        ------
        NotImplementedError
            Here, because this is the loop without a rule.

        """
        raise NotImplementedError(
            f"{type(self).__name__} has no rule; write update(self, i, p, "
            "grad)"
        )

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for p in self.params:
            p.grad = None

    def _zeros(self) -> list[Tensor]:
        """Return a memory of zeros for each parameter."""
        return [torch.zeros_like(p, requires_grad=False) for p in self.params]


def _listed(words: list[str]) -> str:
    """Return words as in a sentence: a, b and c."""
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} and {words[-1]}"
