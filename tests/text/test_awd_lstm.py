import copy
from dataclasses import astuple

import pytest
import torch
from torch import nn

from sevenlessons.text.awd_lstm import AWDLSTM, AWDDropouts, LanguageModel
from sevenlessons.training.freezing import freeze_to
from sevenlessons.training.learner import Learner
from sevenlessons.training.rates import parameter_groups, spread_lr

OFF = AWDDropouts().scaled(0)


def encoder(layers=2, dropouts=OFF, seed=0):
    return AWDLSTM(30, 6, 10, layers, dropouts=dropouts, seed=seed)


@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("training", [True, False])
def test_plain_parts_equal_torchs_layers(layers, training):
    ours = encoder(layers).train(training)
    numbers = torch.randint(30, (4, 9))
    x = nn.functional.embedding(numbers, ours.embedding.weight)
    for layer in ours.layers:
        x, _ = layer.lstm(x)
    assert torch.equal(ours(numbers), x)


def test_equals_one_lstm_of_two_layers():
    ours = AWDLSTM(30, 6, 6, 2, dropouts=OFF)
    reference = nn.LSTM(6, 6, num_layers=2, batch_first=True)
    reference.load_state_dict(
        {
            name.replace("l0", f"l{i}"): value
            for i, layer in enumerate(ours.layers)
            for name, value in layer.lstm.state_dict().items()
        }
    )
    numbers = torch.randint(30, (3, 7))
    expected, _ = reference(ours.embedding(numbers))
    torch.testing.assert_close(ours(numbers), expected)


@pytest.mark.parametrize("training", [True, False])
def test_state_is_carried(training):
    model = encoder().train(training)
    numbers = torch.randint(30, (4, 12))
    whole = model(numbers)
    model.reset()
    parts = torch.cat([model(part) for part in numbers.split(5, 1)], dim=1)
    torch.testing.assert_close(parts, whole)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("weight", [0.0, 0.3])
def test_state_is_carried_under_autocast(training, weight):
    model = encoder(dropouts=AWDDropouts(0, 0, 0, 0, weight)).train(training)
    numbers = torch.randint(30, (4, 12))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        first = model(numbers)
        carried = model._carried(torch.zeros(4, 12, 6))
        second = model(numbers)
    assert all(state is not None for state in carried)
    assert first.isfinite().all() and not torch.equal(first, second)
    assert model(numbers).dtype == torch.float32  # and out of it again


def test_chunks_under_autocast_equal_the_whole_nearly():
    model = encoder().eval()
    numbers = torch.randint(30, (4, 12))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        whole = model(numbers).float()
        model.reset()
        parts = [model(part).float() for part in numbers.split(5, 1)]
    torch.testing.assert_close(
        torch.cat(parts, dim=1), whole, atol=0.02, rtol=0.05
    )


def test_state_is_cut_from_its_graph():
    model = encoder()
    for _ in range(3):  # a second backward through one graph would raise
        model(torch.randint(30, (4, 5))).sum().backward()


def test_state_begins_anew():
    model = encoder().eval()
    numbers = torch.randint(30, (4, 5))
    first = model(numbers)
    assert not torch.equal(model(numbers), first)
    model.reset()
    assert torch.equal(model(numbers), first)
    model(numbers[:3])  # other rows
    assert torch.equal(model(numbers), first)
    model.train()(numbers)
    model.eval()
    assert torch.equal(model(numbers), first)
    model(numbers)
    model.training = False  # a flag that is set without train()
    model.training = True
    assert torch.equal(model(numbers), first)


def test_five_dropouts_are_where_they_belong():
    numbers = torch.randint(2, 30, (5, 8))
    quiet = encoder(dropouts=OFF)(numbers)
    for i in range(5):
        shares = [0.0] * 5
        shares[i] = 0.5
        torch.manual_seed(0)
        noisy = encoder(dropouts=AWDDropouts(*shares)).train()
        assert not torch.equal(noisy(numbers), quiet)
        noisy.eval()
        torch.testing.assert_close(noisy(numbers), quiet)


def test_scaled():
    assert astuple(AWDDropouts().scaled(2)) == (0.2, 0.3, 0.5, 0.04, 0.4)
    with pytest.raises(ValueError, match="must not be negative, got -1"):
        AWDDropouts().scaled(-1)


def test_weights_are_tied_and_saved_once():
    model = LanguageModel(encoder())
    numbers = torch.randint(30, (4, 5))
    scores = model(numbers)
    model.reset()
    outputs = model.encoder(numbers)
    expected = outputs @ model.encoder.embedding.weight.T
    torch.testing.assert_close(scores, expected)
    pointers = [value.data_ptr() for value in model.state_dict().values()]
    assert len(pointers) == len(set(pointers))
    names = [name for name, _ in model.named_parameters()]
    assert names.count("encoder.embedding.weight") == 1
    assert "head.bias" in names


def test_layer_groups_hold_every_parameter_once():
    model = LanguageModel(encoder())
    groups = model.layer_groups()
    held = [id(p) for group in groups for p in group.parameters()]
    assert len(groups) == 4
    assert sorted(held) == sorted(id(p) for p in model.parameters())
    lrs = spread_lr(1e-4, 1e-3, 4)
    torch.optim.AdamW(parameter_groups(model, lrs))  # refuses doubles
    freeze_to(model, -2)
    assert not model.encoder.embedding.weight.requires_grad
    assert model.head.bias.requires_grad


def test_padding_starts_at_zero():
    model = LanguageModel(encoder())
    assert not model.encoder.embedding.weight[1].any()


def test_seed_decides_and_touches_nothing_else():
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    first, again, other = encoder(), encoder(), encoder(seed=1)
    assert torch.equal(torch.rand(3), expected)
    for a, b in zip(first.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)
    assert not torch.equal(first.embedding.weight, other.embedding.weight)


def test_learns_a_cycle_of_words_with_the_learner():
    torch.manual_seed(0)
    stream = torch.arange(2, 12).repeat(33)
    inputs, targets = stream[:-2].view(4, -1), stream[1:-1].view(4, -1)
    batches = list(zip(inputs.split(8, 1), targets.split(8, 1), strict=True))
    model = LanguageModel(encoder(layers=1))

    def loss(scores, target):
        return nn.functional.cross_entropy(scores.mT, target)

    optimizer = torch.optim.Adam(model.parameters(), lr=0.05)
    learner = Learner(model, batches, batches, loss, optimizer)
    history = learner.fit(15)
    assert history.epochs[-1]["valid_loss"] < 0.3


def test_can_be_copied_between_batches():
    model = encoder()
    numbers = torch.randint(30, (4, 5))
    model(numbers)
    twin = copy.deepcopy(model)
    assert torch.equal(twin(numbers), model(numbers))


@pytest.mark.parametrize(
    ("numbers", "error", "words"),
    [
        (torch.zeros(2, 0).long(), ValueError, r"the one token 'xxbos'"),
        (torch.zeros(3).long(), ValueError, r"\(N, T\).*got shape \(3,\)"),
        (torch.zeros(2, 3), TypeError, r"whole numbers, got torch.float32"),
        (torch.tensor([[30]]), ValueError, r"in \[0, 30\), got 30"),
        (torch.tensor([[-1]]), ValueError, r"in \[0, 30\), got -1"),
    ],
)
def test_refuses_what_are_no_word_numbers(numbers, error, words):
    with pytest.raises(error, match=words):
        encoder()(numbers)


def test_refuses_sizes():
    with pytest.raises(ValueError, match="num_layers must be at least 1"):
        AWDLSTM(30, 6, 10, 0)
