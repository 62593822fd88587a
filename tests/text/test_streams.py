from itertools import pairwise

import pytest
import torch

from sevenlessons.text.streams import StreamLoader


def some_texts(seed=0, count=40, longest=12):
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(0, longest + 1, (count,), generator=generator)
    return [
        torch.randint(2, 90, (int(n),), generator=generator).tolist()
        for n in lengths
    ]


def brute_force(line, batch_size, length):
    """Batches word by word."""
    each = (len(line) - 1) // batch_size
    for start in range(0, each, length):
        width = min(length, each - start)
        rows = [
            [line[r * each + start + t] for t in range(width)]
            for r in range(batch_size)
        ]
        ahead = [
            [line[r * each + start + t + 1] for t in range(width)]
            for r in range(batch_size)
        ]
        yield torch.tensor(rows), torch.tensor(ahead)


@pytest.mark.parametrize("batch_size", [1, 2, 7, 40])
@pytest.mark.parametrize("length", [1, 5, 33, 1000])
def test_equal_to_brute_force(batch_size, length):
    texts = some_texts()
    line = [word for text in texts for word in text]
    loader = StreamLoader(texts, batch_size, length, shuffle=False)
    served = list(loader)
    expected = list(brute_force(line, batch_size, length))
    assert len(loader) == len(served) == len(expected)
    for (inputs, targets), (rows, ahead) in zip(served, expected, strict=True):
        assert torch.equal(inputs, rows) and torch.equal(targets, ahead)
        assert inputs.shape[0] == batch_size
        assert inputs.dtype == targets.dtype == torch.int64


def test_rows_go_on_and_targets_are_one_ahead():
    batches = list(StreamLoader(some_texts(), 4, 9, seed=3))
    for (_, before), (now, _) in pairwise(batches):
        assert torch.equal(before[:, -1], now[:, 0])
    inputs, targets = (
        torch.cat(side, 1) for side in zip(*batches, strict=True)
    )
    assert torch.equal(inputs[:, 1:], targets[:, :-1])
    assert torch.equal(inputs[1:, 0], targets[:-1, -1])


def test_an_epoch_shuffles_texts_and_keeps_their_words_in_order():
    texts = [[10 * n + i for i in range(n % 7)] for n in range(60)]
    loader = StreamLoader(texts, 1, 10_000, seed=1)
    total = sum(map(len, texts))
    lines = []
    for _ in range(2):
        ((inputs, targets),) = loader
        line = [*inputs[0].tolist(), int(targets[0, -1])]
        assert len(line) == total
        place = 0
        starts = {text[0]: text for text in texts if text}
        while place < total:
            text = starts.pop(line[place])
            assert line[place : place + len(text)] == text
            place += len(text)
        assert not starts
        lines.append(line)
    assert lines[0] != lines[1]


def test_the_seed_decides_and_global_state_is_left_alone():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    loaders = [StreamLoader(some_texts(), 3, 8, seed=s) for s in (2, 2, 3)]
    a, b, c = ([x for x, _ in loader] for loader in loaders)
    assert all(map(torch.equal, a, b))
    assert not all(map(torch.equal, a, c))
    assert torch.equal(torch.get_rng_state(), before)


def test_state_goes_on_exactly():
    loader = StreamLoader(some_texts(), 3, 8, seed=2)
    list(loader)
    state = loader.state_dict()
    expected = [inputs for inputs, _ in loader]
    again = StreamLoader(some_texts(), 3, 8, seed=9)
    again.load_state_dict(state)
    assert all(map(torch.equal, expected, [inputs for inputs, _ in again]))
    with pytest.raises(ValueError, match="the key 'generator', got the keys"):
        again.load_state_dict({})


def test_tensors_and_ranges_are_texts_too():
    loader = StreamLoader([range(4), torch.arange(4, 9)], 2, 9, shuffle=False)
    ((inputs, _),) = loader
    assert inputs.tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]


@pytest.mark.parametrize(
    ("texts", "error", "words"),
    [
        ([], ValueError, "need at least 3 words, got 0"),
        ([[], []], ValueError, "need at least 3 words, got 0"),
        ([[1, 2]], ValueError, "need at least 3 words, got 2"),
        (["a film"], TypeError, "text 0 is a string; cut it"),
        ([[1], ["a"]], TypeError, "text 1 must be a list of whole numbers"),
        ([[1.5, 2, 3]], TypeError, "text 0 must be a list of whole numbers"),
        ([[1, None, 3]], TypeError, "text 0 must be a list of whole numbers"),
        ([[1, 2, -1]], ValueError, "must not be negative, got -1"),
    ],
)
def test_bad_texts_are_refused(texts, error, words):
    with pytest.raises(error, match=words):
        StreamLoader(texts, 2, 3)


@pytest.mark.parametrize(
    ("batch_size", "length", "error", "words"),
    [
        (0, 3, ValueError, "batch_size must be at least 1, got 0"),
        (2.0, 3, TypeError, "batch_size must be a whole number"),
        (2, 0, ValueError, "length must be at least 1, got 0"),
        (2, True, TypeError, "length must be a whole number, got True"),
    ],
)
def test_bad_sizes_are_refused(batch_size, length, error, words):
    with pytest.raises(error, match=words):
        StreamLoader([range(30)], batch_size, length)
