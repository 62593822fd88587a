"""What a segmenter is worth: numbers beside baselines, and pictures."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from sevenlessons.page.overlays import error_overlays, overlays
from sevenlessons.page.painting import paint, to_size
from sevenlessons.page.tables import table
from sevenlessons.training.pixels import confusion_counts, pixel_scores

__all__ = ["measure", "score_table", "write_overlays", "write_scores"]

Scores = dict[str, Any]
FEW = 10  # pictures; below, drawing them again says nothing

_HEAD = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>Masks</title>
<style>body{font-family:sans-serif;max-width:60em;margin:1em auto;
padding:0 1em}</style>
"""


def measure(
    predicted: Tensor,
    truth: Tensor,
    num_classes: int,
    void: int | None,
    *,
    repeats: int = 500,
) -> Scores:
    """Return the scores of all pictures together, with 95 % intervals.

    The intervals come from drawing the pictures again, with replacement:
    pixels of one picture say nearly the same thing. Fewer than ten pictures
    give none.

    Parameters
    ----------
    predicted, truth
        Class numbers, shape ``(N, H, W)``.
    num_classes, void
        As in `confusion_counts`.
    repeats
        How often all pictures are drawn again.

    Examples
    --------
    >>> truth = torch.tensor([[[0, 1]], [[1, 1]]])
    >>> measure(truth, truth, 2, None)["mean_iou"]
    1.0

    """
    counts = torch.stack(
        [
            confusion_counts(p, t, num_classes, void)
            for p, t in zip(predicted, truth, strict=True)
        ]
    )
    scores: Scores = dict(pixel_scores(counts.sum(dim=0)))
    scores["accuracy_interval"] = scores["mean_iou_interval"] = None
    if len(counts) < FEW:
        return scores
    generator = torch.Generator().manual_seed(0)
    drawn = []
    for _ in range(repeats):
        rows = torch.randint(len(counts), (len(counts),), generator=generator)
        again = pixel_scores(counts[rows].sum(dim=0))
        drawn.append([again["accuracy"], again["mean_iou"]])
    ends = torch.tensor([0.025, 0.975], dtype=torch.float64)
    spread = torch.tensor(drawn, dtype=torch.float64).nanquantile(ends, dim=0)
    scores["accuracy_interval"] = spread[:, 0].tolist()
    scores["mean_iou_interval"] = spread[:, 1].tolist()
    return scores


def score_table(scores: Mapping[str, Scores]) -> str:
    """Return the scores of several answers as a table in text.

    Examples
    --------
    >>> truth = torch.tensor([[[0, 1]]])
    >>> print(score_table({"perfect": measure(truth, truth, 2, None)}))
    answer   pixels right  mean IoU  mean Dice
    perfect        1.0000    1.0000     1.0000

    """
    rows = [
        [name, *(f"{found[key]:.4f}" for key in _COLUMNS)]
        for name, found in scores.items()
    ]
    columns = ["answer", *_COLUMNS.values()]
    return repr(table([dict(zip(columns, row, strict=True)) for row in rows]))


_COLUMNS = {
    "accuracy": "pixels right",
    "mean_iou": "mean IoU",
    "mean_dice": "mean Dice",
}


def write_scores(path: Path, facts: Mapping[str, Any]) -> None:
    """Write all numbers as JSON; what is not defined becomes null.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "metrics.json")
    ...     write_scores(path, {"iou": [0.5, math.nan]})
    ...     json.loads(path.read_text())
    {'iou': [0.5, None]}

    """
    text = json.dumps(_plain(facts), indent=2)  # ASCII: any name
    path.write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(inside) for key, inside in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inside) for inside in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def write_overlays(
    folder: Path,
    images: Tensor,
    predicted: Tensor,
    truth: Tensor,
    *,
    names: Sequence[str],
    classes: Sequence[str],
    void: int | None,
    count: int = 6,
) -> list[str]:
    """Write the worst pictures: picture, truth, answer and errors.

    Parameters
    ----------
    folder
        Gets ``overlays.html`` and ``overlays/``.
    images, predicted, truth
        All validation pictures, answers and masks.
    names
        Of the pictures.
    classes, void
        What the numbers mean.
    count
        How many.

    Returns
    -------
    list of str
        The names of the pictures written, the worst first.

    """
    judged = torch.ones_like(truth, dtype=torch.bool)
    if void is not None:
        judged = truth != void
    wrong = (judged & (predicted != truth)).flatten(1).sum(dim=1)
    shares = wrong / judged.flatten(1).sum(dim=1).clamp(min=1)
    worst = shares.argsort(descending=True, stable=True)[:count]
    (folder / "overlays").mkdir()
    for place, i in enumerate(worst.tolist()):
        strip = _strip(images[i], truth[i], predicted[i], classes, void)
        stem = re.sub(r"[^\w.-]", "_", names[i])  # for every system
        stem = stem.encode()[-80:].decode(errors="ignore")
        strip.save(folder / "overlays" / f"{place:02}_{stem}.png")
    shown: dict[str, Any] = {
        "images": images[worst],
        "void": void,
        "size": 256,
    }
    captions = [names[i] for i in worst.tolist()]
    parts = {
        "The truth": overlays(
            masks=truth[worst],
            classes=classes,
            captions=captions,
            alt="Validation pictures under their true masks.",
            **shown,
        ),
        "The model's answer": overlays(
            masks=predicted[worst],
            classes=classes,
            captions=captions,
            alt="The same pictures under the masks that the model gives.",
            **shown,
        ),
        "Where both differ": error_overlays(
            predicted=predicted[worst],
            truth=truth[worst],
            alt="The same pictures in gray, with the wrong pixels marked.",
            **shown,
        ),
    }
    body = "".join(
        f"<h2>{head}</h2>{part._repr_html_()}" for head, part in parts.items()
    )
    note = f"<p>The {len(worst)} pictures with most errors, worst first.</p>"
    (folder / "overlays.html").write_text(
        _HEAD + note + body, encoding="utf-8"
    )
    return captions


def _strip(
    image: Tensor,
    truth: Tensor,
    predicted: Tensor,
    classes: Sequence[str],
    void: int | None,
) -> Image.Image:
    """Return picture, truth and answer side by side."""
    size = max(image.shape[1:])
    plain, _ = to_size(image, truth, size)
    parts = [plain.round().byte()]
    for mask in (truth, predicted):
        parts.append(paint(plain, mask, classes, 0.5, void))
    pixels = torch.cat(parts, dim=2).permute(1, 2, 0).contiguous()
    return Image.fromarray(pixels.numpy())
