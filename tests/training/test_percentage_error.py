import pytest
import torch

from sevenlessons.training.errors import RMSPE
from sevenlessons.training.percentage_error import LogRMSPE, rmspe_of_logs


def logs(seed, n=50):
    torch.manual_seed(seed)
    sold = 1000 + 9000 * torch.rand(n, 1, dtype=torch.float64)
    said = sold * (1 + 0.2 * torch.randn(n, 1).clamp(-2, 2))
    return said, sold


@pytest.mark.parametrize("seed", range(3))
def test_equals_the_error_of_the_exponentials(seed):
    said, sold = logs(seed)
    plain, ours = RMSPE(), LogRMSPE()
    for rows in (slice(0, 7), slice(7, 50)):
        plain.update(said[rows], sold[rows])
        ours.update(said[rows].log(), sold[rows].log())
    loss = rmspe_of_logs(said.log(), sold.log()).item()
    assert ours.compute() == pytest.approx(plain.compute())
    assert loss == pytest.approx(plain.compute())


def test_gradient():
    said, sold = logs(0)
    guess = said.log().requires_grad_()
    assert torch.autograd.gradcheck(rmspe_of_logs, (guess, sold.log()))


def test_right_answers_have_no_slope_and_no_nan():
    sold = torch.tensor([1.0, 2.0])
    guess = sold.clone().requires_grad_()
    loss = rmspe_of_logs(guess, sold)
    loss.backward()
    assert loss.item() < 1e-6
    assert guess.grad.tolist() == [0, 0]


def test_shapes_that_differ_are_refused():
    with pytest.raises(ValueError, match=r"shape \(2, 1\) but .* \(2,\)"):
        rmspe_of_logs(torch.ones(2, 1), torch.ones(2))
    with pytest.raises(ValueError, match="shape"):
        LogRMSPE().update(torch.ones(2, 1), torch.ones(2))
    with pytest.raises(ValueError, match="nothing to average"):
        rmspe_of_logs(torch.ones(0), torch.ones(0))
