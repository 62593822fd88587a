import pytest
import torch

from sevenlessons.vision.mask_baselines import (
    ColorLookup,
    baseline_answers,
    commonest_by_place,
    commonest_class,
)


def case(seed=0, n=6, k=4, void=None):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(0, 256, (n, 3, 5, 7), generator=generator).byte()
    masks = torch.randint(k, (n, 5, 7), generator=generator)
    if void is not None:
        masks[torch.rand(masks.shape, generator=generator) < 0.5] = void
    return images, masks


@pytest.mark.parametrize("void", [None, 1, 255])
def test_the_commonest_by_counting(void):
    _, masks = case(void=void)
    judged = [m for m in masks.flatten().tolist() if m != void]
    best = commonest_class(masks.byte(), 4, void)
    assert judged.count(best) == max(judged.count(k) for k in range(4))
    places = commonest_by_place(masks, 4, void)
    for row in range(5):
        for column in range(7):
            seen = [
                m for m in masks[:, row, column].tolist() if m != void
            ] or [best]
            answer = int(places[row, column])
            assert seen.count(answer) == max(map(seen.count, range(4)))


@pytest.mark.parametrize("void", [None, 1, 255])
def test_colors_by_counting(void):
    images, masks = case(void=void)
    lookup = ColorLookup(images, masks.byte(), 4, void, bins=2)
    answers = lookup(images)
    codes = (images > 127).long()
    codes = codes[:, 0] * 4 + codes[:, 1] * 2 + codes[:, 2]
    for code in codes.unique():
        (answer,) = answers[codes == code].unique().tolist()
        seen = [m for m in masks[codes == code].tolist() if m != void]
        assert seen.count(answer) == max(map(seen.count, range(4)))


def test_a_new_color_gets_the_commonest_class():
    images = torch.zeros(1, 3, 2, 2, dtype=torch.uint8)
    lookup = ColorLookup(images, torch.full((1, 2, 2), 3), 4)
    assert (lookup(images + 255) == 3).all()


def test_all_answers_have_the_shape_of_the_new_pictures():
    images, masks = case()
    answers = baseline_answers(images, masks, images[:2], 4)
    assert [a.shape for a in answers.values()] == [(2, 5, 7)] * 3


def test_refusals():
    images, masks = case()
    with pytest.raises(ValueError, match="all masks are void"):
        commonest_class(masks * 0, 4, void=0)
    with pytest.raises(ValueError, match=r"bins must be in \[1, 64\]"):
        ColorLookup(images, masks, 4, bins=0)


def test_a_number_that_is_no_class_does_not_count():
    assert commonest_class(torch.tensor([[[9, 9, -1, 1]]]), 2) == 1


def test_answers_take_a_byte_a_pixel():
    images = torch.zeros(3, 3, 4, 4, dtype=torch.uint8)
    masks = torch.ones(3, 4, 4, dtype=torch.uint8)
    for answer in baseline_answers(images, masks, images, 2).values():
        assert answer.dtype == torch.uint8 and answer.shape == masks.shape
    many = baseline_answers(images, masks, images, 300)
    assert all(answer.dtype == torch.int64 for answer in many.values())
