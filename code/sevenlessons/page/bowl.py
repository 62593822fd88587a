"""The loss of a line fit: a bowl, known in closed form."""

from collections.abc import Sequence

import numpy as np

from .canvas import Canvas

__all__ = ["Bowl"]


class Bowl:
    """The mean squared error of a line, over slope and intercept.

    Parameters
    ----------
    x, y
        The points.

    Attributes
    ----------
    square, product, constant
        Sums over the points: the loss of weights w is
        ``w @ square @ w - 2 * product @ w + constant``.
    best, least
        The lowest place and its loss.
    limit
        Twice one over the largest curvature: walks with a higher learning
        rate fly off.

    Raises
    ------
    ValueError
        If x and y do not belong together, or all x are the same.

    Examples
    --------
    >>> from sevenlessons.page.bowl import Bowl
    >>> bowl = Bowl([-1, 1], [1, 3])
    >>> bowl.best.tolist(), bowl.limit
    ([1.0, 2.0], 1.0)

    """

    def __init__(self, x: Sequence[float], y: Sequence[float]) -> None:
        xs, ys = np.asarray(x, float), np.asarray(y, float)
        if xs.ndim != 1 or xs.shape != ys.shape:
            raise ValueError(
                "expected as many x as y, in one row each, got shapes "
                f"{xs.shape} and {ys.shape}"
            )
        columns = np.stack([xs, np.ones_like(xs)])
        self.square = columns @ columns.T / len(xs)  # half the curvature
        self.product = columns @ ys / len(xs)
        self.constant = float((ys**2).mean())
        curvatures = 2 * np.linalg.eigvalsh(self.square)
        if curvatures[0] <= 1e-9 * curvatures[1]:
            raise ValueError(
                "all x are the same, so no line fits best; pass points with "
                "different x"
            )
        self.limit = float(2 / curvatures[1])
        self.best = np.linalg.solve(self.square, self.product)
        self.least = float(self.constant - self.product @ self.best)

    def loss(self, weights: np.ndarray) -> np.ndarray:
        """Return the loss of each pair of weights, shape ``(..., 2)``."""
        away = weights - self.best
        return self.least + ((away @ self.square) * away).sum(-1)

    def walk(self, start: np.ndarray, lr: float, steps: int) -> np.ndarray:
        """Return the places of gradient descent, ``(steps + 1, 2)``."""
        found = [start]
        for _ in range(steps):
            gradient = 2 * (self.square @ found[-1] - self.product)
            found.append(found[-1] - lr * gradient)
        return np.array(found)

    def levels(self, canvas: Canvas, corner: np.ndarray) -> str:
        """Return lines of equal loss as SVG: one circle, stretched.

        Parameters
        ----------
        canvas
            Axes for slope and intercept.
        corner
            The weights through which the outermost line goes.

        """
        _, _, width, height = canvas.box
        (x0, x1), (y0, y1) = canvas.x_range, canvas.y_range
        unit = np.diag([width / (x1 - x0), -height / (y1 - y0)])
        # away = stretch @ circle has the loss 1 above the least
        stretch = unit @ np.linalg.inv(np.linalg.cholesky(self.square)).T
        ((cx, cy),) = canvas.places([self.best[0]], [self.best[1]])
        highest = float(self.loss(corner)) - self.least
        drawn = []
        for share in 0.6 ** np.arange(0, 14, 2):
            a, c, b, d = (np.sqrt(highest * share) * stretch).ravel()
            numbers = ",".join(f"{v:.2f}" for v in (a, b, c, d, cx, cy))
            drawn.append(
                '<circle class="bp-ring" r="1" vector-effect='
                f'"non-scaling-stroke" transform="matrix({numbers})"/>'
            )
        return "".join(drawn)
