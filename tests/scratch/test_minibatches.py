import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset

from sevenlessons.scratch.descent import gradient_descent, make_line
from sevenlessons.scratch.minibatches import minibatches, stochastic_descent

START = torch.tensor([-1.0, 1.0], dtype=torch.float64)


@given(st.integers(0, 60), st.integers(1, 70), st.integers(0, 99))
@settings(max_examples=40, deadline=None)
def test_each_row_comes_once_in_full_batches(n, batch_size, seed):
    generator = torch.Generator().manual_seed(seed)
    batches = list(minibatches(n, batch_size, generator))
    assert sorted(torch.cat(batches).tolist()) == list(range(n))
    assert all(len(b) == batch_size for b in batches[:-1])


def test_epochs_differ_and_a_seed_repeats():
    generator = torch.Generator().manual_seed(1)
    first, second = (torch.cat([*minibatches(50, 8, generator)]) for _ in "ab")
    again = torch.cat([*minibatches(50, 8, generator.manual_seed(1))])
    assert torch.equal(first, again) and not torch.equal(first, second)


def test_equals_torch_on_the_batches_of_its_loader():
    inputs, target = make_line(23)
    generator = torch.Generator().manual_seed(5)
    ours = stochastic_descent(
        inputs, target, START, lr=0.05, epochs=3, batch_size=4, seed=5
    )
    weights = START.clone().requires_grad_()
    optimizer = torch.optim.SGD([weights], lr=0.05)
    path = [START]
    for _ in range(3):
        for rows in minibatches(23, 4, generator):
            loader = DataLoader(TensorDataset(inputs, target), 4, sampler=rows)
            ((x, y),) = loader
            optimizer.zero_grad()
            torch.nn.functional.mse_loss(x @ weights, y).backward()
            optimizer.step()
            path.append(weights.detach().clone())
    # float64, 18 steps that may round 1e-16 each
    assert torch.allclose(ours, torch.stack(path), rtol=1e-12, atol=1e-14)


def test_one_batch_of_all_rows_is_gradient_descent():
    inputs, target = make_line(40)
    whole = gradient_descent(inputs, target, START, lr=0.2, steps=9)
    batch = stochastic_descent(
        inputs, target, START, lr=0.2, epochs=9, batch_size=40
    )
    # the rows are summed in another order
    assert torch.allclose(whole, batch, rtol=1e-12, atol=0)


def test_without_noise_it_finds_the_line():
    inputs, target = make_line(100, noise=0)
    path = stochastic_descent(
        inputs, target, START, lr=0.1, epochs=40, batch_size=10
    )
    assert path.shape == (401, 2)
    assert torch.allclose(path[-1], torch.tensor([3.0, 2.0]).double())


def test_messages():
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        list(minibatches(3, 0, torch.Generator()))
