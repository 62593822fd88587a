import pytest
import torch

from sevenlessons.training.shapes import (
    check_class_shapes,
    check_same_shape,
    check_zeros_and_ones,
)


def test_what_fits_passes():
    check_same_shape(torch.ones(2, 3), torch.ones(2, 3))
    check_class_shapes(torch.ones(2, 3), torch.zeros(2).long())
    check_class_shapes(torch.ones(2, 3, 4, 5), torch.zeros(2, 4, 5).long())


def test_a_target_that_would_be_broadcast():
    message = r"shape \(8, 1\) but target has shape \(8,\); .*squeeze\(1\)"
    with pytest.raises(ValueError, match=message):
        check_same_shape(torch.ones(8, 1), torch.ones(8))


@pytest.mark.parametrize(
    ("prediction", "target", "remedy"),
    [
        ((8, 5), (8, 5), r"target.argmax\(dim=1\)"),
        ((8, 5), (7,), "classes of prediction go along dim 1"),
        ((8, 6, 5), (8, 6), "classes of prediction go along dim 1"),
        ((8,), (8,), r"got \(8,\) and \(8,\)"),
        ((8, 1), (8,), "one score a sample.*multilabel_accuracy"),
    ],
)
def test_scores_and_classes_that_do_not_fit(prediction, target, remedy):
    with pytest.raises(ValueError, match=remedy):
        check_class_shapes(torch.ones(prediction), torch.zeros(target).long())


def test_classes_must_be_whole_numbers():
    with pytest.raises(TypeError, match=r"got torch.float32; use target.long"):
        check_class_shapes(torch.ones(8, 5), torch.zeros(8))


@pytest.mark.parametrize("wrong", [float("nan"), 7.0, -1.0, 0.5])
def test_only_zeros_and_ones(wrong):
    with pytest.raises(ValueError, match=f"1 for yes only, got {wrong:g}; le"):
        check_zeros_and_ones(torch.tensor([0, 1, wrong]))
    for kind in (torch.bool, torch.int64, torch.float64):
        check_zeros_and_ones(torch.tensor([0, 1]).to(kind))
