import math

import numpy as np
import pytest
import torch
from sklearn import metrics as reference
from torch.nn import functional as F

from sevenlessons.training.pixels import (
    PixelAccuracy,
    confusion_counts,
    pixel_cross_entropy,
    pixel_scores,
)


def case(seed=0, k=4, void=None):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(3, k, 6, 7, generator=generator)
    target = torch.randint(k, (3, 6, 7), generator=generator)
    if void is not None:
        target[torch.rand(3, 6, 7, generator=generator) < 0.3] = void
    return scores, target


@pytest.mark.parametrize("void", [None, 2, 255])
def test_counts_and_scores_equal_scikit_learn(void):
    scores, target = case(void=void)
    predicted = scores.argmax(1)
    counts = confusion_counts(predicted, target, 4, void)
    judged = torch.ones_like(target).bool() if void is None else target != void
    t, p = target[judged].numpy(), predicted[judged].numpy()
    expected = reference.confusion_matrix(t, p, labels=range(4))
    assert np.array_equal(counts, expected)
    found = pixel_scores(counts)
    options = {"average": None, "labels": range(4), "zero_division": 0}
    assert found["accuracy"] == pytest.approx(reference.accuracy_score(t, p))
    assert found["dice"] == pytest.approx(reference.f1_score(t, p, **options))
    assert found["iou"] == pytest.approx(
        reference.jaccard_score(t, p, **options)
    )
    assert found["mean_iou"] == pytest.approx(np.mean(found["iou"]))


def test_a_class_that_is_nowhere_counts_in_no_mean():
    counts = torch.diag(torch.tensor([3, 5, 0]))
    found = pixel_scores(counts)
    assert found["mean_iou"] == found["mean_dice"] == 1
    assert math.isnan(found["iou"][2])


def test_all_void_is_nan_and_no_error():
    void = torch.full((2, 3), 9)
    counts = confusion_counts(void * 0, void, 3, 9)
    assert counts.sum() == 0
    assert math.isnan(pixel_scores(counts)["accuracy"])
    metric = PixelAccuracy(9)
    metric.update(torch.zeros(1, 3, 2, 3), void[None])
    assert math.isnan(metric.compute())


@pytest.mark.parametrize("cuts", [[3], [1, 2], [1, 1, 1]])
@pytest.mark.parametrize("ignored", [(), 1, (0, 255)])
def test_accuracy_does_not_depend_on_the_batches(cuts, ignored):
    scores, target = case(void=255 if ignored == (0, 255) else None)
    metric = PixelAccuracy(ignored)
    for s, t in zip(scores.split(cuts), target.split(cuts), strict=True):
        metric.update(s, t)
    skip = [ignored] if isinstance(ignored, int) else list(ignored)
    judged = ~torch.isin(target, torch.tensor(skip, dtype=torch.long))
    right = (scores.argmax(1) == target)[judged]
    assert metric.compute() == pytest.approx(right.double().mean().item())


def test_the_loss_is_torchs_where_something_is_judged():
    scores, target = case(void=255)
    ours = pixel_cross_entropy(scores, target.byte(), 255)
    torch.testing.assert_close(
        ours, F.cross_entropy(scores, target, ignore_index=255)
    )
    scores, target = case()
    assert pixel_cross_entropy(scores, target) == F.cross_entropy(
        scores, target
    )


def test_a_batch_of_void_does_no_harm():
    scores = torch.randn(1, 3, 2, 2, requires_grad=True)
    loss = pixel_cross_entropy(scores, torch.full((1, 2, 2), 255), 255)
    loss.backward()
    assert loss.item() == 0 and (scores.grad == 0).all()


def test_bad_numbers_and_shapes():
    zeros = torch.zeros(2, 2, dtype=torch.long)
    with pytest.raises(ValueError, match="target holds the class number 5"):
        confusion_counts(zeros, zeros + 5, 3)
    with pytest.raises(ValueError, match="predicted holds the class number"):
        confusion_counts(zeros + 5, zeros, 3)
    with pytest.raises(ValueError, match="argmax"):
        confusion_counts(torch.zeros(1, 3, 2, 2), zeros[None], 3)


def test_half_precision_holds_many_pixels():
    scores = torch.zeros(1, 2, 400, 400, dtype=torch.float16)
    target = torch.zeros(1, 400, 400, dtype=torch.long)
    loss = pixel_cross_entropy(scores, target, 255).item()
    assert loss == pytest.approx(math.log(2), abs=1e-3)


def test_none_judges_all_and_a_foreign_number_is_refused():
    scores, target = torch.zeros(1, 2, 1, 2), torch.tensor([[[0, 1]]])
    metric = PixelAccuracy(None)
    metric.update(scores, target)
    assert metric.compute() == 0.5
    for call in (metric.update, pixel_cross_entropy):
        with pytest.raises(ValueError, match=r"class number 255.*ignore_ind"):
            call(scores, target * 255)
