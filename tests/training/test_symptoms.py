import math

import pytest
import torch

from sevenlessons.training.history import History
from sevenlessons.training.monitor import Monitor
from sevenlessons.training.symptoms import note_on_the_gap, read_curves


def history_of(train, steps=(), **columns):
    history = History()
    history.epochs = [
        {"epoch": i, "train_loss": loss}
        | {name: values[i] for name, values in columns.items()}
        for i, loss in enumerate(train)
    ]
    for loss in steps:
        history.add_step(torch.tensor(loss), 0.1)
    return history


def test_steps_come_first_and_epochs_stand_in():
    by_step = read_curves(history_of([1.5], [2.0, 1.0]), Monitor("valid_loss"))
    assert by_step.train == [2.0, 1.0] and by_step.unit == "step"
    assert by_step.lr == [0.1, 0.1] and by_step.last_train == 1.5
    by_epoch = read_curves(history_of([1.5, 1.0]), Monitor("valid_loss"))
    assert by_epoch.train == [1.5, 1.0] and by_epoch.unit == "epoch"
    assert by_epoch.watched == by_epoch.valid == []


@pytest.mark.parametrize(
    "recorded, turned", [([0.25, 0.75], [0.75, 0.25]), ([3, 5], [-3, -5])]
)
def test_where_more_is_better_the_curve_is_turned_around(recorded, turned):
    history = history_of([2.0, 1.0], valid_score=recorded)
    curves = read_curves(history, Monitor("valid_score", False))
    assert curves.watched == turned
    assert [curves.shown(x) for x in curves.watched] == recorded


@pytest.mark.parametrize(
    "name, values, is_share",
    [
        ("valid_error", [0.5, 0.1], True),
        ("valid_mae", [0.5, 1.1], False),
        ("valid_loss", [0.5, 0.1], False),
    ],
)
def test_a_share_is_no_loss_and_lies_between_0_and_1(name, values, is_share):
    history = history_of([2.0, 1.0], **{name: values})
    assert read_curves(history, Monitor(name, True)).is_share is is_share


def test_a_metric_that_is_not_finite_is_not_watched():
    history = history_of([2.0, 1.0], valid_auc=[math.nan, 0.5])
    assert read_curves(history, Monitor("valid_auc", False)).watched == []


def test_an_unknown_column_is_refused():
    history = history_of([2.0], valid_loss=[2.0])
    with pytest.raises(ValueError, match="valid_acc' is not recorded; avail"):
        read_curves(history, Monitor("valid_acc", False))


def notes(fault=None, **columns):
    history = history_of([2.0, 1, 0.5, 0.4, 0.3, 0.2, 0.1], **columns)
    monitor = Monitor(list(columns)[-1], True)
    return note_on_the_gap(read_curves(history, monitor), fault)


def test_the_gap_alone_is_no_fault():
    (note,) = notes(valid_loss=[2.0, 1.5, 1, 1, 1, 1, 1])
    assert "(0.1 and 1) alone is no fault." in note
    assert notes(valid_loss=[0.05] * 7) == ()
    assert notes("learning rate too high", valid_loss=[9.0] * 7) == ()


def test_a_loss_that_rises_alone_is_told_apart():
    told = notes(
        valid_loss=[2.0, 1.0, 1.0, 1.0, 2.0, 2.0, 2.0], valid_error=[0.2] * 7
    )
    assert "valid_error did not follow" in told[1]
