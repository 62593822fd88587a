import pytest
import torch

from sevenlessons.training.dice_loss import DiceLoss
from sevenlessons.training.overlap import Dice


def case(seed=0, n=2, k=3):
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(n, k, 4, 5, generator=generator, dtype=torch.double)
    return scores, torch.randint(k, (n, 4, 5), generator=generator)


def formula(scores, target, void=None):
    """The mean over classes, with loops over classes and pixels."""
    shares = scores.softmax(1)
    parts = []
    for k in range(scores.shape[1]):
        both = size = present = 0.0
        for n, row, column in torch.cartesian_prod(
            *(torch.arange(s) for s in target.shape)
        ):
            truth = int(target[n, row, column])
            if truth == void:
                continue
            share = shares[n, k, row, column]
            both = both + share * (truth == k)
            size = size + share + (truth == k)
            present += truth == k
        if present:
            parts.append(2 * both / size)
    return 1 - sum(parts) / len(parts)


@pytest.mark.parametrize("void", [None, 2, 255])
@pytest.mark.parametrize("seed", range(3))
def test_value_and_gradient_equal_the_formula(seed, void):
    scores, target = case(seed)
    if void == 255:
        target[:, 0] = 255
    grads, losses = [], []
    for loss_fn in (DiceLoss(void), lambda s, t: formula(s, t, void)):
        leaf = scores.clone().requires_grad_()
        loss = loss_fn(leaf, target)
        loss.backward()
        losses.append(loss.item())
        grads.append(leaf.grad)
    assert losses[0] == pytest.approx(losses[1], rel=1e-12)
    torch.testing.assert_close(*grads)


def test_sure_answers_give_one_minus_the_dice_score():
    scores, target = case(1)
    sure = 1e4 * torch.nn.functional.one_hot(scores.argmax(1), 3)
    metric = Dice()
    sure = sure.movedim(-1, 1).double()
    metric.update(sure, target)
    loss = DiceLoss()(sure, target).item()
    assert loss == pytest.approx(1 - metric.compute(), abs=1e-12)


def test_void_is_worth_nothing():
    scores, target = case(2)
    target[:, :2] = 255
    other = scores.clone()
    other[:, :, :2] = torch.randn_like(other[:, :, :2])
    loss = DiceLoss(255)
    assert loss(scores, target) == loss(other, target)


def test_all_void_is_zero_with_a_gradient_of_zero():
    scores = torch.randn(1, 3, 2, 2, requires_grad=True)
    loss = DiceLoss(7)(scores, torch.full((1, 2, 2), 7))
    loss.backward()
    assert loss.item() == 0 and (scores.grad == 0).all()


def test_bytes_are_class_numbers_too():
    scores, target = case()
    assert DiceLoss()(scores, target.byte()) == DiceLoss()(scores, target)


def test_a_number_out_of_range_is_named():
    scores, target = case()
    target[0, 0, 0] = 9
    with pytest.raises(ValueError, match="from 0 to 9, expected 0 to 2"):
        DiceLoss()(scores, target)


def test_half_precision_holds_many_pixels():
    scores = torch.zeros(1, 2, 300, 300, dtype=torch.float16)
    target = torch.zeros(1, 300, 300, dtype=torch.long)
    target[:, 150:] = 1
    assert DiceLoss()(scores, target).item() == pytest.approx(0.5, abs=1e-3)
