import pytest

from sevenlessons.tables.learned import check_learned

COLUMNS = ["age", "hours"]


def both(value):
    return {"age": value, "hours": value}


@pytest.mark.parametrize(
    "kind, value",
    [
        ("number", both(-1.5)),
        ("positive", both(2)),
        ("rising", both([0.0, 1, 7])),
        ("rising", both([])),
        ("categories", both(["a", "b"])),
        ("categories", both([False, True])),
        ("names", []),
        ("names", ["hours"]),
        ("names", COLUMNS),
    ],
)
def test_what_is_whole_passes(kind, value):
    check_learned("x_", value, COLUMNS, kind)


@pytest.mark.parametrize(
    "kind, value, words",
    [
        (
            "number",
            both(float("nan")),
            "x_ must hold a finite number for 'age",
        ),
        ("number", both(True), "a finite number for 'age', got True"),
        ("number", both("3"), "a finite number for 'age', got '3'"),
        ("positive", both(0.0), "a positive number for 'age', got 0.0"),
        ("rising", both([1, 1]), "a list of rising numbers"),
        ("rising", both([1, float("inf")]), "a list of rising numbers"),
        ("rising", both("ab"), "a list of rising numbers"),
        ("categories", both([]), "a list of different categories"),
        ("categories", both(["a", "a"]), "a list of different categories"),
        ("categories", both(["a", 1]), "a list of different categories"),
        ("categories", both([[1]]), "a list of different categories"),
        ("number", {"age": 1.0}, r"the columns \['age', 'hours'\], .* got"),
        ("number", {"hours": 1.0, "age": 1.0}, "in their order"),
        ("number", [1.0, 2.0], r"got \[1.0, 2.0\]"),
        ("names", ["shoe"], "some of the columns"),
        ("names", ["age", "age"], "some of the columns"),
        ("names", "age", "some of the columns"),
        ("names", None, "some of the columns"),
    ],
)
def test_what_is_not_is_refused(kind, value, words):
    with pytest.raises(ValueError, match=words):
        check_learned("x_", value, COLUMNS, kind)
