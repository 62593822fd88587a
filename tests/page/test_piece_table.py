from dataclasses import replace

import pytest

from sevenlessons.page.piece_table import PieceRow, PieceTable

ROW = PieceRow(
    "a < b",
    "torch.lt",
    r"a < b \& c",
    "scratch/less",
    "tests/scratch/test_less.py",
    "lesson5/parity",
    (None, 2.4e-16),
)


def test_html_is_escaped_labeled_and_links_to_the_page():
    html = PieceTable([ROW], caption="Order & size")._repr_html_()
    assert 'aria-label="Order &amp; size"' in html
    assert "<strong>a &lt; b</strong>" in html
    assert r'nohighlight">\(a &lt; b \&amp; c\)</span>' in html
    assert '<a href="../lesson5/parity.html">lesson5/parity</a>' in html
    assert "tests/scratch/test_less.py" in html
    assert ">not used</td>" in html and ">2e-16</td>" in html
    assert html.index("2e-16") < html.index("nohighlight")  # scrolls last
    assert html.count('scope="col"') == 4 and html.count('scope="row"') == 1


def test_text_lines_up():
    other = replace(ROW, name="long name of a piece", deviations=(0.0, 0.0))
    lines = repr(PieceTable([ROW, other], caption="Order")).splitlines()
    assert lines[0] == "Order" and lines[2].startswith("a < b  ")
    assert lines[1].index("equals") == lines[3].index("torch.lt")


def test_no_page_no_link():
    assert (
        "href"
        not in PieceTable(
            [replace(ROW, page="")], caption="Order"
        )._repr_html_()
    )


def test_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match="'Order' has no rows"):
        PieceTable([], caption="Order")
    with pytest.raises(ValueError, match="a deviation for each of"):
        PieceTable([replace(ROW, deviations=(0.0,))], caption="Order")
