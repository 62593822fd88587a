r"""Adam, written out: momentum, and a step size for each weight.

From momentum it has the running mean of the gradient,
:math:`m \leftarrow \beta_1 m + (1 - \beta_1)\, g`; from RMSProp that of its
square, :math:`s \leftarrow \beta_2 s + (1 - \beta_2)\, g^2`. New is the
correction: both start at zero and are too small at first, by the factor
:math:`1 - \beta^t` after :math:`t` steps. Divided by it, they are means of
what was seen: :math:`w \leftarrow w - \eta\, \hat m / (\sqrt{\hat s}
+ \epsilon)`.
"""

from collections.abc import Iterable

import torch
from torch import Tensor

from .optimizer import Optimizer

__all__ = ["Adam"]


class Adam(Optimizer):
    """Step the parameters of a model, as `torch.optim.Adam` does.

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
        This many times the weight is added to the *gradient*, so it goes
        through both means. `adamw.AdamW` shrinks the weight instead.
    amsgrad
        Whether to divide by the largest mean square so far.

    Attributes
    ----------
    penalty : float
        What `weight_decay` says; 0 in `adamw.AdamW`, which decays outside.
    first, second, largest : list of Tensor
        The running means of the gradient and of its square, and the largest
        `second` so far (for `amsgrad`), one a parameter.

    Raises
    ------
    ValueError
        If there is no parameter, or a number is out of range.

    Notes
    -----
    Kingma and Ba (2015), arXiv:1412.6980; AMSGrad: Reddi et al. (2018),
    arXiv:1904.09237. Meant for float32 and float64: in float16 `eps` and the
    squares of small gradients round to zero.

    Examples
    --------
    The first step is as long as the rate, whatever the size of the gradient,
    if it is far above `eps`:

    >>> weight = torch.ones(2, requires_grad=True)
    >>> optimizer = Adam([weight], lr=0.1)
    >>> (weight * torch.tensor([1000.0, -0.001])).sum().backward()
    >>> optimizer.step()
    >>> weight.detach()
    tensor([0.9000, 1.1000])

    """

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(params, lr, eps=eps, weight_decay=weight_decay)
        if not all(0 <= beta < 1 for beta in betas):
            raise ValueError(f"betas must lie in [0, 1), got {betas}")
        self.betas, self.eps = betas, eps
        self.penalty, self.amsgrad = weight_decay, amsgrad
        self.first, self.second = self._zeros(), self._zeros()
        self.largest = self._zeros()

    def update(self, i: int, p: Tensor, grad: Tensor) -> None:
        """Follow the mean gradient, in units of its usual size."""
        if self.penalty:
            grad = grad + self.penalty * p
        beta1, beta2 = self.betas
        first, second, t = self.first[i], self.second[i], self.steps[i]
        first += (1 - beta1) * (grad - first)
        second += (1 - beta2) * (grad**2 - second)
        if self.amsgrad:
            second = self.largest[i] = torch.maximum(self.largest[i], second)
        mean = first / (1 - beta1**t)
        square = second / (1 - beta2**t)
        p -= self.lr * mean / (square.sqrt() + self.eps)
