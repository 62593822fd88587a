"""Checks of Grad-CAM: the map itself, a hit rate, a mark that is found."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.intervals import wilson
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.vision.planted_objects import within

__all__ = ["check_find_watermark", "check_gradcam_map", "check_hit_rate"]


def _map(maps: Tensor, gradient: Tensor) -> Tensor:
    weights = gradient.mean(dim=(2, 3))
    return torch.einsum("nc,nchw->nhw", weights, maps).clamp_min(0)


@exercise(
    "lesson6/gradcam_map",
    takes="maps, gradient",
    asks="Return Grad-CAM with the ReLU, shape (N, h, w).",
)
def check_gradcam_map(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check shapes, weights by the mean, the sum, and then the ReLU."""
    one = torch.tensor([[[[1.0, 2.0]], [[4.0, 0.0]]]], dtype=torch.float64)
    slopes = torch.tensor([[[[3.0, 1.0]], [[-1.0, 0.0]]]], dtype=torch.float64)
    cases = [("two maps of two places", one, slopes)]
    for shape in ((1, 5, 4, 4), (3, 7, 2, 6), (4, 1, 5, 3)):
        maps, gradient = (
            torch.randn(*shape, generator=trial.generator, dtype=torch.float64)
            for _ in range(2)
        )
        # every second picture speaks against its class as a whole
        gradient[::2] -= gradient[::2].mean((2, 3), keepdim=True) + 1
        cases.append((f"maps of shape {shape}", maps.abs(), gradient))
        cases.append((f"maps of both signs, {shape}", maps, gradient.abs()))
    for words, maps, gradient in cases:
        if not trial.equal(
            words,
            answer,
            [maps, gradient],
            _map(maps, gradient),
            tolerance=1e-9,
            hint="The weight of a map is the mean of its gradient over all "
            "places, of each picture on its own. Add up the weighted maps, "
            "and only then drop what is negative.",
        ):
            return


@exercise(
    "lesson6/hit_rate",
    takes="points, boxes",
    asks="Return the share of points in their boxes and Wilson's 95 % "
    "interval: (rate, low, high).",
)
def check_hit_rate(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check edges of boxes, all hits, no hits, and random games."""
    edges = torch.tensor([[2, 3], [4, 4], [5, 4], [2, 7], [1, 3], [2, 2]])
    box = torch.tensor([[2, 3, 5, 7]])
    cases = [
        (
            "points on the edges of one box",
            edges,
            box.repeat(6, 1),
            "Top and left belong to the box, bottom and right do not.",
        ),
        (
            "rows are not columns",
            torch.tensor([[1, 8], [8, 1], [2, 9]]),
            torch.tensor([[0, 7, 3, 10]]).repeat(3, 1),
            "A point is (row, column), a box (top, left, bottom, right).",
        ),
        (
            "every point hits",
            torch.tensor([[3, 4]] * 9),
            box.repeat(9, 1),
            "Wilson's interval does not end at one on both sides.",
        ),
        (
            "no point hits",
            torch.tensor([[0, 0]] * 7),
            box.repeat(7, 1),
            "A map that points nowhere, or beside, is a miss.",
        ),
    ]
    for _ in range(3):
        count = trial.random.randint(20, 60)
        corner = torch.randint(0, 9, (count, 2), generator=trial.generator)
        side = torch.randint(3, 9, (count, 2), generator=trial.generator)
        points = torch.randint(0, 16, (count, 2), generator=trial.generator)
        boxes = torch.cat([corner, corner + side], dim=1)
        points[: count // 3] = corner[: count // 3] + 1
        cases.append((f"{count} points", points, boxes, ""))
    for words, points, boxes, hint in cases:
        hits = int(within(points, boxes).sum())
        expected = (hits / len(boxes), *wilson(hits, len(boxes)))
        if not trial.equal(
            words,
            answer,
            [points, boxes],
            expected,
            tolerance=1e-6,
            hint=hint or "Each point has its own box.",
        ):
            return


@exercise(
    "lesson6/find_watermark",
    takes="maps, others",
    asks="Return (row, column) of the cell where the class's maps differ "
    "most from those of the others, each map scaled to a sum of one.",
)
def check_find_watermark(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check marks at fresh places, beside cells that are bright in all."""
    bright = trial.random.sample([1, 2, 3], 3)
    shapes = ((6, 6), (5, 8), (7, 4))
    for (height, width), count in zip(shapes, bright, strict=True):
        cells = [
            (row, column) for row in range(height) for column in range(width)
        ]
        # Objects tend to lie in the middle; here at any place, and at one to
        # three, so that only the others' maps tell them from the mark.
        # The mark's row is not its column, so that their order shows.
        mark = trial.random.choice(
            [cell for cell in cells if len({*cell}) > 1]
        )
        cells.remove(mark)
        decoy, *usual = trial.random.sample(cells, 1 + count)
        maps = _noise(trial, 30, height, width)
        others = _noise(trial, 40, height, width)
        for part in (maps, others):
            for row, column in usual:
                part[:, row, column] += 6
        maps[:, mark[0], mark[1]] += 3
        maps[0, decoy[0], decoy[1]] += 40  # one photo with a strange map
        # The class's maps are all larger: raw means and raw medians differ
        # most where every map is bright.
        maps *= 10 ** (1 + 2 * _noise(trial, 30, 1, 1))
        others *= 10 ** (-3 + 2 * _noise(trial, 40, 1, 1))
        maps[0] *= 1000
        words = f"a mark in row {mark[0]}, column {mark[1]} of maps {height}"
        if not trial.equal(
            f"{words} x {width}",
            answer,
            [maps, others],
            mark,
            hint="Scale each map to a sum of one, take the mean over the "
            "photos, subtract the others' mean, and find the largest number.",
        ):
            return


def _noise(trial: Trial, *shape: int) -> Tensor:
    return torch.rand(*shape, generator=trial.generator, dtype=torch.float64)
