r"""Gram matrices: which maps are bright together, wherever that is.

For maps :math:`F` of C channels and H times W places,

.. math:: G_{ij} = \frac{1}{CHW} \sum_{p} F_{ip} F_{jp}.

The places are summed away: what is left is the texture, not the picture.
"""

from torch import Tensor

__all__ = ["gram_matrix"]


def gram_matrix(maps: Tensor) -> Tensor:
    """Return the Gram matrix of each picture's maps.

    Parameters
    ----------
    maps
        Shape ``(N, C, H, W)``, floats.

    Returns
    -------
    Tensor
        Shape ``(N, C, C)``: symmetric, no negative eigenvalue, and the same
        in whatever order the pixels stand.

    Notes
    -----
    Gatys et al. (2016). Taught in: feature_loss.

    Examples
    --------
    >>> import torch
    >>> maps = torch.tensor([[1.0, 2.0], [0.0, 3.0]]).view(1, 2, 1, 2)
    >>> gram_matrix(maps)
    tensor([[[1.2500, 1.5000],
             [1.5000, 2.2500]]])

    """
    if maps.ndim != 4 or not maps.is_floating_point() or not maps.numel():
        raise ValueError(
            "expected maps of shape (N, C, H, W), floats, got "
            f"{maps.dtype} of {tuple(maps.shape)}; bytes need .float() / 255"
        )
    rows = maps.flatten(2)
    return rows @ rows.mT / (rows.shape[1] * rows.shape[2])
