import pytest
import torch

from sevenlessons.generative.collapse import spread_ratio, twin_share


@pytest.fixture
def real():
    return torch.randn(200, 6, generator=torch.Generator().manual_seed(1))


def test_reality_is_as_wide_as_itself_wherever_it_lies(real):
    assert spread_ratio(real, real) == pytest.approx(1)
    assert spread_ratio(real, real + 50) == pytest.approx(1)
    assert spread_ratio(real, 3 * real) == pytest.approx(3)


def test_one_answer_has_no_spread_and_only_twins(real):
    made = real[:1].repeat(50, 1)
    assert spread_ratio(real, made) == pytest.approx(0)
    assert twin_share(real, made) == 1


def test_few_answers_are_wide_but_twins(real):
    made = real[:5].repeat(20, 1)
    made = made + 0.001 * torch.randn_like(made)
    assert spread_ratio(real, made) > 0.6
    assert twin_share(real, made) == 1
    assert twin_share(real[:100], real[100:]) < 0.05


def test_refuses_what_cannot_be_compared(real):
    with pytest.raises(ValueError, match="expected at least 2 made rows"):
        spread_ratio(real, real[:1])
    with pytest.raises(ValueError, match="one row many times"):
        spread_ratio(torch.ones(3, 2), torch.rand(3, 2))
    with pytest.raises(ValueError, match="between 0 and 1, got 1"):
        twin_share(real, real, share=1)
