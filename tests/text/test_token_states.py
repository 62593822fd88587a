import pytest
import torch
from torch.overrides import TorchFunctionMode

from sevenlessons.text.token_states import StateLoader, TokenStates


def some_states(count=37, seed=0, longest=8):
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(1, longest + 1, (count,), generator=generator)
    values = torch.randn(int(lengths.sum()), 3, generator=generator)
    return TokenStates(values, lengths)


def test_a_batch_equals_the_texts_one_by_one():
    states = some_states()
    rows = [5, 0, 36, 5]
    x, real = states.batch(rows)
    for i, row in enumerate(rows):
        size = int(states.lengths[row])
        assert torch.equal(x[i, :size], states.text(row))
        assert not x[i, size:].any()
        assert real[i].tolist() == [t < size for t in range(x.shape[1])]


def test_filled_up_to_a_multiple():
    states = some_states()
    x, real = states.batch([5, 0], multiple=8)
    assert x.shape[1] == 8
    assert int(real.sum()) == int(states.lengths[[5, 0]].sum())


def test_chosen_texts_keep_their_states_and_the_order_asked_for():
    states = some_states()
    chosen = states.chosen([7, 2, 30])
    assert len(chosen) == 3
    for i, row in enumerate([7, 2, 30]):
        assert torch.equal(chosen.text(i), states.text(row))


def test_states_in_16_bits_come_as_32():
    states = some_states()
    half = TokenStates(states.values.half(), states.lengths)
    x, _ = half.batch([3, 4])
    assert x.dtype == torch.float32
    assert half.chosen([3]).values.dtype == torch.float16
    torch.testing.assert_close(
        x, states.batch([3, 4])[0], rtol=1e-3, atol=1e-3
    )


def test_all_texts_come_once_an_epoch_with_their_own_target():
    states = some_states()
    target = torch.arange(37)
    for shuffle in (False, True):
        loader = StateLoader(states, target, batch_size=4, shuffle=shuffle)
        batches = list(loader)
        assert len(batches) == len(loader) == 10
        seen = torch.cat([y for _, _, y in batches])
        assert seen.sort().values.tolist() == list(range(37))
        for x, real, y in batches:
            for row, kept, number in zip(x, real, y, strict=True):
                assert torch.equal(row[kept], states.text(int(number)))


def test_in_order_the_lengths_rise_and_order_says_which_is_which():
    states = some_states()
    loader = StateLoader(states, torch.arange(37), batch_size=4)
    seen = torch.cat([y for _, _, y in loader])
    assert torch.equal(seen, loader.order)
    assert bool((states.lengths[seen].diff() >= 0).all())


def test_shuffling_is_seeded_new_each_epoch_and_wastes_little():
    states = some_states(640, longest=60)

    def epochs(seed):
        loader = StateLoader(
            states,
            torch.arange(640),
            batch_size=8,
            shuffle=True,
            seed=seed,
        )
        return [torch.cat([y for _, _, y in loader]) for _ in range(2)]

    first, second = epochs(1)
    assert not torch.equal(first, second)
    assert torch.equal(first, epochs(1)[0])
    assert not torch.equal(first, epochs(2)[0])
    loader = StateLoader(states, torch.arange(640), batch_size=8, shuffle=True)
    places = sum(real.numel() for _, real, _ in loader)
    assert places < 1.35 * len(states.values)  # at random: 1.8


def test_a_number_of_batches_for_ragged_chunks():
    for count in (1, 7, 31, 32, 33, 64, 65, 100):
        loader = StateLoader(
            some_states(count), torch.zeros(count), batch_size=4, shuffle=True
        )
        assert len(list(loader)) == len(loader)


def test_bad_input_is_named():
    with pytest.raises(ValueError, match=r"expected values .* got \(3,\)"):
        TokenStates(torch.zeros(3), torch.tensor([3]))
    with pytest.raises(ValueError, match=r"add up to the rows .* got 4 and 3"):
        TokenStates(torch.zeros(3, 2), torch.tensor([1, 3]))
    with pytest.raises(ValueError, match="lengths must be at least 1"):
        TokenStates(torch.zeros(3, 2), torch.tensor([3, 0]))
    states = some_states(3)
    with pytest.raises(ValueError, match="got 3 texts and 2 targets"):
        StateLoader(states, torch.zeros(2))
    with pytest.raises(ValueError, match=r"batch_size must be .* got 0"):
        StateLoader(states, torch.zeros(3), batch_size=0)


class Counted(TorchFunctionMode):
    """How often lengths are added up."""

    count = 0

    def __torch_function__(self, func, types, args=(), kwargs=None):
        self.count += func.__name__ in ("sum", "cumsum")
        return func(*args, **(kwargs or {}))


def test_lengths_are_added_up_once_however_many_texts_are_asked_for():
    states = some_states()
    with Counted() as counted:
        for number in range(len(states)):
            states.text(number)
    assert counted.count <= 1
    assert torch.equal(states.text(-1), states.text(36))
