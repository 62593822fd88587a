import pytest
from tests.cli.mask_training import options

from sevenlessons.cli.segmentation_names import choose_names, name_classes


def test_codes_replace_the_names_of_a_layout(tmp_path):
    path = tmp_path / "codes.txt"
    path.write_text("a\nvoid\n")
    assert choose_names(options(), ["x", "void"], 1)[:2] == (("x", "void"), 1)
    found = choose_names(options(codes=path, void="a"), ["x"])
    assert found == (("a", "void"), 0, None)


@pytest.mark.parametrize(
    ("counts", "void", "expected"),
    [
        ({0: 1, 1: 1}, None, (("background", "object"), {})),
        ({0: 1, 9: 1}, None, (("background", "object"), {9: 1})),
        ({0: 1, 9: 1, 255: 1}, 255, (("background", "object"), {9: 1})),
        ({0: 1, 1: 1, 2: 1}, 0, (("void", "class 1", "class 2"), {})),
        ({0: 1, 2: 1}, 1, (("class 0", "void", "class 2"), {})),
    ],
)
def test_names_from_values(counts, void, expected):
    assert name_classes(counts, void) == expected


def test_values_with_holes_are_no_classes():
    with pytest.raises(ValueError, match=r"values 0, 1, 255, .*--void 255"):
        name_classes({0: 1, 1: 1, 255: 1}, None)
    with pytest.raises(ValueError, match="0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and m"):
        name_classes(dict.fromkeys([*range(20), 30], 1), None)
