import pytest
import torch

from sevenlessons.generative.feature_checks import check_two_sets


@pytest.mark.parametrize(
    ("real", "made", "says"),
    [
        (torch.ones(4, 2, 2), torch.ones(4, 2), r"real .* \(4, 2, 2\)"),
        (torch.ones(4, 2), torch.ones(4), r"made .* \(4,\); flatten"),
        (torch.ones(2, 2), torch.ones(4, 2), "at least 3 real rows, got 2"),
        (torch.ones(4, 2), torch.ones(0, 2), "at least 3 made rows, got 0"),
        (torch.ones(4, 2), torch.full((4, 2), torch.nan), "not finite"),
        (torch.ones(4, 2), torch.ones(4, 3), "2 columns for real and 3"),
    ],
)
def test_says_what_is_wrong(real, made, says):
    with pytest.raises(ValueError, match=says):
        check_two_sets(real, made, at_least=3)


def test_lets_good_rows_pass():
    check_two_sets(torch.ones(3, 2), torch.zeros(5, 2), at_least=3)
