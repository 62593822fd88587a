import pandas as pd
import pytest
import torch

from sevenlessons.page.tables import table

ROWS = [{"name": "a", "n": 10, "share": 0.5}, {"name": "b", "n": 9}]


def test_a_data_frame_and_rows_look_the_same():
    frame = pd.DataFrame({"name": ["a"], "n": [10], "share": [0.25]})
    rows = [{"name": "a", "n": 10, "share": 0.25}]
    assert repr(table(frame)) == repr(table(rows))


def test_scopes_alignment_and_escaping():
    html = table(
        [["a<b", 1.5]], columns=["name", "value"], caption="Two & more"
    )._repr_html_()
    assert '<th scope="row" style="text-align:left">a&lt;b</th>' in html
    assert '<td style="text-align:right">1.50</td>' in html
    assert "<caption>Two &amp; more</caption>" in html
    assert 'class="book-table"' in html


def test_it_can_be_scrolled_by_keyboard_and_is_no_landmark():
    plain = table([[1]], columns=["a"])._repr_html_()
    named = table([[1]], columns=["a"], caption="<b>")._repr_html_()
    # Regions must differ in name: a page has many tables without one.
    assert 'tabindex="0" role="group" aria-label="Table"' in plain
    assert 'role="group" aria-label="&lt;b&gt;"' in named


@pytest.mark.parametrize(
    "value, text",
    [
        (0.123456, "0.123"),
        (123456.7, "123457"),
        (12_345_678.9, "1.23e+07"),
        (0.00001234, "1.23e-05"),
        (0.0, "0.00"),
        (100.0, "100"),
        (7, "7"),
        (True, "True"),
        (float("nan"), "none"),
        (float("inf"), "inf"),
        (torch.tensor(0.5), "0.500"),
        ("", ""),
    ],
)
def test_numbers_have_three_digits(value, text):
    assert table({"x": value}).rows == [["x", text]]


def test_missing_cells_stay_empty():
    assert table(ROWS).rows[1] == ["b", "9", ""]


def test_a_ragged_row_is_refused():
    with pytest.raises(ValueError, match="expected 2 cells a row"):
        table([[1, 2, 3]], columns=["a", "b"])


def test_plain_rows_need_names():
    with pytest.raises(ValueError, match="needs columns"):
        table([[1, 2]])


def test_numbers_written_as_text_are_flush_right_too():
    shown = table([["a", "7.20"], ["b", "1,438 %"]], columns=["x", "price"])
    assert shown.numeric == [False, True]
