import copy
import math
import random
from typing import ClassVar

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback, GradientClipping
from sevenlessons.training.finder import LRFinderResult, _smooth, lr_find
from sevenlessons.training.learner import Learner


def learner_on(loader=None, lrs=(0.1, 0.1), callbacks=(), kind=Learner):
    torch.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Dropout(0.3), nn.Linear(8, 1)
    )
    optimizer = torch.optim.SGD(
        [
            {"params": model[:2].parameters(), "lr": lrs[0]},
            {"params": model[3].parameters(), "lr": lrs[1]},
        ],
        momentum=0.9,
    )
    if loader is None:
        loader = TensorLoader(*tensors(), batch_size=16, shuffle=True)
    return kind(
        model,
        loader,
        loader,
        nn.functional.mse_loss,
        optimizer,
        callbacks=callbacks,
    )


def tensors():
    generator = torch.Generator().manual_seed(1)
    inputs = torch.randn(64, 4, generator=generator)
    return inputs, inputs.sum(dim=1, keepdim=True)


def state_of(learner):
    """Return everything that a finder could spoil."""
    loader = learner.train_loader
    return {
        "model": copy.deepcopy(learner.model.state_dict()),
        "optimizer": copy.deepcopy(learner.optimizer.state_dict()),
        "history": (learner.history.steps.copy(), learner.history.epochs),
        "torch": torch.get_rng_state(),
        "numpy": np.random.get_state()[1].tolist(),
        "python": random.getstate(),
        "loader": loader.generator.get_state(),
        "epoch": (learner.epoch, learner.should_stop),
        "modes": [module.training for module in learner.model.modules()],
    }


def same(a, b):
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def test_everything_is_as_it_was():
    learner = learner_on()
    learner.fit(2)  # momentum buffers, history, a moved generator
    before = state_of(learner)
    lr_find(learner, num_steps=30)
    after = state_of(learner)
    for name in before:
        assert same(before[name], after[name]), name


@pytest.mark.parametrize("own_generator", [False, True])
def test_the_next_epochs_are_those_that_would_have_been(own_generator):
    def fresh():
        generator = torch.Generator().manual_seed(5) if own_generator else None
        loader = DataLoader(
            TensorDataset(*tensors()), 16, shuffle=True, generator=generator
        )
        return learner_on(loader)

    plain, searched = fresh(), fresh()
    torch.manual_seed(3)
    expected = plain.fit(2)
    torch.manual_seed(3)
    lr_find(searched, num_steps=20)
    assert searched.fit(2) == expected


def test_rates_grow_by_equal_factors_to_the_end():
    result = lr_find(learner_on(), start_lr=1e-6, end_lr=1e-4, num_steps=25)
    factors = [b / a for a, b in zip(result.lrs, result.lrs[1:], strict=False)]
    assert len(result.lrs) == 25
    assert result.lrs[0] == pytest.approx(1e-6)
    assert result.lrs[-1] == pytest.approx(1e-4)
    assert factors == pytest.approx([100 ** (1 / 24)] * 24)


def test_it_stops_when_the_loss_explodes():
    result = lr_find(learner_on(), end_lr=1e6, num_steps=200)
    assert len(result.lrs) < 150
    assert all(math.isfinite(loss) for loss in result.losses)
    assert result.smoothed[-1] > 4 * min(result.smoothed)


def test_a_smaller_limit_stops_earlier():
    lengths = [
        len(lr_find(learner_on(), end_lr=1e6, explosion=explosion).lrs)
        for explosion in (1.5, 4.0, 1e6)
    ]
    assert lengths == sorted(set(lengths))


def test_ratios_between_groups_are_kept():
    class Rates(Callback):
        shapes_step = True
        rows: ClassVar = []  # shared with the copy on purpose

        def on_loss(self, learner):
            groups = learner.optimizer.param_groups
            self.rows.append(groups[0]["lr"] / groups[1]["lr"])

    lr_find(learner_on(lrs=(0.001, 0.1), callbacks=[Rates()]), num_steps=10)
    assert pytest.approx([0.01] * len(Rates.rows)) == Rates.rows


def test_a_frozen_group_stays_frozen():
    lr_find(learner_on(lrs=(0.0, 0.1)), num_steps=5)
    lr_find(learner_on(lrs=(0.1, 0.0)), num_steps=5)


def test_only_callbacks_that_shape_the_step_run():
    class Loud(Callback):
        def on_batch_begin(self, learner):
            raise AssertionError("must not run")

    clipping = GradientClipping(1e-12)  # nothing can move, nothing explodes
    result = lr_find(
        learner_on(callbacks=[clipping, Loud()]), end_lr=100, num_steps=20
    )
    assert len(result.lrs) == 20


