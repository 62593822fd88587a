import pytest

from sevenlessons.page.spreads import spreads

ALT = "Two lines, one in a wide band."


def test_every_series_and_axis_is_named():
    svg = spreads(
        {
            "wide": ([0.001, 0.01], [[0.1, 0.5], [0.2, 0.6]]),
            "narrow": ([0.001, 0.01], [[0.8], [0.9]]),
        },
        x="weight decay",
        y="accuracy",
        log_x=True,
        y_range=(0, 1),
        alt=ALT,
    ).svg
    for words in ("wide", "narrow", "weight decay", "accuracy", "0.001"):
        assert f">{words}</text>" in svg
    assert "#0b7ac0" in svg and "#d55e00" in svg  # two colors of the book


def test_the_line_is_the_mean_and_the_band_the_ends(monkeypatch):
    drawn = {}

    def keep(fig, alt, caption):
        ax = fig.axes[0]
        drawn["line"] = ax.lines[0].get_ydata()
        path = ax.collections[0].get_paths()[0].vertices
        drawn["band"] = {tuple(point) for point in path.tolist()}

    monkeypatch.setattr("sevenlessons.page.spreads.show", keep)
    spreads({"a": ([1, 2], [[1.0, 2.0, 6.0], [4.0, 4.0]])}, alt=ALT)
    assert list(drawn["line"]) == [3.0, 4.0]
    assert drawn["band"] == {(1, 1), (1, 6), (2, 4)}


@pytest.mark.parametrize(
    "series", [([1, 2], [[0.5]]), ([1], [[]]), ([1], [[1], [2]])]
)
def test_each_place_needs_runs(series):
    with pytest.raises(ValueError, match="at least one run for each of"):
        spreads({"a": series}, alt=ALT)
