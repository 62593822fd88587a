import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd import gradcheck

from sevenlessons.scratch.batch_norm import BatchNorm, batch_norm, remember


def numbers(*shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=dtype)


@settings(max_examples=40, deadline=None)
@given(
    st.integers(2, 5),
    st.integers(1, 4),
    st.lists(st.integers(1, 4), max_size=2),
    st.sampled_from([0.0, 0.1, 1.0, None]),
    st.booleans(),
)
def test_equals_torch(rows, channels, places, momentum, affine):
    shape = (rows, channels, *places)
    kind = nn.BatchNorm2d if len(places) == 2 else nn.BatchNorm1d
    options = {"momentum": momentum, "affine": affine}
    ours = BatchNorm(channels, **options).double()
    theirs = kind(channels, **options).double()
    for seed in range(3):
        x = 3 * numbers(*shape, seed=seed) + 7
        torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-10)
    for name, buffer in theirs.named_buffers():
        torch.testing.assert_close(getattr(ours, name), buffer)
    ours.eval(), theirs.eval()
    torch.testing.assert_close(ours(x), theirs(x), rtol=0, atol=1e-10)


def test_gradient():
    inputs = [
        numbers(5, 3, 2),
        numbers(3, seed=1),
        numbers(3, seed=2).abs() + 0.1,
        numbers(3, seed=3),
        numbers(3, seed=4),
    ]
    assert gradcheck(batch_norm, [x.requires_grad_() for x in inputs])
    layer = BatchNorm(3, momentum=0.0).double()
    assert gradcheck(layer, [inputs[0]])


def test_a_constant_channel_gives_the_shift_and_no_nan():
    layer = BatchNorm(2)
    layer.bias.data.fill_(0.25)
    y = layer(torch.full((4, 2), 1e4))
    torch.testing.assert_close(y, torch.full((4, 2), 0.25))


def test_large_numbers():
    x = torch.tensor([[1e4, -1e4], [-1e4, 1e4], [0.0, 0.0]])
    torch.testing.assert_close(BatchNorm(2)(x), nn.BatchNorm1d(2)(x))


def test_the_memory_holds_the_unbiased_variance():
    layer = BatchNorm(1, momentum=1.0)
    layer(torch.tensor([[1.0], [3.0]]))
    assert layer.running_mean.item() == 2
    assert layer.running_var.item() == 2  # over n it would be 1


def test_no_momentum_is_the_mean_of_all_batches():
    memory = torch.zeros(1)
    for step, value in enumerate((3.0, 6.0, 0.0), 1):
        remember(memory, torch.tensor([value]), None, step)
    assert memory.item() == pytest.approx(3)


def test_predictions_do_not_depend_on_the_batch():
    layer = BatchNorm(3).double()
    layer(numbers(8, 3))
    before = {name: b.clone() for name, b in layer.named_buffers()}
    layer.eval()
    x = numbers(4, 3, seed=5)
    torch.testing.assert_close(layer(x)[:1], layer(x[:1]))
    for name, buffer in layer.named_buffers():
        assert torch.equal(buffer, before[name])


def test_an_empty_batch_may_be_predicted():
    assert BatchNorm(3).eval()(torch.empty(0, 3)).shape == (0, 3)


def test_bad_input_is_refused():
    layer = BatchNorm(3)
    for shape in ((1, 3), (0, 3), (1, 3, 1, 1)):
        with pytest.raises(ValueError, match="more than 1 value a channel"):
            layer(torch.empty(shape))
    with pytest.raises(ValueError, match=r"\(N, 3, ...\), got \(4, 2\)"):
        layer(torch.empty(4, 2))
    with pytest.raises(ValueError, match=r"got \(3,\)"):
        layer(torch.empty(3))
    with pytest.raises(ValueError, match="at least 1, got 0"):
        BatchNorm(0)
    with pytest.raises(ValueError, match=r"new batch .* got 1.5"):
        BatchNorm(3, momentum=1.5)


def test_says_what_it_is():
    assert repr(BatchNorm(3)) == "BatchNorm(3, momentum=0.1)"


def test_a_row_alone_is_refused_without_a_memory():
    for layer in (
        BatchNorm(3, track_running_stats=False).eval(),
        nn.BatchNorm1d(3, track_running_stats=False).eval(),
    ):
        with pytest.raises(ValueError, match="more than 1 value"):
            layer(torch.ones(1, 3))


def test_numbers_of_another_length_are_refused():
    x, one, three = torch.zeros(2, 3), torch.ones(1), torch.ones(3)
    for found, words in (
        ((x, one, three), r"\(2, 3\), \(1,\) and \(3,\)"),
        ((x, three, one), r"\(2, 3\), \(3,\) and \(1,\)"),
        ((three, three, three), r"got \(3,\), \(3,\)"),
        ((x, three, three, one), r"scale of shape \(3,\)"),
        ((x, three, three, None, one), r"shift of shape \(3,\)"),
    ):
        with pytest.raises(ValueError, match=words):
            batch_norm(*found)