def test_a_callback_that_cannot_be_copied_is_left_alone(tmp_path):
    class Log(Callback):
        def __init__(self):
            self.file = (tmp_path / "log").open("w")

    log = Log()
    learner = learner_on(callbacks=[log])
    lr_find(learner, num_steps=5)
    log.file.close()
    assert learner.callbacks == [log]


def test_a_subclass_keeps_its_step():
    class Doubled(Learner):
        def training_step(self):
            super().training_step()
            self.loss = self.loss * 2

    plain = lr_find(learner_on(), num_steps=5)
    doubled = lr_find(learner_on(kind=Doubled), num_steps=5)
    assert doubled.losses == pytest.approx([2 * v for v in plain.losses])


def test_an_error_in_the_trial_restores_the_order_too():
    class Broken(Learner):
        def training_step(self):
            raise RuntimeError("no")

    learner = learner_on(kind=Broken)
    before = state_of(learner)
    with pytest.raises(RuntimeError, match="no"):
        lr_find(learner)
    assert same(before, state_of(learner))


@given(
    centre=st.floats(25, 55), width=st.floats(4, 7), scale=st.floats(0.1, 10)
)
def test_suggestions_on_curves_with_a_known_answer(centre, width, scale):
    lrs = [10 ** (-6 + 7 * i / 79) for i in range(80)]
    losses = [
        scale
        * (
            2.5
            - 2 / (1 + math.exp((centre - i) / width))
            + math.exp((i - 79) / 2)
        )
        for i in range(80)
    ]
    result = LRFinderResult(lrs, losses)
    place = lrs.index(result.steepest)
    # The running mean looks back about ten steps, so it falls later.
    assert centre - 1 <= place <= centre + 13
    assert result.steepest < result.minimum_tenth * 10
    assert lrs[0] < result.valley <= result.minimum_tenth * 10


def test_smoothing_is_the_corrected_running_mean():
    assert _smooth([3.0]) == pytest.approx([3.0])
    assert _smooth([2.0] * 5) == pytest.approx([2.0] * 5)
    assert _smooth([1.0, 2.0])[1] == pytest.approx((0.09 + 0.2) / 0.19)


def test_a_curve_that_only_rises_gives_the_first_rate():
    result = LRFinderResult([1e-3, 1e-2, 1e-1], [1.0, 2.0, 3.0])
    assert result.steepest == result.valley == 1e-3


@pytest.mark.parametrize(
    "settings, words",
    [
        (dict(start_lr=-1e-3), "need 0 < start_lr < end_lr, got -0.001"),
        (dict(start_lr=1, end_lr=0.1), "need 0 < start_lr < end_lr"),
        (dict(num_steps=1), "num_steps must be at least 2"),
        (dict(explosion=1.0), "explosion must be above 1"),
    ],
)
def test_bad_settings_are_refused(settings, words):
    with pytest.raises(ValueError, match=words):
        lr_find(learner_on(), **settings)


def test_data_with_nan_is_named():
    inputs, target = tensors()
    loader = TensorLoader(inputs * float("nan"), target, batch_size=16)
    with pytest.raises(ValueError, match="the loss is nan at the smallest"):
        lr_find(learner_on(loader))


def test_an_empty_result_is_refused():
    with pytest.raises(ValueError, match="must be given and have one length"):
        LRFinderResult([], [])


def test_noise_in_the_first_losses_is_no_steepest_fall():
    lrs = [10 ** (-6 + 7 * i / 99) for i in range(100)]
    clean = [2.5 - 2 / (1 + math.exp((60 - i) / 6)) for i in range(100)]
    noisy = [3.5, 2.2, 2.6, 2.3, *clean[4:]]
    assert LRFinderResult(lrs, noisy).steepest > lrs[50]


def test_a_tenth_of_the_rise_where_the_curve_is_flat_and_then_rises():
    lrs = [10 ** (i / 20 - 5) for i in range(120)]  # 1e-5 to 10
    for seed in range(20):
        generator = torch.Generator().manual_seed(seed)
        noise = torch.randn(120, generator=generator).tolist()
        losses = [
            0.4 + 0.02 * n + lr / 2 for n, lr in zip(noise, lrs, strict=True)
        ]
        found = LRFinderResult(lrs, losses)
        # the loss is a tenth above the floor at 0.08; smoothing lags behind
        assert 0.005 < found.rise_tenth < 0.03


def test_a_tenth_of_the_rise_of_a_curve_that_only_falls_is_at_its_end():
    lrs = [10 ** (i / 10 - 5) for i in range(40)]
    found = LRFinderResult(lrs, [2 - i / 40 for i in range(40)])
    assert found.rise_tenth == lrs[-1] / 10
