import pytest
import torch
from torch import nn

from sevenlessons.training.callbacks import (
    Callback,
    EarlyStopping,
    GradientClipping,
)
from sevenlessons.training.checkpoint import Checkpoint, resume
from sevenlessons.training.checkpoint_checks import with_memory
from sevenlessons.training.learner import Learner


class OtherLearner(Learner):
    pass


def build(
    folder,
    *,
    model=None,
    optimizer=torch.optim.SGD,
    make=Learner,
    groups=1,
    remember=True,
):
    model = model or nn.Sequential(nn.Linear(2, 2), nn.Linear(2, 1))
    parameters = list(model.parameters())
    if groups == 2:
        parameters = [{"params": parameters[:1]}, {"params": parameters[1:]}]
    callbacks = [EarlyStopping()] if remember else []
    data = [(torch.ones(4, 2), torch.ones(4, 1))]
    return make(
        model,
        data,
        data,
        nn.functional.mse_loss,
        optimizer(parameters, lr=0.01),
        callbacks=[*callbacks, Checkpoint(folder)],
    )


@pytest.fixture
def path(tmp_path):
    build(tmp_path).fit(1)
    return tmp_path / "last.pt"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"make": OtherLearner},
            "a learner of the class Learner, got OtherLearner",
        ),
        (
            {"optimizer": torch.optim.Adam},
            "an? optimizer of the class SGD, got Adam",
        ),
        (
            {"model": nn.Linear(2, 1)},
            "a model of the class Sequential, got Linear",
        ),
        (
            {"model": nn.Sequential(nn.Linear(2, 3), nn.Linear(3, 9))},
            r"0.weight has shape \(2, 2\), expected \(3, 2\); .* and 1 more",
        ),
        (
            {"model": nn.Sequential(nn.Linear(2, 2))},
            "1.weight is unknown; 1.bias is unknown; build the model",
        ),
        (
            {"model": nn.Sequential(*(nn.Linear(2, 2) for _ in range(3)))},
            "2.weight is missing",
        ),
        (
            {"groups": 2},
            r"groups of \[4\] tensors, got \[1, 3\]; build the groups",
        ),
        (
            {"remember": False},
            "EarlyStopping, Checkpoint; the learner has Checkpoint; pass",
        ),
    ],
)
def test_a_learner_built_otherwise_is_refused(path, options, message):
    learner = build(path.parent, **options)
    before = [p.clone() for p in learner.model.parameters()]
    with pytest.raises(ValueError, match=message):
        resume(learner, path)
    for a, b in zip(before, learner.model.parameters(), strict=True):
        assert torch.equal(a, b)
    assert learner.epoch == 0


def test_only_callbacks_with_a_state_are_compared():
    stopping = EarlyStopping()
    callbacks = [Callback(), stopping, GradientClipping()]
    assert with_memory(callbacks) == [stopping]
