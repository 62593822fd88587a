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
