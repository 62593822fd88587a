import itertools

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.parity.compare import deviation
from sevenlessons.parity.optimizer_steps import compare_steps
from sevenlessons.scratch.sgd import SGD

GRID = [
    {
        "lr": lr,
        "momentum": momentum,
        "dampening": 0.0 if nesterov else dampening,
        "weight_decay": decay,
        "nesterov": nesterov,
    }
    for (lr, decay), momentum, dampening, nesterov in itertools.product(
        ((0.05, 0.0), (0.02, 0.1)), (0.0, 0.5, 0.9), (0.0, 0.3), (False, True)
    )
    if not (nesterov and (momentum == 0 or dampening))
]


@pytest.mark.parametrize("options", GRID, ids=str)
def test_100_steps_equal_torch(options):
    pairs = compare_steps(
        SGD, torch.optim.SGD, {"": options}, torch.float64, seed=7
    )
    assert max(deviation(pair) for pair in pairs) < 1e-12


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5),
    st.floats(0, 0.99),
    st.booleans(),
)
def test_the_velocity_is_a_fading_sum(grads, momentum, nesterov):
    weight = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    nesterov = nesterov and momentum > 0
    optimizer = SGD([weight], lr=1.0, momentum=momentum, nesterov=nesterov)
    for grad in grads:
        weight.grad = torch.full_like(weight, grad)
        optimizer.step()
    n = len(grads)
    expected = 0.0  # each gradient works on in every later velocity
    for k, grad in enumerate(grads):
        later = range(n - k + (1 if nesterov else 0))
        expected -= grad * sum(momentum**j for j in later)
    assert weight.item() == pytest.approx(expected, rel=1e-9, abs=1e-6)


def test_without_momentum_a_huge_gradient_is_gone_after_its_step():
    weight = torch.zeros(1, requires_grad=True)
    optimizer = SGD([weight], lr=1e-38)
    for grad in (3e38, 0.0):
        weight.grad = torch.tensor([grad])
        optimizer.step()
    assert weight.item() == pytest.approx(-3.0)


@pytest.mark.parametrize(
    "options, words",
    [
        ({"momentum": 1.0}, r"momentum must lie in \[0, 1\).* got 1 and 0"),
        ({"momentum": -0.1}, "got -0.1 and 0"),
        ({"dampening": 1.5}, "got 0 and 1.5"),
        ({"nesterov": True}, "nesterov needs momentum above 0"),
        (
            {"nesterov": True, "momentum": 0.9, "dampening": 0.1},
            "got momentum=0.9 and dampening=0.1",
        ),
    ],
)
def test_messages(options, words):
    with pytest.raises(ValueError, match=words):
        SGD([torch.zeros(1)], **options)
