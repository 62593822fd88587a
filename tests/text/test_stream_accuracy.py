import pytest
import torch
from torch import nn

from sevenlessons.text.stream_accuracy import stream_accuracy, stream_hits


class Sum(nn.Module):
    """Says the sum of all words since the reset, modulo 7."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Dropout(0.5)
        self.state = 0
        self.resets = 0
        self.modes = set()

    def forward(self, numbers):
        self.modes.add(self.training)
        total = numbers.cumsum(1) + self.state
        self.state = total[:, -1:]
        return nn.functional.one_hot(total % 7, 7).float()

    def reset(self):
        self.resets += 1
        self.state = 0


def line(words=101, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 7, (words,), generator=generator)


def by_hand(tokens, streams):
    each = (len(tokens) - 1) // streams
    rows = []
    for k in range(streams):
        total, row = 0, []
        for i in range(k * each, (k + 1) * each):
            total = (total + int(tokens[i])) % 7
            row.append(total == int(tokens[i + 1]))
        rows.append(row)
    return torch.tensor(rows)


@pytest.mark.parametrize("streams", [1, 3, 8, 64])
@pytest.mark.parametrize("length", [1, 4, 1000])
def test_equals_a_loop_over_words(streams, length):
    tokens = line()
    hits = stream_hits(Sum(), tokens, streams=streams, length=length)
    assert torch.equal(hits, by_hand(tokens, streams))
    share = stream_accuracy(Sum(), tokens, streams=streams, length=length)
    assert share == pytest.approx(hits.double().mean().item())


def test_rows_belong_to_the_words_in_their_order():
    tokens = line(30)
    hits = stream_hits(Sum(), tokens, streams=4)
    assert hits.shape == (4, 7)
    targets = tokens[1:29].view(4, 7)
    assert torch.equal(hits[2], by_hand(tokens, 4)[2])
    assert targets.shape == hits.shape


def test_the_score_forgets_what_was_read_before():
    model = Sum()
    clean = stream_hits(model, line())
    model(torch.full((64, 3), 5))  # another text, as training leaves it
    assert torch.equal(stream_hits(model, line()), clean)
    assert model.state == 0 and model.resets == 4


def test_modes_come_back_even_after_an_error():
    model = Sum().train()
    model.inner.eval()
    stream_hits(model, line())
    assert model.modes == {False}
    assert model.training and not model.inner.training
    with pytest.raises(IndexError):
        model.forward = lambda _: [][0]
        stream_hits(model, line())
    assert model.training and not model.inner.training


def test_no_graph_is_kept():
    class Scores(Sum):
        def forward(self, numbers):
            assert not torch.is_grad_enabled()
            return super().forward(numbers)

    stream_hits(Scores(), line())
    assert torch.is_grad_enabled()


class Flat(Sum):
    def forward(self, numbers):
        return super().forward(numbers)[:, -1]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: stream_hits(nn.Identity(), line()), TypeError, "no method r"),
        (lambda: stream_hits(Sum(), [1, 2, 3]), TypeError, "int64, got list"),
        (
            lambda: stream_hits(Sum(), line().float()),
            TypeError,
            "got torch.float32",
        ),
        (
            lambda: stream_hits(Sum(), line().view(1, -1)),
            ValueError,
            r"one axis, got shape \(1, 101\)",
        ),
        (
            lambda: stream_hits(Sum(), line(5), streams=5),
            ValueError,
            "at least 6 words, got 5",
        ),
        (
            lambda: stream_hits(Flat(), line(), streams=4),
            ValueError,
            r"\(4, 25, V\), got \(4, 7\).*for each word read",
        ),
        (lambda: stream_hits(Sum(), line(), length=0), ValueError, "length"),
    ],
)
def test_what_makes_no_sense_is_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()
