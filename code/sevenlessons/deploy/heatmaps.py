"""A heat map as a picture that the page lays over the photo."""

import io
from typing import Any

import numpy as np
from PIL import Image

__all__ = ["heat_to_png"]

_SIZE = 224  # pixels of the longer side; the page stretches it
_RAMP = np.array(  # from cold to hot, readable for the color blind
    [
        [30, 20, 80],
        [120, 30, 120],
        [220, 70, 80],
        [250, 150, 40],
        [255, 240, 120],
    ]
)


def heat_to_png(values: Any) -> bytes:
    r"""Return heat as a PNG, transparent where it is cold.

    Parameters
    ----------
    values
        Numbers of any range, shape ``(H, W)``: an array, a tensor on the
        processor or nested lists. The highest becomes the hottest; zero is
        cold where no number is below it, else the lowest is.

    Raises
    ------
    ValueError
        If `values` has another shape, or holds a number that is not finite.

    Examples
    --------
    >>> heat_to_png([[0.0, 1.0], [0.5, 0.2]])[:4]
    b'\x89PNG'

    """
    heat = np.asarray(values, dtype=np.float64)
    if heat.ndim != 2 or 0 in heat.shape or not np.isfinite(heat).all():
        raise ValueError(
            "expected finite numbers of shape (H, W), got shape "
            f"{heat.shape}; take one map of the batch, without a channel axis"
        )
    low = min(heat.min(), 0.0)
    span = heat.max() - low
    heat = (heat - low) / span if span else np.zeros_like(heat)
    scale = _SIZE / max(heat.shape)
    size = [max(1, round(scale * side)) for side in heat.shape[::-1]]
    small = Image.fromarray(heat.astype(np.float32))
    large = small.resize((size[0], size[1]), Image.Resampling.BICUBIC)
    smooth = np.asarray(large).clip(0, 1)
    steps = np.linspace(0, 1, len(_RAMP))
    rgba = np.empty((*smooth.shape, 4), dtype=np.uint8)
    for channel in range(3):
        rgba[..., channel] = np.interp(smooth, steps, _RAMP[:, channel])
    rgba[..., 3] = 200 * smooth
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return file.getvalue()
