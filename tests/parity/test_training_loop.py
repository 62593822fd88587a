"""The loop and its loader equal their references, and mistakes show."""

import pytest
import torch

from sevenlessons.parity import training_loop
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.training_loop import training_loop_pieces
from sevenlessons.scratch.small_learner import SmallLearner

PIECES = training_loop_pieces()


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)
def test_each_piece_equals_its_reference(piece, dtype):
    found = measure(piece, dtype)
    assert max(found.values()) <= limit(dtype)
    assert max(found.values()) == 0  # bit for bit


def test_a_loop_that_forgets_to_zero_the_gradient_is_found(monkeypatch):
    class Forgetful(SmallLearner):
        def training_step(self):
            *inputs, target = self.batch
            self.loss = self.loss_fn(self.model(*inputs), target)
            self.loss.backward()
            self.optimizer.step()

    monkeypatch.setattr(training_loop, "SmallLearner", Forgetful)
    found = measure(PIECES[1], torch.float64)
    assert max(found.values()) > 1e-3


def test_a_loader_in_another_order_is_found(monkeypatch):
    class Ordered(training_loop.RowSampler):
        def __iter__(self):
            self.shuffle = False
            return super().__iter__()

    monkeypatch.setattr(training_loop, "RowSampler", Ordered)
    assert max(measure(PIECES[0], torch.float64).values()) > 1e-3
