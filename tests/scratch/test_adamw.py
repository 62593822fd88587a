import pytest
import torch
from torch import nn

from sevenlessons.scratch.adam import Adam
from sevenlessons.scratch.adamw import AdamW


def net():
    torch.manual_seed(0)
    layers = nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 3)
    return nn.Sequential(*layers).double()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"lr": 0.1, "weight_decay": 0.0},
        {"lr": 0.03, "betas": (0.5, 0.9), "weight_decay": 0.3},
        {"eps": 0.1},
        {"betas": (0.0, 0.0)},
        {"lr": 0.1, "amsgrad": True},
    ],
)
def test_equals_torch_step_by_step(options):
    ours, theirs = net(), net()
    one = AdamW(ours.parameters(), **options)
    two = torch.optim.AdamW(theirs.parameters(), **options)
    generator = torch.Generator().manual_seed(1)
    for _ in range(50):
        x = torch.randn(8, 5, generator=generator, dtype=torch.float64)
        y = torch.randint(3, (8,), generator=generator)
        for model, optimizer in ((ours, one), (theirs, two)):
            loss = nn.functional.cross_entropy(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)


def test_the_first_step_is_as_long_as_the_rate_whatever_the_gradient():
    weight = torch.ones(3, requires_grad=True)
    optimizer = AdamW([weight], lr=0.1, weight_decay=0)
    weight.grad = torch.tensor([1e-3, -5.0, 1e4])
    optimizer.step()
    torch.testing.assert_close(
        weight.detach(), torch.tensor([0.9, 1.1, 0.9]), atol=1e-5, rtol=0
    )


def test_what_has_no_gradient_stays():
    ours, theirs = net(), net()
    for model in (ours, theirs):
        model[0].requires_grad_(False)
        model(torch.ones(2, 5).double()).sum().backward()
    AdamW(ours.parameters()).step()
    torch.optim.AdamW(theirs.parameters()).step()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        torch.testing.assert_close(a, b)
    assert torch.equal(ours[0].weight, net()[0].weight)


def test_zero_grad_forgets():
    model = net()
    optimizer = AdamW(model.parameters())
    model(torch.ones(2, 5).double()).sum().backward()
    optimizer.zero_grad()
    assert all(p.grad is None for p in model.parameters())


@pytest.mark.parametrize(
    "options, words",
    [
        ({"lr": -1}, "got -1, 1e-08 and 0.01"),
        ({"weight_decay": -0.5}, "0 or more"),
        ({"betas": (0.9, 1.0)}, r"lie in \[0, 1\), got \(0.9, 1.0\)"),
    ],
)
def test_numbers_out_of_range_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        AdamW(net().parameters(), **options)


def test_no_parameter_is_refused():
    used = net().parameters()
    list(used)
    with pytest.raises(ValueError, match="params is empty"):
        AdamW(used)


def test_a_gradient_that_comes_late_counts_its_own_steps():
    ours, theirs = net(), net()
    one, two = AdamW(ours.parameters()), torch.optim.AdamW(theirs.parameters())
    for step in range(6):
        for model, optimizer in ((ours, one), (theirs, two)):
            model[0].requires_grad_(step >= 3)
            optimizer.zero_grad()
            model(torch.ones(2, 5).double()).square().sum().backward()
            optimizer.step()
        for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(a, b, rtol=1e-12, atol=1e-14)
    assert one.steps == [3, 3, 6, 6]


def test_the_rule_is_adams():
    weights = [torch.ones(3, requires_grad=True) for _ in range(2)]
    one = AdamW([weights[0]], lr=0.1, weight_decay=0.0)
    two = Adam([weights[1]], lr=0.1)
    assert isinstance(one, Adam)
    for grad in ([1.0, -3.0, 0.1], [2.0, 0.0, -0.1]):
        for p, optimizer in zip(weights, (one, two), strict=True):
            p.grad = torch.tensor(grad)
            optimizer.step()
    assert torch.equal(*weights)
