r"""SGD, written out: plain steps, momentum, Nesterov, and weight decay.

The velocity is a fading sum of the gradients so far:
:math:`v \leftarrow \mu v + (1 - d)\, g`, with the momentum :math:`\mu` and
the dampening :math:`d`. The step goes along the velocity. Nesterov's step
goes a little further, to where the next velocity would point if the gradient
stayed: :math:`g + \mu v`.
"""

from collections.abc import Iterable

from torch import Tensor

from .optimizer import Optimizer

__all__ = ["SGD"]


class SGD(Optimizer):
    """Step the parameters of a model, as `torch.optim.SGD` does.

    Parameters
    ----------
    params
        The parameters, such as ``model.parameters()``.
    lr
        Learning rate: how far a step goes along the velocity.
    momentum
        Share of the velocity that is kept in a step, in ``[0, 1)``. This
        one weighs the *old* value; that of batch norm weighs the *new* one.
    dampening
        Share of each gradient that does not enter the velocity; the first
        gradient enters as a whole. Without momentum it does nothing.
    weight_decay
        This many times the weight is added to the gradient: the gradient of
        an L2 penalty of ``weight_decay / 2`` times the square.
    nesterov
        Whether to look a step ahead. Needs a momentum and no dampening.

    Attributes
    ----------
    velocity : list of Tensor
        One a parameter; zeros without momentum.

    Raises
    ------
    ValueError
        If there is no parameter, a number is out of range, or `nesterov`
        has nothing to look ahead with.

    Notes
    -----
    Polyak (1964); Nesterov (1983), in the form of Sutskever et al. (2013),
    who keep the weights at the place looked ahead to. Papers often put the
    rate inside the velocity; for a constant rate both walk the same way.

    Examples
    --------
    Gradients that stay the same add up:

    >>> import torch
    >>> weight = torch.zeros(1, requires_grad=True)
    >>> optimizer = SGD([weight], lr=1.0, momentum=0.5)
    >>> for _ in range(3):
    ...     weight.grad = torch.ones(1)
    ...     optimizer.step()
    ...     print(weight.item(), optimizer.velocity[0].item())
    -1.0 1.0
    -2.5 1.5
    -4.25 1.75

    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        super().__init__(params, lr, weight_decay=weight_decay)
        if not 0 <= momentum < 1 or not 0 <= dampening <= 1:
            raise ValueError(
                "momentum must lie in [0, 1) and dampening in [0, 1], got "
                f"{momentum:g} and {dampening:g}"
            )
        if nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(
                "nesterov needs momentum above 0 and no dampening, got "
                f"momentum={momentum:g} and dampening={dampening:g}"
            )
        self.momentum, self.dampening = momentum, dampening
        self.weight_decay, self.nesterov = weight_decay, nesterov
        self.velocity = self._zeros()

    def update(self, i: int, p: Tensor, grad: Tensor) -> None:
        """Follow the velocity; without momentum, the gradient."""
        if self.weight_decay:
            grad = grad + self.weight_decay * p
        if self.momentum:
            velocity = self.velocity[i]
            enters = 1 - self.dampening if self.steps[i] > 1 else 1.0
            velocity.mul_(self.momentum).add_(enters * grad)
            ahead = grad + self.momentum * velocity
            grad = ahead if self.nesterov else velocity
        p -= self.lr * grad
