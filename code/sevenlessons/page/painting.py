"""Paint masks: colors of classes, stripes for void, the key below.

`overlays` puts these together. Everything works on one picture, floats from
0 to 255 of shape ``(3, H, W)``, and its mask of shape ``(H, W)``.
"""

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn.functional import interpolate

__all__ = [
    "check_pairs",
    "class_colors",
    "class_shares",
    "paint",
    "plane",
    "stripe",
    "to_size",
]

# Okabe and Ito's colors, ordered so that neighbors in the list differ most.
COLORS = [
    (86, 180, 233),
    (213, 94, 0),
    (240, 228, 66),
    (0, 114, 178),
    (204, 121, 167),
    (0, 158, 115),
    (230, 159, 0),
    (255, 255, 255),
]
VOID = (128, 128, 128)


def class_colors(count: int) -> list[tuple[int, int, int]]:
    """Return one color a class: red, green and blue from 0 to 255.

    From the ninth class on, the colors return in darker shades.

    Examples
    --------
    >>> class_colors(2)
    [(86, 180, 233), (213, 94, 0)]

    """
    colors = []
    for i in range(count):
        shade = 0.62 ** (i // len(COLORS))
        red, green, blue = (round(c * shade) for c in COLORS[i % len(COLORS)])
        colors.append((red, green, blue))
    return colors


def plane(color: tuple[int, int, int]) -> Tensor:
    """Return a color as a tensor ``(3, 1, 1)`` that fits every picture.

    Examples
    --------
    >>> plane((1, 2, 3)).shape
    torch.Size([3, 1, 1])

    """
    return torch.tensor(color, dtype=torch.float32)[:, None, None]


def to_size(image: Tensor, mask: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Return picture and mask with `size` pixels on the longer side.

    The picture is smoothed, the mask is not: between the classes 1 and 3
    there is no class 2.

    Parameters
    ----------
    image
        Bytes or floats in [0, 1], of shape ``(3, H, W)`` or ``(1, H, W)``.
    mask
        Anything of shape ``(H, W)``.
    size
        Pixels of the longer side.

    Examples
    --------
    >>> picture, mask = to_size(
    ...     torch.ones(1, 2, 4), torch.tensor([[0, 0, 1, 1]] * 2), 8
    ... )
    >>> picture.shape, mask[0].tolist()
    (torch.Size([3, 4, 8]), [0, 0, 0, 0, 1, 1, 1, 1])

    """
    picture = image.detach().cpu().float()
    if image.is_floating_point():
        picture = picture.clamp(0, 1) * 255
    height, width = picture.shape[1:]
    scale = size / max(height, width)
    shape = (max(1, round(height * scale)), max(1, round(width * scale)))
    picture = interpolate(
        picture[None], shape, mode="bilinear", antialias=scale < 1
    )[0]
    planes = mask.detach().cpu()[None, None].double()
    large = interpolate(planes, shape, mode="nearest-exact")[0, 0]
    return picture.expand(3, -1, -1), large.to(mask.dtype)


def stripe(picture: Tensor, where: Tensor) -> Tensor:
    """Return `picture` with diagonal gray stripes where `where` is true.

    Examples
    --------
    >>> black = torch.zeros(3, 9, 9)
    >>> striped = stripe(black, torch.ones(9, 9, dtype=torch.bool))
    >>> sorted(striped.unique().tolist())
    [0.0, 128.0]

    """
    rows = torch.arange(where.shape[0])[:, None]
    on = (rows + torch.arange(where.shape[1])) % 6 < 3
    return torch.where(where & on, plane(VOID), picture)


def paint(
    picture: Tensor,
    mask: Tensor,
    classes: Sequence[str],
    opacity: float,
    void: int | None = None,
    hidden: Sequence[str] = (),
) -> Tensor:
    """Return the picture under its mask, as bytes.

    The parameters are those of `overlays.overlays`.

    Examples
    --------
    >>> mask = torch.tensor([[0, 1]])
    >>> paint(torch.zeros(3, 1, 2), mask, ["sky", "road"], 1.0)[:, 0, 1]
    tensor([213,  94,   0], dtype=torch.uint8)

    """
    out = picture
    for i, color in enumerate(class_colors(len(classes))):
        if classes[i] not in hidden and i != void:
            mixed = picture * (1 - opacity) + plane(color) * opacity
            out = torch.where(mask == i, mixed, out)
    if void is not None:
        out = stripe(out, mask == void)
    return out.round().clamp(0, 255).byte()


def class_shares(
    mask: Tensor, classes: Sequence[str], void: int | None = None
) -> str:
    r"""Say in words which classes a mask holds, the largest first.

    Raises
    ------
    ValueError
        If the mask holds scores, or a class number without a name.

    Examples
    --------
    >>> class_shares(torch.tensor([[0, 1, 1, 1]]), ["sky", "road"])
    'road 75\xa0%, sky 25\xa0%'

    """
    if mask.is_floating_point():
        raise ValueError(
            f"masks hold class numbers, got {mask.dtype}; scores become "
            "classes with scores.argmax(dim=1)"
        )
    names = dict(enumerate(classes))
    if void is not None:
        names[void] = "void"
    numbers, counts = mask.unique(return_counts=True)
    if outside := sorted(set(numbers.tolist()) - set(names)):
        raise ValueError(
            f"a mask holds the class number {outside[0]}, but there are "
            f"{len(classes)} classes, 0 to {len(classes) - 1}; give all "
            "names, or say which number is void"
        )
    pairs = sorted(
        zip(counts.tolist(), numbers.tolist(), strict=True), reverse=True
    )
    shares = [(names[n], 100 * c / mask.numel()) for c, n in pairs]
    return ", ".join(
        f"{name} {share:.0f}\u00a0%"
        if share >= 0.5
        else f"{name} below 1\u00a0%"
        for name, share in shares
    )


def check_pairs(
    images: Tensor | Sequence[Tensor],
    maps: Tensor | Sequence[Tensor],
    name: str,
) -> None:
    """Refuse pictures and maps of pixels that do not belong together.

    Raises
    ------
    ValueError
        If their numbers or sizes differ, or a picture is none.

    Examples
    --------
    >>> check_pairs(torch.zeros(1, 3, 2, 2), torch.zeros(1, 2, 2), "masks")

    """
    if len(images) != len(maps) or len(images) == 0:
        raise ValueError(
            f"expected as many {name} as images and at least one, got "
            f"{len(maps)} and {len(images)}"
        )
    for i, (image, values) in enumerate(zip(images, maps, strict=True)):
        if image.ndim != 3 or image.shape[0] not in (1, 3):
            raise ValueError(
                f"image {i} must have the shape (3, H, W) or (1, H, W), got "
                f"{tuple(image.shape)}; a single picture becomes a batch "
                "with image[None]"
            )
        if values.shape != image.shape[1:]:
            raise ValueError(
                f"{name} {i} must have the shape of its picture, "
                f"{tuple(image.shape[1:])}, got {tuple(values.shape)}"
            )
