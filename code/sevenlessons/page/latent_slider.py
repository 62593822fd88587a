"""Sliders for the numbers that a generator makes a picture from.

`latent_slider` puts a trained generator itself into the page: its layers, in
eight bits a weight, and a script that runs them. So the reader does not choose
among stored pictures. Each place of the sliders makes a new one.
"""

import base64
import io
from collections.abc import Sequence

from PIL import Image
from torch import Tensor, nn

from .assets import asset, embedded
from .generator_export import export_layers, run_layers
from .output import escape
from .stage import figure, still

__all__ = ["LatentSlider", "latent_slider", "noise_between"]

_MOST = 400_000  # weights; as many bytes and a third more go into the page
_REACH = 3.0  # how far a slider goes, in units of its direction


class LatentSlider:
    """The figure, shown by the notebook if it is the last thing in a cell.

    Parameters
    ----------
    html
        The figure with its script.
    alt
        What it shows.

    """

    def __init__(self, html: str, alt: str) -> None:
        self.html = html
        self.alt = alt

    def __repr__(self) -> str:
        return f"Latent slider: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def noise_between(start: Tensor, end: Tensor, share: float) -> Tensor:
    """Return the noise a share of the way from start to end, along an arc.

    Normal noise of many numbers has nearly always the same length. The middle
    of a straight line is shorter; the arc keeps the length.

    Parameters
    ----------
    start, end
        Shape ``(Z,)``.
    share
        From 0, the start, to 1, the end.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.page.latent_slider import noise_between
    >>> east, north = torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0])
    >>> print(f"{noise_between(east, north, 0.5).norm():.3f}")
    2.000

    """
    first, last = start.norm(), end.norm()
    cosine = (start @ end / (first * last).clamp(min=1e-12)).clamp(-1, 1)
    angle = cosine.acos()
    if angle.sin().abs() < 1e-4:  # one direction, or opposite: no arc
        return start + share * (end - start)
    left = ((1 - share) * angle).sin() / angle.sin()
    right = (share * angle).sin() / angle.sin()
    length = first + share * (last - first)
    return length * (left * start / first + right * end / last)


def latent_slider(
    generator: nn.Sequential,
    starts: Tensor,
    directions: Tensor,
    names: Sequence[str],
    *,
    shown: tuple[float, float] = (-1.0, 1.0),
    alt: str,
    caption: str = "",
) -> LatentSlider:
    """Return a figure in which the reader moves through the noise.

    Parameters
    ----------
    generator
        As `export_layers` takes it, from noise to one gray picture; its
        norms are run as in eval mode.
    starts
        Two to twelve noises, shape ``(S, Z)``.
    directions
        What one unit of each slider adds, one to eight, shape ``(K, Z)``.
    names
        Of the sliders.
    shown
        The values that are black and white.
    alt
        What the figure shows.
    caption
        A line below.

    Raises
    ------
    ValueError
        If the shapes do not fit, the generator has too many weights for a
        page, or does not make gray pictures.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.page.latent_slider import latent_slider
    >>> generator = nn.Sequential(nn.Linear(2, 9), nn.Unflatten(1, (1, 3, 3)))
    >>> latent_slider(
    ...     generator, torch.eye(2), torch.eye(2), ["a", "b"],
    ...     alt="A picture of three by three pixels.",
    ... )
    Latent slider: A picture of three by three pixels.

    """
    _check(generator, starts, directions, names, shown, alt)
    layers = export_layers(generator)
    starts = starts.detach().cpu().float().round(decimals=4)
    directions = directions.detach().cpu().float().round(decimals=4)
    pictures = run_layers(layers, starts)
    if pictures.ndim != 4 or pictures.shape[1] != 1:
        raise ValueError(
            "expected a generator of gray pictures, shape (N, 1, H, W), got "
            f"{tuple(pictures.shape)}"
        )
    data = {
        "layers": layers,
        "starts": [_short(row) for row in starts],
        "directions": [_short(row) for row in directions],
        "names": list(names),
        "shown": list(shown),
        "size": list(pictures.shape[2:]),
    }
    html = figure(
        "bp-latent",
        alt,
        style=asset("player.css") + asset("latent.css"),
        stills="".join(
            still([_picture(made[0], shown, k + 1)], f"Start {k + 1}.")
            for k, made in enumerate(pictures)
        ),
        live=_live(len(starts), names, alt, tuple(pictures.shape[2:])),
        caption=caption,
        script=embedded("latent.js", data),
    )
    return LatentSlider(html, alt)


def _check(
    generator: nn.Module,
    starts: Tensor,
    directions: Tensor,
    names: Sequence[str],
    shown: tuple[float, float],
    alt: str,
) -> None:
    if (
        starts.ndim != 2
        or directions.ndim != 2
        or not 2 <= len(starts) <= 12
        or not 1 <= len(directions) <= 8
        or starts.shape[1] != directions.shape[1]
        or len(names) != len(directions)
    ):
        raise ValueError(
            "expected 2 to 12 starts of shape (S, Z), 1 to 8 directions of "
            f"shape (K, Z) and a name for each, got {tuple(starts.shape)}, "
            f"{tuple(directions.shape)} and {len(names)} names"
        )
    count = sum(weight.numel() for weight in generator.parameters())
    if count > _MOST:
        raise ValueError(
            f"a page can carry {_MOST} weights, got {count}: make the "
            "generator narrower"
        )
    if not shown[0] < shown[1]:
        raise ValueError(f"shown must be (black, white), got {shown}")
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the figure shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )


def _short(row: Tensor) -> list[float]:
    return [round(number, 4) for number in row.tolist()]


def _picture(pixels: Tensor, shown: tuple[float, float], k: int) -> str:
    """Return a picture as an image of a few hundred bytes."""
    black, white = shown
    gray = ((pixels - black) / (white - black)).clamp(0, 1) * 255
    buffer = io.BytesIO()
    Image.fromarray(gray.round().byte().numpy()).save(buffer, "PNG")
    text = base64.b64encode(buffer.getvalue()).decode("ascii")
    return (
        f'<img class="bp-made" alt="Picture made from start {k}." '
        f'src="data:image/png;base64,{text}" '
        f'width="{pixels.shape[1]}" height="{pixels.shape[0]}">'
    )


def _live(
    count: int, names: Sequence[str], alt: str, size: tuple[int, ...]
) -> str:
    options = "".join(
        f'<option value="{k}">{k + 1}</option>' for k in range(count)
    )
    sliders = "".join(
        f'<label class="bp-slider"><span>{escape(name)}</span><input '
        f'type="range" class="bp-{kind}" min="{low:g}" max="{high:g}" '
        f'step="{by:g}" value="0"><output></output></label>'
        for name, kind, low, high, by in (
            ("toward the next", "share", 0, 1, 0.05),
            *((name, "along", -_REACH, _REACH, 0.1) for name in names),
        )
    )
    return (
        '<div class="bp-row"><label>start <select class="bp-choice">'
        f"{options}</select></label>"
        '<button type="button" class="bp-play">Walk</button>'
        '<button type="button" class="bp-zero">Sliders to zero</button></div>'
        f'<div class="bp-panels"><canvas class="bp-made" role="img" '
        f'aria-label="{escape(alt)}" width="{size[1]}" height="{size[0]}">'
        f'</canvas><div>{sliders}<p class="bp-says" aria-live="off"></p>'
        "</div></div>"
    )
