import pytest
import torch
from torch import nn

from sevenlessons.tables.network import TabularNetwork, count_parameters
from sevenlessons.training.freezing import freeze_to

CODES = torch.tensor([[0, 9], [2, 1], [1, 4], [2, 2]])
NUMBERS = torch.randn(4, 2, generator=torch.Generator().manual_seed(0))


def test_written_out_it_is_the_same():
    network = TabularNetwork([3, 10], 2, 5, layers=[8, 6], seed=0)
    network(CODES, NUMBERS)  # moves the running statistics
    network.eval()
    first, second = network.embeddings.tables
    x = torch.cat(
        [first(CODES[:, 0]), second(CODES[:, 1]), network.normalize(NUMBERS)],
        dim=1,
    )
    one, _, two, _, three, _, four, _ = network.body
    x = two(one(x).relu())
    x = four(three(x).relu())
    assert torch.equal(network(CODES, NUMBERS), network.head(x))


@pytest.mark.parametrize("layers", [[], [7], [20, 10]])
@pytest.mark.parametrize("num_numbers", [0, 3])
def test_parameters_by_hand(layers, num_numbers):
    sizes, dims = [3, 10, 4], [2, 5, 3]
    network = TabularNetwork(sizes, num_numbers, 2, layers=layers, dims=dims)
    count = sum(n * d for n, d in zip(sizes, dims, strict=True))
    count += 2 * num_numbers
    width = sum(dims) + num_numbers
    for out in layers:
        count += width * out + out + 2 * out
        width = out
    count += width * 2 + 2
    assert count_parameters(network) == count
    network.embeddings.requires_grad_(False)
    frozen = sum(n * d for n, d in zip(sizes, dims, strict=True))
    assert count_parameters(network) == count - frozen


def test_a_seed_decides_the_weights_and_leaves_the_global_state():
    torch.manual_seed(5)
    before = torch.get_rng_state()
    one, two = (TabularNetwork([3, 4], 1, 2, seed=1) for _ in range(2))
    assert torch.equal(torch.get_rng_state(), before)
    for a, b in zip(one.parameters(), two.parameters(), strict=True):
        assert torch.equal(a, b)
    other = TabularNetwork([3, 4], 1, 2, seed=2)
    assert not torch.equal(one.head.weight, other.head.weight)
    TabularNetwork([3, 4], 1, 2)
    assert not torch.equal(torch.get_rng_state(), before)


def test_without_numbers():
    network = TabularNetwork([3, 10], 0, 1, layers=[4])
    assert network(CODES, torch.zeros(4, 0)).shape == (4, 1)


def test_all_of_it_learns_and_groups_hold_every_parameter_once():
    network = TabularNetwork([3, 10], 2, 2, layers=[8], dropout=0.1, seed=0)
    network(CODES, NUMBERS).sum().backward()
    assert all(p.grad is not None for p in network.parameters())
    groups = network.layer_groups()
    grouped = [id(p) for g in groups for p in g.parameters()]
    assert sorted(grouped) == sorted(id(p) for p in network.parameters())
    freeze_to(network, -1)
    assert count_parameters(network) == 8 * 2 + 2


def test_one_step_overfits_a_few_rows():
    network = TabularNetwork([3, 10], 2, 2, layers=[16], seed=0)
    target = torch.tensor([0, 1, 1, 0])
    optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
    for _ in range(80):
        loss = nn.functional.cross_entropy(network(CODES, NUMBERS), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.05


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: TabularNetwork([3], -1, 2), "got -1 and 2"),
        (lambda: TabularNetwork([3], 1, 0), "got 1 and 0"),
        (
            lambda: TabularNetwork([3, 10], 2, 2)(CODES, NUMBERS[:3]),
            r"shape \(4, 2\), got \(3, 2\); rows and columns must fit",
        ),
        (
            lambda: TabularNetwork([3, 10], 3, 2)(CODES, NUMBERS),
            r"shape \(4, 3\), got \(4, 2\)",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_range_keeps_the_scores_inside_and_changes_nothing_else():
    plain = TabularNetwork([3, 10], 2, 1, layers=[8], seed=0).eval()
    ends = TabularNetwork(
        [3, 10], 2, 1, layers=[8], output_range=(7.0, 11.0), seed=0
    ).eval()
    scores = plain(CODES, NUMBERS)
    expected = 7 + 4 * torch.sigmoid(scores)
    assert torch.allclose(ends(CODES, NUMBERS), expected)
    far = ends(CODES, 1e6 * NUMBERS)
    assert bool(((far >= 7) & (far <= 11)).all())


@pytest.mark.parametrize("ends", [None, (7.0, 11.0)])
def test_scores_begin_at_the_start(ends):
    network = TabularNetwork(
        [3, 10], 2, 1, layers=[8], output_range=ends, start=9.3, seed=0
    ).eval()
    nn.init.zeros_(network.head.weight)
    assert torch.allclose(network(CODES, NUMBERS), torch.tensor(9.3))


@pytest.mark.parametrize(
    ("ends", "start"), [((2.0, 1.0), None), ((1.0, 2.0), 2.5)]
)
def test_refuses_a_range_without_inside_and_a_start_outside(ends, start):
    with pytest.raises(ValueError, match="range"):
        TabularNetwork([3], 0, 1, output_range=ends, start=start)


@pytest.mark.parametrize("ends", [None, (7.0, 11.0)])
def test_refuses_a_start_that_is_no_number(ends):
    with pytest.raises(ValueError, match="finite number, got nan; is a targ"):
        TabularNetwork([3], 0, 1, output_range=ends, start=float("nan"))
