"""A slider for the threshold above which a probability becomes a label.

`threshold_slider` takes real predictions. Its script counts anew wherever the
reader puts the threshold: found, missed, false alarms, accuracy and F-beta.
Where no script runs, and on paper, it shows four thresholds.
"""

from collections.abc import Sequence

from torch import Tensor

from sevenlessons.training.label_thresholds import row_f_beta

from .assets import asset, embedded
from .canvas import Canvas, path
from .figures import CYCLE
from .output import escape
from .stage import Layer, figure, key, still

__all__ = ["ThresholdSlider", "threshold_slider"]

CUTS = [k / 100 for k in range(1, 100)]
STILLS = (0.1, 0.2, 0.5, 0.8)
SCORE = Layer("mean F-beta of the photos", CYCLE[0], [])
SHARE = Layer("accuracy of all answers", CYCLE[1], [], dash="6 4")
HERE = Layer("your threshold", "#808080", [])
COLUMNS = ("label", "found", "missed", "false alarms")


class ThresholdSlider:
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
        return f"Threshold slider: {self.alt}"

    def _repr_html_(self) -> str:
        return self.html


def threshold_slider(
    probabilities: Tensor,
    target: Tensor,
    names: Sequence[str],
    *,
    threshold: float = 0.5,
    beta: float = 2.0,
    alt: str,
    caption: str = "",
) -> ThresholdSlider:
    """Return a figure in which the reader moves the threshold.

    A second slider sets beta, how much more recall counts than precision. A
    photo without labels that gets no answer has the score 1.

    Parameters
    ----------
    probabilities
        In ``[0, 1]``, shape ``(N, K)``, from models that did not see the
        rows; the figure holds them to four decimals.
    target
        Zeros and ones, shape ``(N, K)``.
    names
        The labels, one a column.
    threshold, beta
        Where the sliders stand at first, in ``[0.01, 0.99]`` and
        ``[0.5, 4]``.
    alt
        What the figure shows.
    caption
        A line below.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a setting is out of its range.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.page.threshold_slider import threshold_slider
    >>> probabilities = torch.tensor([[0.75, 0.25], [0.5, 0.125]])
    >>> target = torch.tensor([[1, 0], [1, 1]])
    >>> threshold_slider(probabilities, target, ["a", "b"], alt="Two labels.")
    Threshold slider: Two labels.

    """
    _check(probabilities, target, names, threshold, beta, alt)
    whole = (probabilities.detach().double() * 10_000).round().long().cpu()
    there = (target > 0.5).long().cpu()
    canvas = Canvas((0, 1), (0, 1), x="threshold", y="score")
    data = {
        "p": whole.tolist(),
        "y": there.tolist(),
        "names": list(names),
        "canvas": canvas.settings(),
    }
    html = figure(
        "bp-threshold",
        alt,
        style=asset("player.css") + asset("threshold.css"),
        stills="".join(
            _still(canvas.smaller(), whole, there, cut, beta) for cut in STILLS
        ),
        live=_live(canvas, names, threshold, beta, alt),
        below=key([SCORE, SHARE, HERE]),
        caption=caption,
        script=embedded("threshold.js", data),
    )
    return ThresholdSlider(html, alt)


def _check(
    probabilities: Tensor,
    target: Tensor,
    names: Sequence[str],
    threshold: float,
    beta: float,
    alt: str,
) -> None:
    if (
        probabilities.ndim != 2
        or probabilities.numel() == 0
        or target.shape != probabilities.shape
        or len(names) != probabilities.shape[1]
    ):
        raise ValueError(
            "expected probabilities and target of one shape (N, K), and a "
            f"name for each column, got {tuple(probabilities.shape)}, "
            f"{tuple(target.shape)} and {len(names)} names"
        )
    if not ((probabilities >= 0) & (probabilities <= 1)).all():
        raise ValueError(
            "probabilities must lie in [0, 1]; apply the sigmoid to scores "
            "first"
        )
    if not (0.01 <= threshold <= 0.99 and 0.5 <= beta <= 4):
        raise ValueError(
            "expected threshold in [0.01, 0.99] and beta in [0.5, 4], got "
            f"{threshold:g} and {beta:g}"
        )
    if len(alt.strip()) < 10:
        raise ValueError(
            f"alt must say what the figure shows, got {alt!r}; write a "
            "sentence for readers who cannot see it"
        )


def _scores(
    whole: Tensor, there: Tensor, cut: float, beta: float
) -> tuple[float, float]:
    answers = whole > round(10_000 * cut)
    score = row_f_beta(answers, there, beta=beta).mean().item()
    return score, (answers == (there > 0)).double().mean().item()


def _still(
    canvas: Canvas, whole: Tensor, there: Tensor, cut: float, beta: float
) -> str:
    curves = [_scores(whole, there, each, beta) for each in CUTS]
    lines = [
        (SCORE, path(canvas.places(CUTS, [score for score, _ in curves]))),
        (SHARE, path(canvas.places(CUTS, [share for _, share in curves]))),
        (HERE, path(canvas.places([cut, cut], [0, 1]))),
    ]
    answers, truth = whole > round(10_000 * cut), there > 0
    alarms = int((answers & ~truth).sum())
    score, share = _scores(whole, there, cut, beta)
    return still(
        [canvas.svg("".join(_line(layer, d) for layer, d in lines))],
        f"Threshold {cut:g}: mean F-beta {score:.3f} (beta {beta:g}), "
        f"accuracy {share:.3f}. Of {int(truth.sum())} labels "
        f"{int((answers & truth).sum())} are found, with "
        f"{alarms} false alarm{'' if alarms == 1 else 's'}.",
    )


def _line(layer: Layer, d: str, name: str = "") -> str:
    dash = f' stroke-dasharray="{layer.dash}"' if layer.dash else ""
    kind = f"bp-line {name}".strip()
    return f'<path class="{kind}" stroke="{layer.colour}"{dash} d="{d}"/>'


def _live(
    canvas: Canvas,
    names: Sequence[str],
    threshold: float,
    beta: float,
    alt: str,
) -> str:
    drawn = "".join(
        _line(layer, "", name)
        for layer, name in (
            (SCORE, "bp-score"),
            (SHARE, "bp-share"),
            (HERE, "bp-here"),
        )
    )
    head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "<td></td>" * (len(COLUMNS) - 1)
        + "</tr>"
        for name in names
    )
    sliders = "".join(
        f'<label class="bp-slider"><span>{label}</span><input type="range" '
        f'class="bp-{name}" min="{low:g}" max="{high:g}" step="{by:g}" '
        f'value="{value:g}"><output></output></label>'
        for label, name, low, high, by, value in (
            ("threshold", "cut", 0.01, 0.99, 0.01, threshold),
            ("beta", "beta", 0.5, 4, 0.5, beta),
        )
    )
    return (
        f'<div class="bp-panels"><div><div role="img" '
        f'aria-label="{escape(alt)}">{canvas.svg(drawn)}</div>{sliders}</div>'
        f'<table class="bp-counts"><caption>Answers at this threshold'
        f"</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
        f'</table></div><p class="bp-says" aria-live="off"></p>'
    )
