"""A small regression problem with a known answer, shared by the tests."""

from itertools import pairwise

import pytest
import torch
from torch import nn

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.learner import Learner


@pytest.fixture
def make_learner():
    """Build the same learner on every call: weights, data, order."""

    def make(callbacks=(), *, lr=0.05, momentum=0.0, shuffle=False, **options):
        torch.manual_seed(0)
        model = nn.Linear(3, 1)
        x = torch.randn(64, 3)
        y = x @ torch.tensor([[1.0], [2.0], [3.0]])
        train = TensorLoader(x, y, batch_size=16, shuffle=shuffle)
        valid = TensorLoader(x, y, batch_size=16)
        optimizer = torch.optim.SGD(
            model.parameters(), lr=lr, momentum=momentum
        )
        parts = {
            "model": model,
            "train_loader": train,
            "valid_loader": valid,
            "loss_fn": nn.functional.mse_loss,
            "optimizer": optimizer,
        }
        return Learner(**(parts | options), callbacks=callbacks)

    return make


@pytest.fixture(scope="session")
def measure():
    """Return a function that feeds samples, cut in batches, to a metric."""

    def measure(metric, prediction, target, cuts=()):
        for start, stop in pairwise([0, *sorted(cuts), len(target)]):
            metric.update(prediction[start:stop], target[start:stop])
        return metric.compute()

    return measure
