from types import SimpleNamespace

import pytest

from sevenlessons.page.plots import curves, finder, lines, schedule

HISTORY = SimpleNamespace(
    epochs=[
        {"epoch": i, "train_loss": 1 / (i + 1), "valid_loss": 1.1 / (i + 1)}
        for i in range(4)
    ]
)


def test_curves_name_each_line():
    svg = curves(HISTORY, alt="Both losses fall.").svg
    assert ">train loss</text>" in svg
    assert ">valid loss</text>" in svg
    assert ">epoch</text>" in svg


def test_a_column_that_was_not_recorded():
    with pytest.raises(ValueError, match="available: epoch, train_loss"):
        curves(HISTORY, ["accuracy"], alt="Accuracy rises.")
    with pytest.raises(ValueError, match="nothing, fit first"):
        curves(SimpleNamespace(epochs=[]), alt="Nothing is here.")


def test_finder_marks_both_suggestions_and_the_choice():
    lrs = [10 ** (-5 + i / 10) for i in range(60)]
    losses = [1 - min(lr, 0.1) + lr**2 for lr in lrs]
    result = SimpleNamespace(
        lrs=lrs, losses=losses, smoothed=losses, steepest=0.01, valley=0.1
    )
    svg = finder(result, alt="Falls, then explodes.", chosen=0.003).svg
    for words in ("steepest 0.01", "valley 0.1", "chosen 0.003"):
        assert f">{words}</text>" in svg
    assert ">0.001</text>" in svg  # plain numbers on the log axis


def test_finder_shows_the_rise_of_a_flat_curve_with_a_lucky_start(monkeypatch):
    lrs = [10 ** (-5 + i / 10) for i in range(60)]
    curve = [0.37, *[0.43] * 44, *(0.43 + 0.05 * i for i in range(15))]
    result = SimpleNamespace(
        lrs=lrs, losses=curve, smoothed=curve, steepest=1e-5, valley=1e-5
    )
    ends = []
    monkeypatch.setattr(
        "sevenlessons.page.plots.show",
        lambda fig, alt, caption: ends.extend(fig.axes[0].get_ylim()),
    )
    finder(result, alt="Flat, then rising.")
    assert 0.3 < ends[0] < 0.43 and 0.47 < ends[1] < 0.6
    finder(result, alt="Flat, then rising.", y_range=(0, 2.5))
    assert ends[2:] == [0, 2.5]


def test_schedule_has_a_panel_each():
    one = schedule([0.1, 0.2], alt="The rate rises.").svg
    two = schedule([0.1, 0.2], [0.9, 0.8], alt="One up, one down.").svg
    assert ">momentum</text>" not in one
    assert ">momentum</text>" in two


def test_lines_may_be_logarithmic():
    series = {"a": ([1, 10, 100], [1, 2, 3]), "b": ([1, 100], [3, 1])}
    svg = lines(series, alt="Two lines cross.", log_x=True, log_y=True).svg
    assert ">100</text>" in svg
    assert len(svg) < 100_000
