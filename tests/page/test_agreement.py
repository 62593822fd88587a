import pytest

from sevenlessons.page.agreement import agreement

ALT = "Dots along the diagonal."


def test_draws_a_panel_each_with_its_title_and_unit():
    dots = ([1.0, 5.0], [2.0, 5.0])
    picture = agreement(
        {"across": dots, "down": dots}, limits=(0, 10), unit="pixels", alt=ALT
    )
    for words in ("across", "down", "true, pixels", "predicted, pixels"):
        assert f">{words}</text>" in picture.svg
    assert picture.svg.count("<title>") == 1


@pytest.mark.parametrize(
    "panels, limits, words",
    [({}, (0, 1), "panels is empty"), ({"a": ([], [])}, (1, 1), "must rise")],
)
def test_refuses(panels, limits, words):
    with pytest.raises(ValueError, match=words):
        agreement(panels, limits=limits, alt=ALT)
