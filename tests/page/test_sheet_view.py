import pytest

from sevenlessons.page.sheet_view import sheet_view
from sevenlessons.page.sheets import Sheet


def made():
    sheet = Sheet("softmax")
    sheet.put(1, 1, "Scores become <shares>", style="head")
    sheet.put(2, 1, "cat")
    sheet.put(2, 2, -2.0, style="input")
    sheet.put(2, 3, "=EXP($B$2)", 0.1353, style="result")
    sheet.put(3, 3, 7)
    return sheet


def test_values_in_text():
    assert repr(sheet_view(made(), caption="One score")).splitlines() == [
        "One score",
        "row  A                       B       C",
        "1    Scores become <shares>",
        "2    cat                     -2.000  0.135",
        "3                                    7",
    ]


def test_formulas_stand_in_the_table_and_wait():
    html = sheet_view(made())._repr_html_()
    assert '<span class="bs-value">0.135</span>' in html
    assert '<code class="bs-formula">=EXP($B$2)</code>' in html
    assert '<input type="checkbox"> show formulas' in html


def test_heads_and_words_are_escaped():
    html = sheet_view(made(), caption="a < b").html
    assert "<caption>a &lt; b</caption>" in html
    assert "Scores become &lt;shares&gt;" in html
    assert html.count('scope="col"') == 4  # the rows' numbers, A, B, C
    assert html.count('scope="row"') == 3
    assert "<th></th>" not in html


def test_a_text_reaches_over_empty_cells_only():
    html = sheet_view(made()).html
    assert '<td class="bs-head bs-text" colspan="3">' in html
    assert '<td class="bs-number bs-text">cat</td>' in html


def test_a_part():
    text = str(sheet_view(made(), rows=(2, 3), columns=(3, 3), digits=1))
    assert text.splitlines() == ["softmax", "row  C", "2    0.1", "3    7"]


def test_without_formulas_no_switch():
    sheet = Sheet("plain")
    sheet.put(1, 1, 2)
    assert "checkbox" not in sheet_view(sheet).html


def test_turned_heads_keep_their_cell():
    sheet = Sheet("films")
    sheet.put(1, 1, "Metropolis", style="turned")
    sheet.put(2, 2, 1.0)
    assert '<td class="bs-turned bs-text">Metropolis' in sheet_view(sheet).html


@pytest.mark.parametrize("options", [{"rows": (9, 12)}, {"columns": (5, 4)}])
def test_an_empty_part_is_refused(options):
    with pytest.raises(ValueError, match=r"has no cell in rows .* leave them"):
        sheet_view(made(), **options)


def test_an_empty_sheet_is_refused():
    with pytest.raises(ValueError, match="'nothing' has no cell"):
        sheet_view(Sheet("nothing"))


def test_digits_below_zero_are_refused():
    with pytest.raises(ValueError, match="0 or more, got -1"):
        sheet_view(made(), digits=-1)
