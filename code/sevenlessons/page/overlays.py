"""Masks laid over pictures: classes, wrong pixels, and values.

Colors are told apart by color-blind readers as long as there are no more
than eight classes; every picture also says in words what its mask holds.
"""

from collections.abc import Sequence

import matplotlib
import torch
from torch import Tensor

from .gallery import photo_grid
from .keyed import KeyedGallery, swatch
from .output import escape
from .painting import (
    check_pairs,
    class_colors,
    class_shares,
    paint,
    plane,
    stripe,
    to_size,
)

__all__ = ["error_overlays", "heat_overlays", "overlays"]

WRONG = (255, 60, 0)
HEAT = "cividis"  # made for color-blind readers


def overlays(
    images: Tensor | Sequence[Tensor],
    masks: Tensor | Sequence[Tensor],
    *,
    classes: Sequence[str],
    captions: Sequence[str] | None = None,
    alt: str,
    opacity: float = 0.5,
    void: int | None = None,
    hidden: Sequence[str] = (),
    columns: int = 3,
    size: int = 192,
) -> KeyedGallery:
    """Show each picture under its mask, one color a class.

    Parameters
    ----------
    images
        Bytes or floats in [0, 1], of shape ``(N, 3, H, W)`` or
        ``(N, 1, H, W)``, or a list of such pictures of any sizes.
    masks
        Class numbers of shape ``(N, H, W)``, or a list.
    classes
        The name of each class number.
    captions
        The line below each picture; the shares of the classes if None.
    alt
        What the pictures show, in a sentence.
    opacity
        From 0, the picture alone, to 1, the mask alone.
    void
        The class number, one of `classes` or not, that means "nobody
        knows": striped in gray.
    hidden
        Names of classes that are not painted, such as the background.
    columns
        How many stand side by side.
    size
        Longer side of a picture in pixels.

    Examples
    --------
    >>> pictures = torch.zeros(1, 3, 8, 8, dtype=torch.uint8)
    >>> masks = torch.zeros(1, 8, 8, dtype=torch.long)
    >>> masks[0, :2] = 1
    >>> overlays(
    ...     pictures,
    ...     masks,
    ...     classes=["sky", "road"],
    ...     alt="A black square, road in its upper quarter.",
    ... )
    1 overlays: A black square, road in its upper quarter.

    """
    if not 0 <= opacity <= 1:
        raise ValueError(f"opacity must be in [0, 1], got {opacity}")
    if unknown := [name for name in hidden if name not in classes]:
        raise ValueError(
            f"hidden names {unknown[0]!r}, which is none of the classes: "
            f"{', '.join(classes)}"
        )
    check_pairs(images, masks, "masks")
    shares = [class_shares(mask, classes, void) for mask in masks]
    painted = []
    for image, mask in zip(images, masks, strict=True):
        picture, large = to_size(image, mask, size)
        painted.append(paint(picture, large, classes, opacity, void, hidden))
    lines = shares if captions is None else list(captions)
    gallery = photo_grid(
        painted, lines, alts=shares, columns=columns, size=size, crop=False
    )
    entries = [
        (f"rgb{color}", name)
        for i, (color, name) in enumerate(
            zip(class_colors(len(classes)), classes, strict=True)
        )
        if name not in hidden and i != void
    ]
    if void is not None:
        entries.append(("", "void: nobody knows"))
    key = " ".join(swatch(color, name) for color, name in entries)
    return KeyedGallery(gallery, key, alt)


