import pytest
import torch
from torch import nn
from torch.nn.functional import one_hot

from sevenlessons.tables.embeddings import (
    ColumnDropout,
    Embeddings,
    embedding_size,
)

SIZES = [3, 10, 2]
CODES = torch.tensor([[0, 9, 1], [2, 1, 0], [2, 2, 1]])


def test_a_look_up_is_a_one_hot_product_and_so_is_its_gradient():
    torch.manual_seed(0)
    embeddings = Embeddings(SIZES)
    found = embeddings(CODES)
    weights = [t.weight.detach().clone() for t in embeddings.tables]
    for weight in weights:
        weight.requires_grad_()
    parts = [
        one_hot(CODES[:, i], n).float() @ weights[i]
        for i, n in enumerate(SIZES)
    ]
    assert torch.equal(found, torch.cat(parts, dim=1))
    pull = torch.randn_like(found)
    (found * pull).sum().backward()
    (torch.cat(parts, dim=1) * pull).sum().backward()
    for table, weight in zip(embeddings.tables, weights, strict=True):
        torch.testing.assert_close(table.weight.grad, weight.grad)


def test_the_size_rule():
    assert [embedding_size(n) for n in (1, 2, 17, 43, 10**9)] == [
        *[2, 2, 8, 13, 600]
    ]
    assert Embeddings(SIZES).dims == [embedding_size(n) for n in SIZES]
    assert Embeddings(SIZES, [1, 2, 3]).dims == [1, 2, 3]


def test_first_numbers_are_small():
    weight = Embeddings([1000], [10]).tables[0].weight
    assert weight.abs().max() <= 0.02 and 0.006 < weight.std() < 0.012


def test_dropout_drops_whole_embeddings_and_keeps_the_mean():
    torch.manual_seed(0)
    dims = [2, 1, 3]
    dropout = ColumnDropout(0.25, dims)
    found = dropout(torch.ones(20_000, 6))
    for part in found.split(dims, dim=1):
        assert ((part == part[:, :1]).all(dim=1)).all()
    assert set(found.unique().tolist()) == {0.0, torch.tensor(4 / 3).item()}
    assert found.mean().item() == pytest.approx(1, abs=0.02)
    first, second, _ = (part[:, 0] for part in found.split(dims, dim=1))
    assert not torch.equal(first, second)  # each column by itself


def test_dropout_does_nothing_in_evaluation_or_at_0():
    x = torch.randn(4, 6)
    assert ColumnDropout(0.5, [2, 1, 3]).eval()(x) is x
    assert ColumnDropout(0.0, [2, 1, 3])(x) is x
    assert "p=0.5, columns=3" in repr(ColumnDropout(0.5, [2, 1, 3]))


def test_the_state_holds_the_tables_alone():
    assert len(Embeddings(SIZES, dropout=0.5).state_dict()) == len(SIZES)


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: embedding_size(0), "at least 1, got 0"),
        (lambda: ColumnDropout(1.0, [1]), r"in \[0, 1\), got 1.0"),
        (lambda: Embeddings([]), "sizes is empty"),
        (lambda: Embeddings([3], [1, 2]), "one dim of at least 1 for each"),
        (lambda: Embeddings([3], [0]), "one dim of at least 1 for each"),
        (lambda: Embeddings(SIZES)(CODES[:, :2]), r"got \(3, 2\)"),
        (lambda: Embeddings(SIZES)(CODES[0]), r"got \(3,\)"),
        (
            lambda: Embeddings(SIZES)(CODES + torch.tensor([0, 1, 0])),
            r"column 1 must be in \[0, 10\), got 2 to 10; prepare",
        ),
        (
            lambda: Embeddings(SIZES)(CODES - torch.tensor([1, 0, 0])),
            r"column 0 must be in \[0, 3\), got -1 to 1",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_it_is_a_module():
    assert isinstance(Embeddings(SIZES), nn.Module)


def test_the_size_rule_gives_the_sizes_of_the_course():
    # (values, numbers each) of the 24 columns of the full competition
    course = [
        (1116, 81), (8, 5), (4, 3), (13, 7), (32, 11), (3, 3), (26, 10),
        (27, 10), (5, 4), (4, 3), (4, 3), (24, 9), (9, 5), (13, 7), (53, 15),
        (22, 9), (7, 5), (7, 5), (4, 3), (4, 3), (9, 5), (9, 5), (3, 3),
        (3, 3),
    ]  # fmt: skip
    assert [(n, embedding_size(n)) for n, _ in course] == course
    assert sum(Embeddings([n for n, _ in course]).dims) == 217
