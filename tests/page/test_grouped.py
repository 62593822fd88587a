import pytest
import torch

from sevenlessons.page.grouped import grouped_bootstrap
from sevenlessons.page.intervals import bootstrap


def noise(*shape):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(0))


def test_single_samples_give_the_plain_bootstrap():
    values = noise(300)
    plain = bootstrap(values, seed=1)
    ours = grouped_bootstrap(values, range(300), seed=2)
    assert ours == pytest.approx(plain, abs=0.02)


def test_copies_in_a_group_are_no_new_evidence():
    values = noise(100)
    once = grouped_bootstrap(values, range(100))
    copied = grouped_bootstrap(
        values.repeat_interleave(4), [i // 4 for i in range(400)]
    )
    assert copied == pytest.approx(once)
    fooled = bootstrap(values.repeat_interleave(4))
    assert fooled[1] - fooled[0] < 0.6 * (once[1] - once[0])


@pytest.mark.parametrize("statistic", ["mean", "median"])
def test_equals_a_loop_that_draws_groups(statistic):
    values, groups = noise(30, 2), [i % 7 for i in range(30)]
    generator = torch.Generator().manual_seed(5)
    picks = torch.randint(7, (200, 7), generator=generator)
    found = []
    for draw in picks.tolist():
        drawn = torch.cat([values[group::7].flatten() for group in draw])
        found.append(getattr(drawn.double(), statistic)())
    expected = torch.stack(found).quantile(
        torch.tensor([0.025, 0.975], dtype=torch.float64)
    )
    ours = grouped_bootstrap(
        values, groups, statistic=statistic, resamples=200, seed=5
    )
    assert ours == pytest.approx(expected.tolist(), abs=1e-6)


@pytest.mark.parametrize(
    "change, words",
    [
        ({"groups": [1, 2]}, "a group for each sample"),
        ({"values": torch.tensor([1.0, float("nan"), 2.0])}, "finite"),
        ({"statistic": "mode"}, "'mean' or 'median'"),
        ({"confidence": 95}, r"in \(0, 1\)"),
        ({"resamples": 5}, "at least 100"),
    ],
)
def test_refuses(change, words):
    given = {"values": torch.ones(3), "groups": [1, 2, 3], **change}
    with pytest.raises(ValueError, match=words):
        grouped_bootstrap(given.pop("values"), given.pop("groups"), **given)
