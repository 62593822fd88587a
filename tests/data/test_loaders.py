import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.utils.data import DataLoader, TensorDataset

from sevenlessons.data.loaders import TensorLoader, item_loader


class Squares:
    def __len__(self):
        return 7

    def __getitem__(self, i):
        return torch.tensor([float(i)]), i * i


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize("batch_size", [1, 3, 10])
def test_equals_the_dataloader_of_torch(batch_size, drop_last):
    x, y = torch.randn(10, 2), torch.arange(10)
    settings = {"batch_size": batch_size, "drop_last": drop_last}
    ours = TensorLoader(x, y, **settings)
    theirs = DataLoader(TensorDataset(x, y), **settings)
    assert len(ours) == len(theirs) == len(list(ours))
    for batch, expected in zip(ours, theirs, strict=True):
        torch.testing.assert_close(batch, tuple(expected), rtol=0, atol=0)


@given(
    samples=st.integers(1, 60),
    batch_size=st.integers(1, 70),
    seed=st.integers(0, 2**32),
)
def test_an_epoch_serves_every_row_once_with_its_target(
    samples, batch_size, seed
):
    x = torch.arange(samples)
    loader = TensorLoader(
        x, x * 10, batch_size=batch_size, shuffle=True, seed=seed
    )
    for _ in range(2):
        batches = list(loader)
        assert len(batches) == len(loader)
        assert all(len(inputs) <= batch_size for inputs, _ in batches)
        assert all(torch.equal(y, 10 * inputs) for inputs, y in batches)
        served = torch.cat([inputs for inputs, _ in batches])
        assert torch.equal(served.sort().values, x)


def test_each_epoch_has_a_new_order():
    loader = TensorLoader(torch.arange(50), shuffle=True)
    first, second = (torch.cat([x for (x,) in loader]) for _ in range(2))
    assert not torch.equal(first, second)


def test_same_seed_same_order_and_global_state_untouched():
    state = torch.get_rng_state()
    runs = [
        torch.cat([x for (x,) in TensorLoader(torch.arange(9), shuffle=True)])
        for _ in range(2)
    ]
    assert torch.equal(*runs)
    assert torch.equal(torch.get_rng_state(), state)


def test_unshuffled_batches_are_views():
    x = torch.arange(6)
    ((first,), _) = TensorLoader(x, batch_size=3)
    assert first.data_ptr() == x.data_ptr()


def add_noise(images, *, generator):
    return images + torch.rand(images.shape, generator=generator)


def test_a_transform_sees_the_inputs_only_and_is_seeded():
    x, y = torch.zeros(10, 3), torch.arange(10)
    runs = [
        list(TensorLoader(x, y, batch_size=4, transform=add_noise, seed=s))
        for s in (1, 1, 2)
    ]
    first, again, other = (torch.cat([b[0] for b in run]) for run in runs)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert torch.equal(torch.cat([b[1] for b in runs[0]]), y)
    assert x.abs().max() == 0  # the data itself are as they were


def test_a_transform_of_several_inputs_and_of_inputs_alone():
    def swap(a, b, *, generator):
        return b, a

    x, y = torch.zeros(2), torch.ones(2)
    ((first, second, target),) = TensorLoader(x, y, y, transform=swap)
    assert (first.sum(), second.sum(), target.sum()) == (2, 0, 2)
    ((alone,),) = TensorLoader(x, transform=add_noise)
    assert alone.abs().sum() > 0
    with pytest.raises(ValueError, match="took 2 inputs and returned 1"):
        list(TensorLoader(x, y, y, transform=lambda a, b, generator: a))


