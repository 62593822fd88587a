"""The small loop, held against a bare one and against the large one."""

import copy

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.scratch.small_learner import SmallHistory, SmallLearner
from sevenlessons.training.callbacks import EarlyStopping, GradientClipping
from sevenlessons.training.learner import Learner
from sevenlessons.training.metrics import accuracy
from sevenlessons.training.schedules import LRScheduler, one_cycle

MOMENTS = [
    "on_fit_begin",
    "on_epoch_begin",
    "on_batch_begin",
    "on_loss",
    "on_backward_end",
    "on_batch_end",
    "on_epoch_end",
    "on_fit_end",
]


def parts(seed, optimizer=torch.optim.AdamW, **settings):
    """Return model, loaders, loss and optimizer, all from one seed."""
    torch.manual_seed(seed)
    inputs = torch.randn(53, 4)
    target = (inputs.sum(1) > 0).long()
    model = nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.2)
    )
    model.append(nn.Linear(8, 2))
    train = TensorLoader(
        inputs[:40], target[:40], batch_size=12, shuffle=True, seed=seed
    )
    valid = TensorLoader(inputs[40:], target[40:], batch_size=5)
    chosen = optimizer(model.parameters(), lr=0.03, **settings)
    return model, train, valid, cross_entropy, chosen


def same_weights(one, two):
    pairs = zip(
        one.state_dict().values(), two.state_dict().values(), strict=True
    )
    return all(torch.equal(a, b) for a, b in pairs)


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize(
    ("optimizer", "settings"),
    [
        (torch.optim.SGD, {"momentum": 0.9}),
        (torch.optim.AdamW, {"weight_decay": 0.1}),
    ],
)
def test_equals_a_bare_loop_bit_for_bit(seed, optimizer, settings):
    ours, train, valid, loss_fn, chosen = parts(seed, optimizer, **settings)
    SmallLearner(ours, train, valid, loss_fn, chosen).fit(3)

    bare, train, _, loss_fn, chosen = parts(seed, optimizer, **settings)
    for _ in range(3):
        bare.train()
        for inputs, target in train:
            loss = loss_fn(bare(inputs), target)
            chosen.zero_grad()
            loss.backward()
            chosen.step()
    assert same_weights(ours, bare)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_equals_the_large_learner_with_its_callbacks(seed):
    fits = []
    for kind in (SmallLearner, Learner):
        given = parts(seed)
        callbacks = [
            LRScheduler(one_cycle(0.05), 5 * len(given[1])),
            GradientClipping(0.1),
            EarlyStopping(patience=2),
        ]
        learner = kind(
            *given, metrics={"accuracy": accuracy}, callbacks=callbacks
        )
        fits.append((given[0], learner.fit(5)))
    (ours, small), (theirs, large) = fits
    assert same_weights(ours, theirs)
    assert small.epochs == large.epochs
    assert small.steps == large.steps


class Diary:
    def __init__(self, stop_at=None):
        self.seen, self.stop_at = [], stop_at

    def __getattr__(self, name):
        if name not in MOMENTS:
            raise AttributeError(name)

        def note(learner):
            self.seen.append(name)
            if name == self.stop_at:
                learner.stop()

        return note


def test_moments_come_in_this_order():
    model, _, valid, loss_fn, optimizer = parts(0)
    diary = Diary()
    SmallLearner(
        model, list(valid)[:2], valid, loss_fn, optimizer, callbacks=[diary]
    ).fit(2)
    epoch = ["on_epoch_begin", *(2 * MOMENTS[2:6]), "on_epoch_end"]
    assert diary.seen == ["on_fit_begin", *epoch, *epoch, "on_fit_end"]


def test_stop_ends_after_the_batch_or_the_epoch():
    for moment, steps in (("on_batch_end", 1), ("on_epoch_end", 4)):
        given, diary = parts(0), Diary(moment)
        learner = SmallLearner(*given, callbacks=[diary])
        history = learner.fit(3)
        assert (len(history.steps), len(history.epochs)) == (steps, 1)
        assert diary.seen[-1] == "on_fit_end"
        learner.callbacks = []
        assert len(learner.fit(2).epochs) == 3  # goes on, not stopped


def test_the_end_comes_even_when_training_raises():
    model, train, valid, _, optimizer = parts(0)
    diary = Diary()

    def broken(prediction, target):
        raise ZeroDivisionError

    learner = SmallLearner(
        model, train, valid, broken, optimizer, callbacks=[diary]
    )
    with pytest.raises(ZeroDivisionError):
        learner.fit(1)
    assert diary.seen[-1] == "on_fit_end"


def test_measuring_moves_no_weight_and_no_statistic():
    model, train, valid, loss_fn, optimizer = parts(0)
    before = copy.deepcopy(model)
    SmallLearner(model, train, valid, loss_fn, optimizer).evaluate(valid)
    assert same_weights(before, model)


def test_means_are_weighted_by_samples():
    model = nn.Identity()
    batches = [
        (torch.tensor([1.0, 1.0, 1.0]), torch.zeros(3)),
        (torch.tensor([5.0]), torch.zeros(1)),
    ]
    spare = torch.optim.SGD([nn.Parameter(torch.zeros(1))], lr=0.1)
    learner = SmallLearner(
        model, batches, batches, nn.functional.l1_loss, spare
    )
    assert learner.evaluate(batches) == {"valid_loss": 2.0}
    assert learner.history == SmallHistory()


def test_bad_input_is_refused():
    given = parts(0)
    with pytest.raises(ValueError, match="epochs must be at least 1, got 0"):
        SmallLearner(*given).fit(0)
    with pytest.raises(TypeError, match="the class Diary; write Diary"):
        SmallLearner(*given, callbacks=[Diary])
    model, _, valid, loss_fn, optimizer = given
    with pytest.raises(ValueError, match="yielded no batch; pass one that"):
        SmallLearner(model, [], valid, loss_fn, optimizer).fit(1)
    with pytest.raises(ValueError, match="yielded no batch"):
        SmallLearner(model, valid, [], loss_fn, optimizer).fit(1)
