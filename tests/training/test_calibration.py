import pytest
import torch
from sklearn.calibration import calibration_curve

from sevenlessons.training.calibration import calibration


@pytest.mark.parametrize("bins", [1, 5, 10, 16])
@pytest.mark.parametrize("seed", range(4))
def test_equal_to_scikit_learn(seed, bins):
    generator = torch.Generator().manual_seed(seed)
    said = torch.rand(300, generator=generator, dtype=torch.float64)
    said[:20] = torch.linspace(0, 1, 20, dtype=torch.float64)
    said = said**2 if seed % 2 else said * 0.6  # uneven, with empty ranges
    target = (torch.rand(300, generator=generator) < said).long()
    happened, predicted = calibration_curve(target, said, n_bins=bins)
    ours = calibration(said, target, bins=bins)
    assert ours.happened.tolist() == pytest.approx(happened.tolist())
    assert ours.predicted.tolist() == pytest.approx(predicted.tolist())
    assert int(ours.counts.sum()) == 300


def test_the_error_is_weighted_by_rows():
    said = torch.tensor([0.2, 0.2, 0.2, 0.9])
    found = calibration(said, torch.tensor([0, 0, 0, 1]), bins=2)
    assert found.error == pytest.approx((3 * 0.2 + 0.1) / 4, abs=1e-6)
    sure = calibration(torch.tensor([0.0, 1.0]), torch.tensor([0, 1]))
    assert sure.error == 0 and sure.counts.tolist() == [1, 1]


@pytest.mark.parametrize(
    "said, target, bins, words",
    [
        ([0.5, 1.2], [0, 1], 10, r"in \[0, 1\], got 0.5 to 1.2; use softmax"),
        ([0.5, float("nan")], [0, 1], 10, r"in \[0, 1\]"),
        ([0.5], [0, 1], 10, "give both one shape"),
        ([], [], 10, "at least one row"),
        ([0.5, 0.1], [float("nan"), 1], 10, "1 for yes only, got nan"),
        ([0.5, 0.1], [2, 1], 10, "1 for yes only, got 2"),
        ([0.5], [1], 0, "bins must be at least 1, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused(said, target, bins, words):
    with pytest.raises(ValueError, match=words):
        calibration(torch.tensor(said), torch.tensor(target), bins=bins)


def test_what_it_makes_is_where_the_input_is():
    said, target = torch.rand(50), torch.randint(2, (50,))
    expected = calibration(said, target)
    with torch.device("meta"):  # where tensors go that name no device
        found = calibration(said, target)
    assert torch.equal(found.happened, expected.happened)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_cuda():
    said, target = torch.rand(50), torch.randint(2, (50,))
    found = calibration(said.cuda(), target.cuda())
    assert found.predicted.is_cuda
    expected = calibration(said, target)
    torch.testing.assert_close(found.predicted.cpu(), expected.predicted)
    assert found.error == pytest.approx(expected.error)
