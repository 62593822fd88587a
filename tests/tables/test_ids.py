import pytest
import torch

from sevenlessons.tables.ids import check_ids, look_up


def test_numbers_in_range_pass_and_none_at_all():
    check_ids(torch.tensor([0, 4, 4]), 5)
    check_ids(torch.zeros(0, dtype=torch.long), 5)


@pytest.mark.parametrize("number", [-1, 5, 10**6])
def test_a_number_out_of_range_is_named(number):
    with pytest.raises(ValueError, match=rf"in \[0, 5\), got {number}; num"):
        check_ids(torch.tensor([0, number]), 5)


def test_numbers_that_are_not_whole_are_refused():
    with pytest.raises(ValueError, match=r"users must be whole .*float32; c"):
        check_ids(torch.tensor([0.0]), 5, "users")


def test_rows_are_looked_up_and_missing_ones_named():
    table = torch.nn.Embedding(3, 2)
    ids = torch.tensor([2, 0])
    assert torch.equal(look_up(table, ids, "users"), table.weight[ids])
    with pytest.raises(ValueError, match=r"users .* \[0, 3\), got 3; number"):
        look_up(table, torch.tensor([0, 3]), "users")
