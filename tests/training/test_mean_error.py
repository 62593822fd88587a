import pytest
import torch

from sevenlessons.training.mean_error import MeanError


class Late(MeanError):
    """Mean of the positive differences, in per cent."""

    def errors(self, prediction, target):
        return (prediction - target).clamp(min=0)

    def counted(self, target):
        return target > 0

    def finish(self, mean):
        return 100 * mean


def test_errors_counted_and_finish_make_the_metric(measure):
    prediction = torch.tensor([1.0, 3.0, 0.0, 2.0])
    target = torch.tensor([1.0, 2.0, 0.0, 4.0])
    for cuts in ((), (1,), (2, 3)):
        ours = measure(Late(), prediction, target, cuts)
        assert ours == pytest.approx(100 / 3)


def test_a_single_precision_sum_loses_no_digits():
    metric = Late()
    for _ in range(2000):
        metric.update(torch.full((7,), 0.1) + 1, torch.ones(7))
    expected = 100 * (torch.tensor(0.1) + 1 - 1).item()
    assert metric.compute() == pytest.approx(expected, rel=1e-12)


def test_messages(measure):
    with pytest.raises(RuntimeError, match="Late has nothing to average"):
        Late().compute()
    with pytest.raises(RuntimeError, match="no target that counts was given"):
        measure(Late(), torch.ones(2), torch.zeros(2))
    with pytest.raises(NotImplementedError, match=r"needs errors\(\)"):
        MeanError().update(torch.ones(1), torch.ones(1))
