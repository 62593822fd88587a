import pytest
import torch

from sevenlessons.tables.factor_network import EmbeddingNetwork

USERS, ITEMS = torch.tensor([0, 2, 2]), torch.tensor([3, 3, 0])


def test_equal_to_the_product_written_out():
    network = EmbeddingNetwork(3, 4, embedding_dim=5, hidden_size=6).eval()
    first, _, _, last = network.layers
    rows = torch.cat(
        [
            network.user_factors.weight[USERS],
            network.item_factors.weight[ITEMS],
        ],
        dim=1,
    )
    hidden = (rows @ first.weight.T + first.bias).clamp(min=0)
    scores = (hidden @ last.weight.T + last.bias)[:, 0]
    expected = 5.5 / (1 + torch.exp(-scores))
    torch.testing.assert_close(network(USERS, ITEMS), expected)


def test_dropout_acts_in_training_only():
    network = EmbeddingNetwork(3, 4, dropout=0.5)
    torch.nn.init.normal_(network.user_factors.weight)
    torch.manual_seed(0)
    first, second = network(USERS, ITEMS), network(USERS, ITEMS)
    assert not torch.equal(first, second)
    network.eval()
    assert torch.equal(network(USERS, ITEMS), network(USERS, ITEMS))


def test_the_seed_alone_sets_the_first_numbers():
    state = torch.random.get_rng_state()
    first = EmbeddingNetwork(3, 4, seed=1).state_dict()
    assert torch.equal(torch.random.get_rng_state(), state)
    second = EmbeddingNetwork(3, 4, seed=1).state_dict()
    third = EmbeddingNetwork(3, 4, seed=2).state_dict()
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert not any(torch.equal(first[name], third[name]) for name in first)


@pytest.mark.parametrize("bad", [-1, 7])
def test_ids_out_of_range_are_refused(bad):
    network = EmbeddingNetwork(3, 4)
    with pytest.raises(ValueError, match=rf"users .*\[0, 3\), got {bad}"):
        network(torch.tensor([0, bad]), torch.tensor([0, 1]))
    with pytest.raises(ValueError, match=rf"items .*\[0, 4\), got {bad}"):
        network(torch.tensor([0, 1]), torch.tensor([0, bad]))


@pytest.mark.parametrize("name", ["num_users", "embedding_dim", "hidden_size"])
def test_sizes_below_one_are_refused(name):
    sizes = {"num_users": 3, "num_items": 4} | {name: 0}
    with pytest.raises(ValueError, match=f"{name} must be at least 1, got 0"):
        EmbeddingNetwork(**sizes)
