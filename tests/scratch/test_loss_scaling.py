import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from sevenlessons.scratch.loss_scaling import LossScaler


def their_scales(bad, interval, growth, backoff):
    """Return torch's scale after each step; `bad` says which overflow."""
    weight = nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    scaler = torch.amp.GradScaler(
        "cpu",
        init_scale=1024.0,
        growth_interval=interval,
        growth_factor=growth,
        backoff_factor=backoff,
    )
    scales = []
    for overflow in bad:
        weight.grad = torch.tensor([float("inf") if overflow else 1.0])
        scaler.scale(torch.zeros(()))
        scaler.unscale_(optimizer)
        scaler.step(optimizer)
        scaler.update()
        scales.append(scaler.get_scale())
    return scales


@settings(deadline=None)  # machines differ
@given(
    st.lists(st.booleans(), min_size=1, max_size=40),
    st.integers(1, 5),
    st.sampled_from([2.0, 1.5]),
    st.sampled_from([0.5, 0.25]),
)
def test_the_same_scales_as_torch(bad, interval, growth, backoff):
    scaler = LossScaler(
        1024.0, growth=growth, backoff=backoff, interval=interval
    )
    ours = []
    for overflow in bad:
        gradient = torch.tensor([float("inf") if overflow else 1.0])
        scaler.update(scaler.unscale([gradient]))
        ours.append(scaler.scale)
    theirs = their_scales(bad, interval, growth, backoff)
    assert ours == pytest.approx(theirs, rel=1e-5)  # torch's is float32
    assert scaler.skipped == sum(bad)


def test_the_same_weights_as_without_a_scale():
    inputs, target = torch.randn(8, 3), torch.randn(8, 1)
    model = nn.Linear(3, 1)
    loss = nn.functional.mse_loss(model(inputs), target)
    plain = torch.autograd.grad(loss, model.parameters(), retain_graph=True)
    scaler = LossScaler(2.0**12)
    scaler.scaled(loss).backward()
    gradients = [p.grad for p in model.parameters()]
    assert scaler.unscale(gradients)
    for ours, expected in zip(gradients, plain, strict=True):
        assert torch.equal(ours, expected)  # powers of two lose nothing


@pytest.mark.parametrize("odd", [float("inf"), float("-inf"), float("nan")])
def test_one_bad_number_is_enough(odd):
    gradients = [torch.ones(3), torch.tensor([1.0, odd]), torch.ones(2)]
    assert not LossScaler().unscale(gradients)
    assert gradients[2][0] == 2.0**-16  # all are divided all the same


def test_small_gradients_survive_float16():
    small = torch.tensor(1e-8)
    assert small.half() == 0
    scaler = LossScaler()
    kept = scaler.scaled(small).half().float()
    scaler.unscale([kept])
    assert abs(kept / small - 1) < 2**-10


@pytest.mark.parametrize(
    "options, words",
    [
        ({"scale": 0.0}, "scale must be positive, got 0.0"),
        ({"scale": float("inf")}, "scale must be positive, got inf"),
        ({"growth": 1.0}, "growth must be above 1"),
        ({"backoff": 1.0}, r"backoff in \(0, 1\), got 2.0 and 1.0"),
        ({"interval": 0}, "interval must be at least 1, got 0"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(options, words):
    with pytest.raises(ValueError, match=words):
        LossScaler(**options)
