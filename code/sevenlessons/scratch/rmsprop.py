r"""RMSProp, written out: each weight has a step size of its own.

A running mean of the squared gradients, :math:`s \leftarrow \alpha s
+ (1 - \alpha)\, g^2`, says how large the gradients of a weight usually are.
The step is the gradient in that unit: :math:`g / (\sqrt{s} + \epsilon)`.
"""

from collections.abc import Iterable

from torch import Tensor

from .optimizer import Optimizer

__all__ = ["RMSprop"]


class RMSprop(Optimizer):
    """Step the parameters of a model, as `torch.optim.RMSprop` does.

    Parameters
    ----------
    params
        The parameters, such as ``model.parameters()``.
    lr
        Learning rate: about how far a weight moves in one step.
    alpha
        Share of the running mean that is kept in a step, in ``[0, 1)``.
    eps
        Added to the root, so that nothing is divided by zero.
    weight_decay
        This many times the weight is added to the gradient.
    momentum
        Share of the velocity that is kept in a step, in ``[0, 1)``.
    centered
        Whether to divide by the standard deviation of the gradients instead
        of their root mean square.

    Attributes
    ----------
    square, mean, velocity : list of Tensor
        The running means of the squared gradients and of the gradients (for
        `centered`), and the velocity (for `momentum`), one a parameter.

    Raises
    ------
    ValueError
        If there is no parameter, or a number is out of range.

    Notes
    -----
    Tieleman and Hinton (2012), a lecture; it was never a paper. The mean
    starts at zero and is not corrected, so the first steps are long: the
    first one is ``lr / sqrt(1 - alpha)``, ten times the rate by default.

    Examples
    --------
    >>> import torch
    >>> weight = torch.ones(2, requires_grad=True)
    >>> optimizer = RMSprop([weight], lr=0.01)
    >>> (weight * torch.tensor([1000.0, 0.1])).sum().backward()
    >>> optimizer.step()
    >>> weight.detach()
    tensor([0.9000, 0.9000])

    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        super().__init__(params, lr, eps=eps, weight_decay=weight_decay)
        if not 0 <= alpha < 1 or not 0 <= momentum < 1:
            raise ValueError(
                "alpha and momentum must lie in [0, 1), got "
                f"{alpha:g} and {momentum:g}"
            )
        self.alpha, self.eps, self.momentum = alpha, eps, momentum
        self.weight_decay, self.centered = weight_decay, centered
        self.square = self._zeros()
        self.mean = self._zeros()
        self.velocity = self._zeros()

    def update(self, i: int, p: Tensor, grad: Tensor) -> None:
        """Follow the gradient, in units of its usual size."""
        if self.weight_decay:
            grad = grad + self.weight_decay * p
        square = self.square[i]
        square.mul_(self.alpha).add_((1 - self.alpha) * grad**2)
        if self.centered:
            self.mean[i] += (1 - self.alpha) * (grad - self.mean[i])
            square = square - self.mean[i] ** 2
        grad = grad / (square.sqrt() + self.eps)
        if self.momentum:
            grad = self.velocity[i].mul_(self.momentum).add_(grad)
        p -= self.lr * grad
