import itertools

import pytest
import torch

from sevenlessons.parity.compare import deviation
from sevenlessons.parity.optimizer_steps import compare_steps
from sevenlessons.scratch.rmsprop import RMSprop

GRID = [
    {
        "lr": 0.003,
        "alpha": alpha,
        "eps": eps,
        "weight_decay": decay,
        "momentum": momentum,
        "centered": centered,
    }
    for (alpha, eps), decay, momentum, centered in itertools.product(
        ((0.99, 1e-8), (0.9, 1e-3)), (0.0, 0.1), (0.0, 0.8), (False, True)
    )
]


@pytest.mark.parametrize("options", GRID, ids=str)
def test_100_steps_equal_torch(options):
    pairs = compare_steps(
        RMSprop, torch.optim.RMSprop, {"": options}, torch.float64, seed=7
    )
    assert max(deviation(pair) for pair in pairs) < 1e-11


def test_the_scale_of_the_gradients_does_not_matter():
    weight = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    optimizer = RMSprop([weight], lr=0.01)
    generator = torch.Generator().manual_seed(0)
    scale = torch.tensor([1.0, 1e4, 1e-4], dtype=torch.float64)
    for _ in range(20):
        drawn = torch.randn(1, generator=generator, dtype=torch.float64)
        weight.grad = drawn * scale
        optimizer.step()
    first, *others = weight.tolist()
    assert others == pytest.approx([first, first], rel=1e-2)


def test_the_first_step_is_long():
    weight = torch.zeros(2, requires_grad=True)
    weight.grad = torch.tensor([5.0, -0.5])
    RMSprop([weight], lr=0.01, alpha=0.96).step()
    torch.testing.assert_close(weight.detach(), torch.tensor([-0.05, 0.05]))


@pytest.mark.parametrize(
    "options, words",
    [
        ({"alpha": 1.0}, r"alpha and momentum must lie in \[0, 1\), got 1"),
        ({"momentum": 1.5}, "got 0.99 and 1.5"),
        ({"eps": -1e-8}, "eps and weight_decay must be 0 or more"),
    ],
)
def test_messages(options, words):
    with pytest.raises(ValueError, match=words):
        RMSprop([torch.zeros(1)], **options)
