import pytest
import torch

from sevenlessons.page.charts import (
    bars,
    heat_map,
    histogram,
    learning_curve,
    scatter,
)


def test_bars_write_the_number_at_each_bar():
    svg = bars(
        {"majority": 0.43, "ours": 0.898},
        intervals={"ours": (0.86, 0.92)},
        highlight="ours",
        x="accuracy",
        alt="Ours is twice as high.",
    ).svg
    for words in ("majority", "0.898", "0.43", "accuracy"):
        assert f">{words}</text>" in svg


def test_learning_curve_with_a_line_to_beat():
    svg = learning_curve(
        [10, 50],
        [0.5, 0.7],
        [(0.4, 0.6), (0.6, 0.8)],
        reference=("colour histogram", 0.6),
        alt="Accuracy rises with more photos.",
    ).svg
    assert ">colour histogram</text>" in svg


def test_many_points_become_pixels():
    many = torch.linspace(0, 1, 5000).tolist()
    svg = scatter({"a": (many, many)}, alt="Points on the diagonal.").svg
    assert "<image" in svg
    assert len(svg) < 100_000
    few = scatter(
        {"a": ([1], [1]), "b": ([2], [1])}, x="x", y="y", alt="Two dots only."
    ).svg
    assert "<image" not in few


def test_heat_map_is_small_and_has_a_colour_bar():
    svg = heat_map(
        torch.rand(200, 300), alt="Noise without a pattern.", colour_bar="dB"
    ).svg
    assert ">dB</text>" in svg
    assert len(svg) < 150_000


def test_heat_map_wants_a_matrix():
    with pytest.raises(ValueError, match=r"got shape \(3, 4, 5\)"):
        heat_map(torch.rand(3, 4, 5), alt="Not a matrix at all.")


def test_histogram_marks_positions():
    svg = histogram(
        [1.0, 2.0, 2.0], marks={"mean": 1.7}, alt="Twos are more frequent."
    ).svg
    assert ">mean</text>" in svg