def test_a_paired_change_sees_inputs_and_target():
    def both(a, y, *, generator):
        more = torch.rand(len(y), generator=generator)
        return a + more[:, None], y + more

    def loader(**more):
        return TensorLoader(
            torch.zeros(10, 3), torch.zeros(10), batch_size=4, **more
        )

    for inputs, target in loader(paired=both):
        assert torch.equal(inputs[:, 0], target)
        assert target.min() > 0
    later = loader(paired=both, transform=lambda a, generator: a + 5)
    for inputs, target in later:
        assert torch.equal(inputs[:, 0], target + 5)
    with pytest.raises(ValueError, match="paired took 2 tensors and returned"):
        list(loader(paired=lambda a, y, generator: a))
    with pytest.raises(TypeError, match="paired must be a function of a batc"):
        loader(paired="flip")
    with pytest.raises(ValueError, match="there is no target; give both"):
        TensorLoader(torch.zeros(3), paired=both)


def test_the_state_goes_on_exactly_from_there():
    def loader():
        return TensorLoader(
            torch.zeros(9, 2), batch_size=4, shuffle=True, transform=add_noise
        )

    running = loader()
    list(running)
    state = running.state_dict()
    resumed = loader()
    resumed.load_state_dict(state)
    for (a,), (b,) in zip(running, resumed, strict=True):
        assert torch.equal(a, b)
    with pytest.raises(ValueError, match=r"'generator', got the keys \['x'\]"):
        resumed.load_state_dict({"x": torch.zeros(1)})


def test_messages_of_the_tensor_loader():
    two = torch.ones(2)
    with pytest.raises(ValueError, match=r"got lengths \[2, 3\]"):
        TensorLoader(two, torch.ones(3))
    with pytest.raises(ValueError, match="must be given"):
        TensorLoader()
    with pytest.raises(ValueError, match="at least 1, got 0"):
        TensorLoader(two, batch_size=0)
    with pytest.raises(TypeError, match=r"whole number, got 2\.5"):
        TensorLoader(two, batch_size=2.5)
    with pytest.raises(ValueError, match="no sample to serve"):
        TensorLoader(torch.ones(0, 3))
    with pytest.raises(TypeError, match="argument 1 must be a tensor, got nd"):
        TensorLoader(two, np.ones(2))
    with pytest.raises(ValueError, match="argument 0 is a single number"):
        TensorLoader(torch.tensor(1.0))
    with pytest.raises(ValueError, match="drop_last leaves no batch: 2 samp"):
        TensorLoader(two, batch_size=3, drop_last=True)
    with pytest.raises(TypeError, match="transform must be a function"):
        TensorLoader(two, transform="flip")
    with pytest.raises(ValueError, match="one device, got cpu, meta"):
        TensorLoader(two, torch.ones(2, device="meta"))


def test_items_come_as_tuples_in_order():
    batches = list(item_loader(Squares(), batch_size=3))
    assert all(isinstance(batch, tuple) for batch in batches)
    x, y = (torch.cat(part) for part in zip(*batches, strict=True))
    assert torch.equal(x[:, 0] ** 2, y.float())
    assert y.tolist() == [i * i for i in range(7)]


def test_items_are_shuffled_by_their_own_seed():
    def order(seed):
        loader = item_loader(Squares(), batch_size=2, shuffle=True, seed=seed)
        return torch.cat([y for _, y in loader]).tolist()

    state = torch.get_rng_state()
    assert order(3) == order(3) != order(4)
    assert sorted(order(3)) == [i * i for i in range(7)]
    assert torch.equal(torch.get_rng_state(), state)


def test_workers_serve_the_same():
    alone, helped = (
        [y.tolist() for _, y in item_loader(Squares(), num_workers=n)]
        for n in (0, 1)
    )
    assert alone == helped


def test_messages_of_the_item_loader():
    with pytest.raises(ValueError, match="no sample to serve"):
        item_loader([])
    with pytest.raises(TypeError, match="generator has none"):
        item_loader(i for i in range(3))
    with pytest.raises(ValueError, match="at least 1, got 0"):
        item_loader(Squares(), batch_size=0)
    with pytest.raises(ValueError, match="num_workers must be at least 0"):
        item_loader(Squares(), num_workers=-1)
