import pytest

from sevenlessons.page.name_map import name_map

ALT = "Names at their places."


def test_each_name_is_drawn_as_text_with_its_axes():
    places = {"Alien": (0.0, 1.0), "Babe": (1.0, 0.0), "Casino": (0.3, 0.2)}
    picture = name_map(places, alt=ALT, x="across", y="up", caption="A map")
    for word in [*places, "across", "up"]:
        assert f">{word}<" in picture.svg
    assert "A map" in picture._repr_html_()


def test_names_at_one_place_do_not_cover_each_other():
    places = {f"film {i}": (0.0, 0.0) for i in range(9)}
    places["far away"] = (1.0, 1.0)
    svg = name_map(places, alt=ALT).svg
    written = [name for name in places if f">{name}<" in svg]
    assert 2 <= len(written) <= 5
    assert "far away" in written and "film 0" in written


def test_the_same_names_give_the_same_picture():
    places = {"Alien": (0.0, 1.0), "Babe": (1.0, 0.0)}
    assert name_map(places, alt=ALT).svg == name_map(places, alt=ALT).svg


def test_all_at_one_place_is_a_map_too():
    assert ">a<" in name_map({"a": (2.0, 2.0), "b": (2.0, 2.0)}, alt=ALT).svg


@pytest.mark.parametrize("places", [{}, {"Alien": (0.0, 1.0)}])
def test_one_name_is_no_map(places):
    with pytest.raises(ValueError, match=f"two names, got {len(places)}"):
        name_map(places, alt=ALT)