def error_overlays(
    images: Tensor | Sequence[Tensor],
    predicted: Tensor | Sequence[Tensor],
    truth: Tensor | Sequence[Tensor],
    *,
    captions: Sequence[str] | None = None,
    alt: str,
    void: int | None = None,
    columns: int = 3,
    size: int = 192,
) -> KeyedGallery:
    """Show each picture in gray, with its wrong pixels marked.

    Parameters
    ----------
    images, captions, alt, columns, size
        As in `overlays`; the share of wrong pixels is the caption if None.
    predicted, truth
        Class numbers of shape ``(N, H, W)``, or lists.
    void
        The class number in `truth` that is not judged: striped in gray.

    Examples
    --------
    >>> pictures = torch.zeros(1, 1, 8, 8)
    >>> truth = torch.zeros(1, 8, 8, dtype=torch.long)
    >>> error_overlays(
    ...     pictures, truth, truth, alt="A black square without any error."
    ... )
    1 overlays: A black square without any error.

    """
    check_pairs(images, truth, "truth")
    check_pairs(images, predicted, "predicted")
    painted, shares = [], []
    for image, answer, right in zip(images, predicted, truth, strict=True):
        judged = torch.ones_like(right, dtype=torch.bool)
        if void is not None:
            judged = right != void
        wrong = judged & (answer != right)
        states = wrong.long() + 2 * (~judged).long()
        picture, large = to_size(image, states, size)
        gray = picture.mean(dim=0, keepdim=True).expand(3, -1, -1) * 0.8
        out = torch.where(large == 1, plane(WRONG), gray)
        painted.append(stripe(out, large == 2).round().byte())
        share = wrong.sum().item() / max(int(judged.sum()), 1)
        shares.append(f"{share:.1%} of the pixels wrong")
    lines = shares if captions is None else list(captions)
    gallery = photo_grid(
        painted, lines, alts=shares, columns=columns, size=size, crop=False
    )
    key = swatch(f"rgb{WRONG}", "wrong")
    if void is not None:
        key += " " + swatch("", "void: not judged")
    return KeyedGallery(gallery, key, alt)


def heat_overlays(
    images: Tensor | Sequence[Tensor],
    values: Tensor | Sequence[Tensor],
    *,
    label: str,
    captions: Sequence[str] | None = None,
    alt: str,
    low: float | None = None,
    high: float | None = None,
    opacity: float = 0.75,
    columns: int = 3,
    size: int = 192,
) -> KeyedGallery:
    """Show a number a pixel as colors over each picture, with a color bar.

    Parameters
    ----------
    images, captions, alt, columns, size
        As in `overlays`; the mean value is the caption if None.
    values
        Numbers of shape ``(N, H, W)``, or a list.
    label
        What the numbers are, with their unit: "entropy in bits".
    low, high
        Ends of the color bar; the smallest and largest value if None.
    opacity
        From 0, the picture alone, to 1, the colors alone.

    Examples
    --------
    >>> pictures = torch.zeros(1, 3, 8, 8)
    >>> heat_overlays(
    ...     pictures,
    ...     torch.rand(1, 8, 8),
    ...     label="entropy in bits",
    ...     alt="Random colors over a black square.",
    ... )
    1 overlays: Random colors over a black square.

    """
    check_pairs(images, values, "values")
    all_values = torch.cat([v.flatten().double() for v in values])
    if not torch.isfinite(all_values).all():
        raise ValueError(
            "values hold nan or infinity, which has no color; replace them "
            "first, for instance with torch.nan_to_num"
        )
    low = float(all_values.min()) if low is None else low
    high = float(all_values.max()) if high is None else high
    table = torch.tensor(matplotlib.colormaps[HEAT](range(256)))[:, :3] * 255
    painted = []
    for image, value in zip(images, values, strict=True):
        picture, large = to_size(image, value, size)
        place = (large - low) / max(high - low, 1e-12)
        colors = table[(place.clamp(0, 1) * 255).round().long()]
        colors = colors.permute(2, 0, 1).float()
        painted.append((picture * (1 - opacity) + colors * opacity).byte())
    means = [f"mean {float(v.double().mean()):.2f}" for v in values]
    gallery = photo_grid(
        painted,
        means if captions is None else list(captions),
        alts=[f"{label}: {mean}" for mean in means],
        columns=columns,
        size=size,
        crop=False,
    )
    stops = ",".join(
        "rgb({:.0f},{:.0f},{:.0f})".format(*row.tolist())
        for row in table[::17]
    )
    key = (
        f"{escape(label)}: {low:.2g} "
        '<span aria-hidden="true" style="display:inline-block;width:8em;'
        "height:.9em;vertical-align:middle;border:1px solid currentColor;"
        f'background:linear-gradient(to right,{stops})"></span> {high:.2g}'
    )
    return KeyedGallery(gallery, key, alt)
