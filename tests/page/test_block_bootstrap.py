import pytest
import torch

from sevenlessons.page.block_bootstrap import root_mean_difference


def noise(*shape, seed=0):
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def root(errors):
    return errors.double().square().mean(0).sqrt().mean()


def test_equals_a_loop_that_draws_blocks():
    first, second = noise(30), noise(30, 2, seed=1)
    blocks = [i % 7 for i in range(30)]
    drawn = torch.randint(
        7, (200, 7), generator=torch.Generator().manual_seed(5)
    )
    found = []
    for draw in drawn.tolist():
        one = torch.cat([first[block::7] for block in draw])
        two = torch.cat([second[block::7] for block in draw])
        found.append(root(two) - root(one))
    ends = torch.stack(found).quantile(
        torch.tensor([0.025, 0.975], dtype=torch.float64)
    )
    difference, low, high = root_mean_difference(
        first, second, blocks, resamples=200, seed=5
    )
    assert difference == pytest.approx(float(root(second) - root(first)))
    assert (low, high) == pytest.approx(tuple(ends.tolist()))


def test_covers_the_truth_as_often_as_promised():
    # each shop has its own spread; the second forecast is worse by 0.1
    hits = 0
    for seed in range(100):
        spread = 1 + noise(60, 1, seed=seed).abs()
        draws = noise(60, 10, seed=1000 + seed)
        first = (spread * draws).flatten()
        second = first + 0.5 * noise(600, seed=2000 + seed)
        truth = (1 + 2 * (2 / torch.pi) ** 0.5 + 1) ** 0.5
        truth = (truth**2 + 0.25) ** 0.5 - truth
        shops = [i // 10 for i in range(600)]
        _, low, high = root_mean_difference(
            first, second, shops, resamples=300
        )
        hits += low <= truth <= high
    assert 86 <= hits <= 100


def test_copies_in_a_block_are_no_new_evidence():
    first, second = noise(50), noise(50, seed=1)
    once = root_mean_difference(first, second, range(50))
    copied = root_mean_difference(
        first.repeat_interleave(4),
        second.repeat_interleave(4),
        [i // 4 for i in range(200)],
    )
    assert copied == pytest.approx(once)
    fooled = root_mean_difference(
        first.repeat_interleave(4), second.repeat_interleave(4), range(200)
    )
    assert fooled[2] - fooled[1] < 0.6 * (once[2] - once[1])


def test_the_same_forecast_has_no_difference_and_sides_change_the_sign():
    first, second = noise(40), noise(40, seed=1)
    blocks = [i % 8 for i in range(40)]
    assert root_mean_difference(first, first, blocks) == (0.0, 0.0, 0.0)
    there = root_mean_difference(first, second, blocks)
    back = root_mean_difference(second, first, blocks)
    assert back == pytest.approx((-there[0], -there[2], -there[1]))


def test_rows_may_be_other_ones_of_the_same_blocks():
    first, second = noise(30), noise(20, 2, seed=1)
    days, others = [i % 7 for i in range(30)], [i % 7 for i in range(20)]
    drawn = torch.randint(
        7, (200, 7), generator=torch.Generator().manual_seed(5)
    )
    found = [
        root(torch.cat([second[block::7] for block in draw]))
        - root(torch.cat([first[block::7] for block in draw]))
        for draw in drawn.tolist()
    ]
    ends = torch.stack(found).quantile(
        torch.tensor([0.025, 0.975], dtype=torch.float64)
    )
    difference, low, high = root_mean_difference(
        first, second, days, second_blocks=others, resamples=200, seed=5
    )
    assert difference == pytest.approx(float(root(second) - root(first)))
    assert (low, high) == pytest.approx(tuple(ends.tolist()))
    turned = torch.arange(29, -1, -1)  # the order of rows must not matter
    again = root_mean_difference(
        first, first[turned], days, second_blocks=days[::-1]
    )
    assert again == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)


def test_blocks_may_be_a_tensor():
    first, second = noise(40), noise(40, seed=1)
    blocks = torch.arange(40) % 8
    found = root_mean_difference(first, second, blocks)
    assert found == root_mean_difference(first, second, blocks.tolist())


@pytest.mark.parametrize(
    ("first", "second", "blocks", "settings", "words"),
    [
        (noise(4), noise(3), "aabb", {}, r"\(3,\) and 4 blocks"),
        (noise(4), noise(4), "aaaa", {}, "at least two blocks"),
        (
            noise(4),
            noise(4),
            [1, 1, float("nan"), None],
            {},
            "got 2 rows without one; leave",
        ),
        (noise(0), noise(0), "", {}, "0 blocks"),
        (
            noise(4),
            torch.tensor([1.0, torch.nan, 1.0, torch.inf]),
            "aabb",
            {},
            "2 that are not; leave out rows",
        ),
        (noise(4), noise(4), "aabb", {"second_blocks": "aaaa"}, "'b' in one"),
        (noise(4), noise(4), "aabb", {"second_blocks": "aab"}, "3 blocks"),
        (noise(4), noise(4), "aabb", {"confidence": 1.0}, "confidence"),
        (noise(4), noise(4), "aabb", {"resamples": 9}, "100 resamples"),
    ],
)
def test_refuses(first, second, blocks, settings, words):
    with pytest.raises(ValueError, match=words):
        root_mean_difference(first, second, blocks, **settings)
