import pytest
import torch
from torch.nn.functional import binary_cross_entropy as torchs
from torch.nn.functional import binary_cross_entropy_with_logits

from sevenlessons.scratch.losses import (
    bce_gradient,
    bce_with_logits,
    binary_cross_entropy,
    sigmoid,
)


def numbers(*shape, seed=0, scale=3.0):
    generator = torch.Generator().manual_seed(seed)
    return scale * torch.randn(
        *shape, generator=generator, dtype=torch.float64
    )


@pytest.mark.parametrize("shape", [(5,), (4, 7), (2, 3, 4)])
def test_forward_and_backward_are_torchs(shape):
    logits = numbers(*shape).requires_grad_()
    target = (numbers(*shape, seed=1) > 0).double()
    theirs = binary_cross_entropy_with_logits(logits, target)
    ours = bce_with_logits(logits, target)
    assert abs(ours - theirs) < 1e-12
    (expected,) = torch.autograd.grad(theirs, logits)
    (found,) = torch.autograd.grad(ours, logits)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    by_hand = bce_gradient(logits.detach(), target)
    torch.testing.assert_close(by_hand, expected, rtol=0, atol=1e-12)


def test_soft_truth_is_torchs_too():
    logits, target = numbers(20), torch.linspace(0, 1, 20).double()
    theirs = binary_cross_entropy_with_logits(logits, target)
    assert abs(bce_with_logits(logits, target) - theirs) < 1e-12


@pytest.mark.parametrize("size", [50.0, 200.0, 1e4, 1e30])
def test_large_scores_stay_finite(size):
    logits = torch.tensor([size, -size, size, -size])
    target = torch.tensor([1.0, 0.0, 0.0, 1.0])
    loss = bce_with_logits(logits, target)
    assert loss.item() == pytest.approx(size / 2, rel=1e-6)
    gradient = bce_gradient(logits, target).tolist()
    assert gradient == pytest.approx([0, 0, 0.25, -0.25])


def test_a_tiny_loss_is_not_rounded_away():
    sure = bce_with_logits(torch.tensor([40.0]), torch.tensor([1.0]))
    assert sure.item() == pytest.approx(4.248e-18, rel=1e-3)


def test_the_sigmoid_is_torchs():
    logits = torch.cat([numbers(100, scale=20), torch.zeros(1).double()])
    torch.testing.assert_close(sigmoid(logits), logits.sigmoid())
    ends = sigmoid(torch.tensor([-1e9, 1e9]))
    assert ends.tolist() == [0, 1]


def test_bad_input():
    for function in (bce_with_logits, bce_gradient):
        with pytest.raises(ValueError, match=r"one shape, not empty"):
            function(torch.zeros(3), torch.zeros(3, 1))
        with pytest.raises(ValueError, match=r"\[0, 1\]: 1 for yes"):
            function(torch.zeros(2), torch.tensor([0.0, 2.0]))


@pytest.mark.parametrize("truth", [[1.0], [0.0], [1.0, 0.0, 1.0]])
def test_the_gradient_at_a_score_of_exactly_0_is_torchs(truth):
    target = torch.tensor(truth, dtype=torch.float64)
    logits = torch.tensor([0.0, 1.0, -2.0][: len(truth)]).double()
    logits.requires_grad_()
    theirs = binary_cross_entropy_with_logits(logits, target)
    ours = bce_with_logits(logits, target)
    (expected,) = torch.autograd.grad(theirs, logits)
    (found,) = torch.autograd.grad(ours, logits)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)
    (slope,) = torch.autograd.grad(sigmoid(logits).sum(), logits)
    (known,) = torch.autograd.grad(torch.sigmoid(logits).sum(), logits)
    torch.testing.assert_close(slope, known, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_of_probabilities_also_at_their_ends(dtype):
    one = torch.tensor([0, 1, 0, 1, 0.3, 0.9, 1e-20, 0.5], dtype=dtype)
    target = torch.tensor([0, 1, 1, 0, 1, 0.2, 1, 0], dtype=dtype)
    ours, theirs = one.clone().requires_grad_(), one.clone().requires_grad_()
    mine, other = binary_cross_entropy(ours, target), torchs(theirs, target)
    torch.testing.assert_close(mine, other)
    mine.backward()
    other.backward()
    torch.testing.assert_close(ours.grad, theirs.grad)


def test_of_probabilities_by_finite_differences():
    p = sigmoid(numbers(3, 4)).requires_grad_()
    target = sigmoid(numbers(3, 4, seed=1))
    assert torch.autograd.gradcheck(binary_cross_entropy, (p, target))
    logits = numbers(5)
    truth = torch.tensor([0.0, 1, 1, 0, 1]).double()
    torch.testing.assert_close(
        binary_cross_entropy(sigmoid(logits), truth),
        bce_with_logits(logits, truth),
    )


def test_scores_are_no_probabilities():
    with pytest.raises(ValueError, match=r"got -1 to 2; scores go into bce_w"):
        binary_cross_entropy(torch.tensor([-1.0, 2.0]), torch.zeros(2))
