import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.parity.compare import deviation
from sevenlessons.parity.optimizer_steps import compare_steps
from sevenlessons.scratch.adam import Adam

GRID = [
    {
        "lr": lr,
        "betas": betas,
        "eps": eps,
        "weight_decay": decay,
        "amsgrad": amsgrad,
    }
    for (lr, eps), betas, decay, amsgrad in itertools.product(
        ((0.01, 1e-8), (0.1, 0.1)),
        ((0.9, 0.999), (0.5, 0.8)),
        (0.0, 0.1),
        (False, True),
    )
]


@pytest.mark.parametrize("options", GRID, ids=str)
def test_100_steps_equal_torch(options):
    pairs = compare_steps(
        Adam, torch.optim.Adam, {"": options}, torch.float64, seed=7
    )
    assert max(deviation(pair) for pair in pairs) < 1e-11


@settings(max_examples=30, deadline=None)
@given(
    st.floats(1e-3, 1e6),
    st.sampled_from([-1, 1]),
    st.integers(1, 30),
    st.floats(0, 0.99),
    st.floats(0, 0.999),
)
def test_a_constant_gradient_moves_by_the_rate(size, sign, n, beta1, beta2):
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimizer = Adam([weight], lr=0.1, betas=(beta1, beta2))
    for _ in range(n):
        weight.grad = torch.full_like(weight, sign * size)
        optimizer.step()
    assert weight.item() == pytest.approx(-0.1 * n * sign, rel=1e-4)


def test_rebuilt_at_each_step_it_follows_the_sign():
    generator = torch.Generator().manual_seed(0)
    rebuilt = torch.zeros(50, dtype=torch.float64, requires_grad=True)
    sign = torch.zeros(50, dtype=torch.float64)
    for _ in range(20):
        grad = torch.randn(50, generator=generator, dtype=torch.float64)
        rebuilt.grad = grad + 0.1 * grad.sign()  # far above eps
        Adam([rebuilt], lr=0.01).step()
        sign -= 0.01 * rebuilt.grad.sign()
    torch.testing.assert_close(rebuilt.detach(), sign, atol=1e-6, rtol=0)


def test_hostile_gradients():
    weight = torch.zeros(3, requires_grad=True)
    optimizer = Adam([weight], lr=0.1)
    weight.grad = torch.tensor([1e15, -1e-15, 0.0])
    optimizer.step()
    assert weight.isfinite().all() and weight[2] == 0


@pytest.mark.parametrize(
    "options, words",
    [
        ({"betas": (0.9, 1.0)}, r"lie in \[0, 1\), got \(0.9, 1.0\)"),
        ({"betas": (-0.1, 0.9)}, r"got \(-0.1, 0.9\)"),
        ({"eps": -1}, "lr, eps and weight_decay must be 0 or more"),
    ],
)
def test_messages(options, words):
    with pytest.raises(ValueError, match=words):
        Adam([torch.zeros(1)], **options)
