"""The state is carried, cut and forgotten; three cells; bad settings."""

import pytest
import torch

from sevenlessons.text.recurrent_model import RecurrentModel

KINDS = ["rnn", "gru", "lstm"]


def words(*shape, seed=0, known=12):
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(1, known, shape, generator=generator)


@pytest.mark.parametrize("kind", KINDS)
def test_pieces_of_a_text_are_read_as_the_whole(kind):
    model = RecurrentModel(12, 8, kind=kind).eval()
    text = words(3, 10)
    whole = model(text)
    model.reset()
    parts = torch.cat([model(text[:, :4]), model(text[:, 4:])], dim=1)
    torch.testing.assert_close(parts, whole)


@pytest.mark.parametrize("kind", KINDS)
def test_reset_forgets_all(kind):
    model = RecurrentModel(12, 8, kind=kind).eval()
    first = model(words(3, 5))
    assert not torch.equal(model(words(3, 5)), first)
    model.reset()
    torch.testing.assert_close(model(words(3, 5)), first, rtol=0, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_gradient_reaches_the_batch_before(kind):
    model = RecurrentModel(12, 8, kind=kind)
    model(words(2, 4))
    model.zero_grad()
    other = words(2, 4) * 0 + 7
    model(other).sum().backward()
    rows = model.embedding.weight.grad.abs().sum(1).nonzero().flatten()
    assert rows.tolist() == [7]


def test_batch_norm_is_over_all_words_of_a_batch():
    model = RecurrentModel(12, 8, batch_norm=True)
    seen = []
    model.norm.register_forward_hook(lambda *call: seen.append(call[2]))
    assert model(words(4, 9)).shape == (4, 9, 12)
    zeros, ones = torch.zeros(8), torch.ones(8)
    torch.testing.assert_close(seen[0].mean(0), zeros, rtol=0, atol=1e-5)
    spread = seen[0].std(0, correction=0)
    torch.testing.assert_close(spread, ones, rtol=0, atol=1e-2)
    assert RecurrentModel(12, 8).norm is None


def test_other_streams_begin_anew():
    model = RecurrentModel(12, 8).eval()
    fresh = model(words(2, 5))
    model.reset()
    model(words(3, 5))
    torch.testing.assert_close(model(words(2, 5)), fresh, rtol=0, atol=0)


def test_tied_weights_are_one():
    tied = RecurrentModel(12, 8, tied=True)
    assert tied.head.weight is tied.embedding.weight
    count = sum(p.numel() for p in tied.parameters())
    free = sum(p.numel() for p in RecurrentModel(12, 8).parameters())
    assert free - count == 12 * 8


def test_parameters_are_three_to_four():
    def layers(kind):
        model = RecurrentModel(12, 8, kind=kind)
        return sum(p.numel() for p in model.layers.parameters())

    assert layers("rnn") * 3 == layers("gru")
    assert layers("rnn") * 4 == layers("lstm")


def test_hidden_words_are_not_read_in_training_alone():
    torch.manual_seed(0)
    model = RecurrentModel(12, 8, hide=0.99, hidden_word=0)
    text = words(4, 50)
    model(text).sum().backward()
    used = model.embedding.weight.grad.abs().sum(1) > 0
    assert used[0]
    model.eval()
    model.zero_grad()
    model.reset()
    model(text).sum().backward()
    assert model.embedding.weight.grad[0].abs().sum() == 0


def test_a_seed_gives_the_same_and_leaves_the_random_state():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, two = RecurrentModel(9, 4, seed=3), RecurrentModel(9, 4, seed=3)
    assert torch.equal(torch.get_rng_state(), before)
    for a, b in zip(one.parameters(), two.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(
        one.head.weight, RecurrentModel(9, 4, seed=4).head.weight
    )


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"kind": "elman"}, "kind must be one of"),
        ({"num_layers": 0}, "num_layers must be at least 1, got 0"),
        ({"hide": 1.0}, "hide must be a share"),
        ({"dropout": -0.1}, "share dropped"),
        ({"hidden_word": 12}, r"hidden_word must be in \[0, 12\), got 12"),
    ],
)
def test_bad_settings(settings, text):
    with pytest.raises(ValueError, match=text):
        RecurrentModel(12, 8, **settings)


def test_bad_numbers():
    model = RecurrentModel(12, 8)
    with pytest.raises(ValueError, match="at least one step, got shape"):
        model(torch.zeros(3, dtype=torch.int64))
    with pytest.raises(ValueError, match="at least one step"):
        model(torch.zeros(3, 0, dtype=torch.int64))
    with pytest.raises(TypeError, match=r"got torch\.float32"):
        model(torch.zeros(3, 2))
    with pytest.raises(ValueError, match=r"in \[0, 12\), got 0 to 12"):
        model(torch.tensor([[0, 12]]))
