import math
import warnings

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as reference

from sevenlessons.training.overlap import Dice, IoU, Overlap, count_overlap

REFERENCES = {Dice: reference.f1_score, IoU: reference.jaccard_score}
each_kind = pytest.mark.parametrize("kind", [Dice, IoU])
each_average = pytest.mark.parametrize("average", ["macro", "micro"])


def classes(samples=12, num_classes=4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(samples, num_classes, 5, 6, generator=generator)
    shape = (samples, 5, 6)
    return scores, torch.randint(num_classes, shape, generator=generator)


def masks(samples=12, num_masks=3, seed=0):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(samples, num_masks, 5, 6, generator=generator)
    return scores, torch.randint(2, scores.shape, generator=generator)


def columns(masks):
    """Return masks (N, K, H, W) as rows of pixels and K columns."""
    return masks.movedim(1, -1).reshape(-1, masks.shape[1]).int().numpy()


@each_kind
@each_average
@pytest.mark.parametrize("num_classes", [2, 4, 9])
def test_classes_of_pixels_equal_scikit_learn(
    measure, kind, average, num_classes
):
    scores, target = classes(num_classes=num_classes)
    expected = REFERENCES[kind](
        target.flatten(), scores.argmax(1).flatten(), average=average
    )
    ours = measure(kind(average=average), scores, target)
    assert ours == pytest.approx(expected, rel=1e-12)


@each_kind
def test_a_class_that_occurs_nowhere_is_left_out_as_in_scikit_learn(
    measure, kind
):
    scores, target = classes()
    scores[:, 2] = -100.0
    target[target == 2] = 1
    expected = REFERENCES[kind](
        target.flatten(), scores.argmax(1).flatten(), average="macro"
    )
    assert measure(kind(), scores, target) == pytest.approx(expected)


@each_kind
@each_average
@pytest.mark.parametrize("threshold", [0.3, 0.5, [0.2, 0.5, 0.7]])
def test_masks_equal_scikit_learn(measure, kind, average, threshold):
    scores, target = masks()
    probabilities = scores.sigmoid().movedim(1, -1).reshape(-1, 3).numpy()
    answers = (probabilities > np.asarray(threshold, np.float32)).astype(int)
    expected = REFERENCES[kind](columns(target), answers, average=average)
    ours = measure(kind(threshold, average), scores, target)
    assert ours == pytest.approx(expected, rel=1e-12)
    as_bool = measure(kind(threshold, average), scores, target.bool())
    assert as_bool == ours


@each_kind
def test_one_mask_equals_scikit_learn(measure, kind):
    scores, target = masks(num_masks=1)
    expected = REFERENCES[kind](columns(target), columns(scores > 0))
    assert measure(kind(), scores, target) == pytest.approx(expected)
    flat = scores.flatten(), target.flatten()
    assert measure(kind(), *flat) == pytest.approx(expected)


@each_kind
@pytest.mark.parametrize("zero_division", [0.0, 1.0, math.nan])
def test_a_mask_that_is_empty_everywhere(measure, kind, zero_division):
    scores, target = masks()
    scores[:, 1], target[:, 1] = -9.0, 0
    answers = columns(scores > 0)
    found = [
        REFERENCES[kind](columns(target)[:, i], answers[:, i]) for i in (0, 2)
    ]
    values = [found[0], zero_division, found[1]]
    ours = measure(kind(zero_division=zero_division), scores, target)
    assert ours == pytest.approx(np.nanmean(values))


@each_kind
@settings(deadline=None)  # machines differ
@given(cuts=st.sets(st.integers(1, 11)))
def test_does_not_depend_on_the_batches(measure, kind, cuts):
    for data in (classes(), masks()):
        assert measure(kind(), *data, cuts) == measure(kind(), *data)


def test_dice_and_iou_say_the_same_thing(measure):
    scores, target = masks(num_masks=1)
    dice = measure(Dice(), scores, target)
    iou = measure(IoU(), scores, target)
    assert dice == pytest.approx(2 * iou / (1 + iou))


@each_kind
def test_perfect_and_disjoint(measure, kind):
    target = torch.tensor([[[1, 1, 0, 0]]])
    scores = (target * 2.0 - 1) * 9
    assert measure(kind(), scores, target) == 1
    assert measure(kind(), -scores, target) == 0


def test_counts():
    scores, target = classes(num_classes=3)
    table = reference.confusion_matrix(
        target.flatten(), scores.argmax(1).flatten()
    )
    predicted, there, both = count_overlap(scores, target).tolist()
    assert predicted == table.sum(0).tolist()
    assert there == table.sum(1).tolist()
    assert both == table.diagonal().tolist()


@each_kind
def test_reset_forgets(measure, kind):
    metric = kind()
    measure(metric, *masks(seed=1))
    metric.reset()
    assert measure(metric, *classes()) == measure(kind(), *classes())


@pytest.mark.parametrize("stranger", [-1, 4, 255])
def test_class_numbers_without_an_output_are_named(measure, stranger):
    scores, target = classes()
    target[0, 0, :2] = stranger
    message = r"2 class numbers in the targets are outside \[0, 4\)"
    with pytest.raises(ValueError, match=message):
        measure(Dice(), scores, target)


def test_messages(measure):
    for threshold in (0.0, 1.0, math.nan, [0.5, 2.0]):
        with pytest.raises(ValueError, match="threshold is a probability"):
            Dice(threshold)
    with pytest.raises(ValueError, match="one of macro, micro, got 'mean'"):
        IoU(average="mean")
    with pytest.raises(ValueError, match=r"must be 0, 1 or nan, got 0\.5"):
        Dice(zero_division=0.5)
    with pytest.raises(RuntimeError, match="call update first"):
        Dice().compute()
    with pytest.raises(ValueError, match="give both one shape"):
        Dice().update(torch.ones(8, 2), torch.ones(8, 3))
    with pytest.raises(ValueError, match="expected prediction of shape"):
        Dice().update(torch.ones(8, 2, 5, 5), torch.zeros(8, 4, 4).long())
    with pytest.raises(ValueError, match=r"has 2 numbers, .* has 3 classes"):
        Dice([0.5, 0.5]).update(*masks())
    with pytest.raises(NotImplementedError, match=r"needs fraction\(\)"):
        measure(Overlap(), *masks())


def test_no_warning_where_a_fraction_is_undefined(measure):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert measure(IoU(), torch.full((4,), -9.0), torch.zeros(4)) == 0


@each_kind
@each_average
@pytest.mark.parametrize("void", [255, 3])
def test_void_is_left_out_as_if_it_was_not_there(measure, kind, average, void):
    scores, target = classes()
    target[target == 3] = 0
    scores[:, 3] = -100.0
    target[:, 2:4] = void
    judged = (target != void).flatten()
    expected = REFERENCES[kind](
        target.flatten()[judged],
        scores.argmax(1).flatten()[judged],
        average=average,
    )
    metric = kind(average=average, ignore_index=void)
    assert measure(metric, scores, target) == pytest.approx(expected)


@each_kind
def test_void_in_masks_of_yes_and_no(measure, kind):
    scores, target = masks()
    target[:, :, :2] = 255
    expected = measure(kind(), scores[:, :, 2:], target[:, :, 2:])
    metric = kind(ignore_index=255)
    assert measure(metric, scores, target) == pytest.approx(expected)


@each_kind
def test_all_void_is_nan(measure, kind):
    scores, target = classes()
    value = measure(kind(ignore_index=9), scores, torch.full_like(target, 9))
    assert math.isnan(value)
