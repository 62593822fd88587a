import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn
from torch.autograd import gradcheck
from torch.nn import functional

from sevenlessons.scratch.layer_norms import (
    GroupNorm,
    InstanceNorm,
    LayerNorm,
    group_norm,
    instance_norm,
    layer_norm,
    normalized,
)


def numbers(*shape, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=dtype)


def close(one, two):
    torch.testing.assert_close(one, two, rtol=0, atol=1e-10)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.integers(0, 4), max_size=2),
    st.lists(st.integers(1, 4), min_size=1, max_size=2),
)
def test_layer_norm_equals_torch(rows, ending):
    x = numbers(*rows, *ending) * 5 + 2
    weight, bias = numbers(*ending, seed=1), numbers(*ending, seed=2)
    close(
        layer_norm(x, ending, weight, bias),
        functional.layer_norm(x, ending, weight, bias),
    )
    close(layer_norm(x, ending), functional.layer_norm(x, ending))


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 4),
    st.integers(1, 3),
    st.integers(1, 3),
    st.lists(st.integers(1, 4), max_size=2),
)
def test_group_norm_equals_torch(rows, groups, size, places):
    channels = groups * size
    x = numbers(rows, channels, *places) * 5 + 2
    weight, bias = numbers(channels, seed=1), numbers(channels, seed=2)
    if x.numel() == groups:  # each number alone, and only one row
        for norm in (group_norm, functional.group_norm):
            with pytest.raises(ValueError, match="more than 1 value"):
                norm(x, groups)
        return
    close(
        group_norm(x, groups, weight, bias),
        functional.group_norm(x, groups, weight, bias),
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 3), st.integers(1, 3), st.integers(2, 5))
def test_instance_norm_equals_torch(rows, channels, places):
    x = numbers(rows, channels, places)
    close(instance_norm(x), functional.instance_norm(x))


def test_modules_start_as_torch_does():
    x = numbers(3, 6, 4)
    for ours, theirs in (
        (LayerNorm(4), nn.LayerNorm(4)),
        (LayerNorm((6, 4)), nn.LayerNorm((6, 4))),
        (GroupNorm(2, 6), nn.GroupNorm(2, 6)),
        (InstanceNorm(6), nn.InstanceNorm1d(6)),
        (InstanceNorm(6, affine=True), nn.InstanceNorm1d(6, affine=True)),
    ):
        close(ours.double()(x), theirs.double()(x))
        assert ours.state_dict().keys() == theirs.state_dict().keys()


def test_gradients():
    x = numbers(2, 4, 3).requires_grad_()
    scale = numbers(4, seed=1).requires_grad_()
    shift = numbers(4, seed=2).requires_grad_()
    assert gradcheck(lambda *a: group_norm(a[0], 2, *a[1:]), (x, scale, shift))
    assert gradcheck(instance_norm, (x, scale, shift))
    last = [numbers(3, seed=s).requires_grad_() for s in (3, 4)]
    assert gradcheck(lambda *a: layer_norm(a[0], [3], *a[1:]), (x, *last))


def test_group_norm_lies_between_the_two_others():
    x = numbers(2, 4, 5)
    close(group_norm(x, 4), instance_norm(x))
    close(group_norm(x, 1), layer_norm(x, [4, 5]))


def test_other_rows_do_not_matter():
    x = numbers(5, 4, 3)
    for norm in (LayerNorm(3), GroupNorm(2, 4), InstanceNorm(4)):
        norm = norm.double()
        close(norm(x)[:1], norm(x[:1]))


def test_a_constant_row_gives_zeros():
    assert not normalized(torch.full((2, 3), 1e4), [1]).any()


def test_an_empty_batch():
    assert group_norm(torch.empty(0, 4, 2), 2).shape == (0, 4, 2)
    assert layer_norm(torch.empty(0, 4), [4]).shape == (0, 4)


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match=r"\(..., 3\), got \(2, 4\)"):
        layer_norm(torch.empty(2, 4), [3])
    with pytest.raises(ValueError, match="divide the 4 channels, got 3"):
        group_norm(torch.empty(2, 4), 3)
    with pytest.raises(ValueError, match="divide the 4 channels, got 0"):
        group_norm(torch.empty(2, 4), 0)
    with pytest.raises(ValueError, match=r"\(N, C, ...\), got \(4,\)"):
        group_norm(torch.empty(4), 1)
    for shape in ((2, 4), (2, 4, 1), (2, 4, 1, 1)):
        with pytest.raises(ValueError, match="more than 1 place a channel"):
            instance_norm(torch.empty(shape))


def test_parameters_of_another_length_are_refused():
    x, one = torch.zeros(2, 4, 3), torch.ones(1)
    for norm, words in (
        (lambda: InstanceNorm(1, affine=True)(x), r"scale of shape \(4,\)"),
        (lambda: InstanceNorm(3, affine=True)(x), r"got \(3,\)"),
        (lambda: GroupNorm(2, 2)(x), r"scale of shape \(4,\)"),
        (lambda: group_norm(x, 2, None, one), r"shift of shape \(4,\)"),
        (lambda: instance_norm(x, one), r"scale of shape \(4,\)"),
        (lambda: layer_norm(x, [3], one), r"scale of shape \(3,\)"),
        (lambda: layer_norm(x, [4, 3], None, torch.ones(3)), r"\(4, 3\), one"),
    ):
        with pytest.raises(ValueError, match=words):
            norm()


def test_groups_are_checked_when_the_layer_is_made():
    with pytest.raises(ValueError, match="divide the 6 channels, got 4"):
        GroupNorm(4, 6)
    with pytest.raises(ValueError, match="divide the 6 channels, got 0"):
        GroupNorm(0, 6)


def test_a_number_alone_is_refused_as_in_torch():
    for layer in (GroupNorm(4, 4), nn.GroupNorm(4, 4)):
        with pytest.raises(ValueError, match="more than 1 value"):
            layer(torch.zeros(1, 4))
        assert not layer(torch.ones(2, 4)).any()
