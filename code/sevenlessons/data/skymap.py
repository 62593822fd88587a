"""From the sky to a picture of it: the place of an object in a photo.

A small piece of sky is flattened by the gnomonic projection (straight lines
of sight onto a plane that touches the sphere); what is left is an affine map
that the four known corners of the photo fix.
"""

import numpy as np

__all__ = ["Frame", "direction"]

# top left, then clockwise: texture coordinates start at the bottom left
_CORNERS = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], float)


def direction(ra: np.ndarray, dec: np.ndarray) -> np.ndarray:
    """Return unit vectors, shape ``(..., 3)``, of positions in radians.

    Parameters
    ----------
    ra
        Right ascension: longitude on the sky.
    dec
        Declination: latitude on the sky.

    Examples
    --------
    >>> direction(np.array([0.0]), np.array([0.0])).tolist()
    [[1.0, 0.0, 0.0]]

    """
    return np.stack(
        [np.cos(dec) * np.cos(ra), np.cos(dec) * np.sin(ra), np.sin(dec)], -1
    )


class Frame:
    """The piece of sky that one photo shows.

    Parameters
    ----------
    corners
        Right ascension and declination in degrees, shape ``(4, 2)``: bottom
        left, bottom right, top right, top left of the photo.

    Attributes
    ----------
    center
        Unit vector of the middle.
    radius
        Largest angle from the middle to a corner, in radians.
    misfit
        Largest distance between a corner and its fit, in widths.

    Examples
    --------
    >>> frame = Frame([[11, 9], [9, 9], [9, 11], [11, 11]])
    >>> bottom_left = direction(*np.radians([11.0, 9.0]))
    >>> bool(np.abs(frame.xy(bottom_left) - [0, 1]).max() < 0.01)
    True

    """

    def __init__(self, corners: np.ndarray) -> None:
        corners = np.asarray(corners, float)
        if corners.shape != (4, 2) or not np.isfinite(corners).all():
            raise ValueError(
                "corners must be four pairs of finite degrees, got shape "
                f"{corners.shape}"
            )
        towards = direction(*np.radians(corners).T)
        self.center = towards.mean(0) / np.linalg.norm(towards.mean(0))
        east = np.cross([0, 0, 1], self.center)
        self.east = east / np.linalg.norm(east)
        self.north = np.cross(self.center, self.east)
        cosine = np.clip(towards @ self.center, -1, 1)
        self.radius = float(np.arccos(cosine).max())
        plane = np.c_[self._plane(towards), np.ones(4)]  # (4, 3)
        self.affine = np.linalg.lstsq(plane, _CORNERS, rcond=None)[0]  # (3, 2)
        self.misfit = float(np.abs(plane @ self.affine - _CORNERS).max())

    def _plane(self, towards: np.ndarray) -> np.ndarray:
        """Return gnomonic coordinates; nan for what lies behind us."""
        depth = towards @ self.center
        depth = np.where(depth > 0, depth, np.nan)
        flat = np.stack([towards @ self.east, towards @ self.north], -1)
        return flat / depth[..., None]

    def xy(self, towards: np.ndarray) -> np.ndarray:
        """Return the place of directions, shape ``(..., 2)``.

        x runs to the right and y *downwards*, both 0 to 1 inside the photo.
        """
        return self._plane(towards) @ self.affine[:2] + self.affine[2]

    def contains(self, towards: np.ndarray, margin: float = 0.0) -> np.ndarray:
        """Tell which directions lie inside, `margin` away from the edge."""
        xy = self.xy(towards)
        return np.all((xy > margin) & (xy < 1 - margin), axis=-1)

    def sky(self, n: int = 9) -> np.ndarray:
        """Return the directions of an ``n`` x ``n`` grid over the photo."""
        steps = (np.arange(n) + 0.5) / n
        xy = np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2)
        plane = np.linalg.solve(
            self.affine[:2].T, (xy - self.affine[2]).T
        ).T  # (n * n, 2)
        towards = self.center + plane @ np.stack([self.east, self.north])
        return towards / np.linalg.norm(towards, axis=1, keepdims=True)
