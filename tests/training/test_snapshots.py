import pytest
import torch
from torch import nn

from sevenlessons.training.curves import cosine_restarts
from sevenlessons.training.learner import Learner
from sevenlessons.training.snapshots import Snapshots, cycle_ends


def learner_with(keep, batches):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.Linear(3, 1))
    batch = (torch.randn(8, 2), torch.randn(8, 1))
    return Learner(
        model,
        [batch] * batches,
        None,
        nn.functional.mse_loss,
        torch.optim.SGD(model.parameters(), lr=0.1),
        callbacks=[keep],
    )


def equal(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize("first, factor", [(1, 1), (5, 1), (4, 2), (3, 3)])
def test_a_cycle_ends_where_the_curve_jumps_back(first, factor):
    curve = cosine_restarts(1.0, 0.0, first, factor)
    steps = 60
    jumps = [s for s in range(1, steps) if curve(s, steps) == 1.0]
    assert cycle_ends(first, factor, steps) == [*jumps, steps]


def test_a_training_that_ends_within_a_cycle_ends_it():
    assert cycle_ends(4, 2, 20) == [4, 12, 20]
    assert cycle_ends(10, 2, 7) == [7]
    assert cycle_ends(7, 1, 7) == [7]


@pytest.mark.parametrize("bad", [0, -1, 2.5, True])
def test_cycles_are_whole_and_positive(bad):
    with pytest.raises(ValueError, match="first must be a whole number"):
        cycle_ends(bad, 2, 10)
    with pytest.raises(ValueError, match="num_steps must be a whole number"):
        cycle_ends(2, 2, bad)


def test_states_are_those_of_a_training_that_stops_there():
    keep = Snapshots([2, 3, 6])
    learner = learner_with(keep, batches=3)
    learner.fit(2)
    for steps, state in zip([2, 3, 6], keep.states, strict=True):
        other = learner_with(Snapshots([1]), batches=steps)
        other.fit(1)
        assert equal(state, other.model.state_dict())
    assert equal(keep.states[-1], learner.model.state_dict())
    learner.model.load_state_dict(keep.states[0])  # batch norm's too


def test_states_are_copies():
    keep = Snapshots([1])
    learner = learner_with(keep, batches=2)
    learner.fit(1)
    assert not equal(keep.states[0], learner.model.state_dict())


def test_a_new_fit_begins_with_none():
    keep = Snapshots([2])
    learner = learner_with(keep, batches=2)
    learner.fit(1)
    learner.fit(1)
    assert len(keep.states) == 1
    assert equal(keep.states[0], learner.model.state_dict())


@pytest.mark.parametrize("bad", [[], [0, 2], [3, 3], [5, 2]])
def test_steps_grow(bad):
    with pytest.raises(ValueError, match="each larger than the one before"):
        Snapshots(bad)
