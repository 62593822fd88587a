import random

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader, RandomSampler, TensorDataset

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.randomness import (
    get_random_state,
    set_random_state,
)


def draw(*loaders):
    orders = [torch.cat([x for (x,) in loader]) for loader in loaders]
    global_ones = torch.tensor([random.random(), np.random.rand()])
    return torch.cat([torch.rand(2), global_ones, *orders])


def loaders():
    x = torch.arange(20)
    data = TensorDataset(x)
    own = torch.Generator().manual_seed(5)
    return [
        TensorLoader(x, batch_size=4, shuffle=True),
        DataLoader(data, 4, shuffle=True, generator=torch.Generator()),
        DataLoader(data, 4, sampler=RandomSampler(data, generator=own)),
        DataLoader(data, 4, shuffle=True),  # draws from the global one
    ]


def test_all_random_numbers_come_again():
    ours = loaders()
    draw(*ours)
    state = get_random_state(*ours)
    first = draw(*ours)
    draw(*ours)
    set_random_state(state, *ours)
    assert torch.equal(draw(*ours), first)


def test_a_new_loader_continues_the_order():
    ours, others = loaders(), loaders()
    draw(*ours)
    state = get_random_state(*ours)
    first = draw(*ours)
    set_random_state(state, *others)
    assert torch.equal(draw(*others), first)


def test_lists_and_none_have_no_generator():
    state = get_random_state([1, 2], None)
    assert state["loaders"] == [[], []]
    set_random_state(state, [1, 2], None)


def test_loaders_built_otherwise():
    state = get_random_state(*loaders())
    before = torch.get_rng_state()
    with pytest.raises(ValueError, match=r"have \[1, 0\] generators"):
        set_random_state(state, loaders()[0], None)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda():
    torch.zeros(1, device="cuda")
    state = get_random_state()
    first = torch.rand(3, device="cuda")
    set_random_state(state)
    assert torch.equal(torch.rand(3, device="cuda"), first)
