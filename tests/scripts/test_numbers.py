"""Typed numbers: what looks measured, and what is free."""

import nbformat
import pytest
from scripts.bookrun.numbers import matched_faults, typed_faults
from scripts.bookrun.prose import prose_lines

V4 = nbformat.v4


@pytest.mark.parametrize(
    "line",
    [
        "It is right for 92 % of the photos.",
        "It is right for 92.1% of the photos.",
        "The accuracy is 0.92 here.",
        "There are 1,478 pets.",
        "It took 40 seconds.",
        "It took 40 s and 900 MB.",
        "It is 6 times faster.",
        "| network | 0.92 |",
        "- 95 % of the photos",
        ":::{note} Right for 0.92\nwords\n:::",
        "```{figure} a.png\n:alt: words\n\nRight for 0.92\n```",
        "```{admonition} Trick\n:class: tip\n\nRight for 0.92\n```",
        "{term}`accuracy` is 0.92",
        "The answer[^1].\n\n[^1]: It was 0.92.",
    ],
)
def test_what_looks_measured_is_red(line):
    faults = typed_faults(f"# Title\n\n{line}\n")
    assert faults
    assert "looks measured" in faults[0]


@pytest.mark.parametrize(
    "line",
    [
        "Python 3.11 or newer, torch 2.14, CC BY 4.0, page 2.1, pages 1.1",
        "a 95 % interval, 0 % of them, 50 %, 100 %",
        "a 95 %\ninterval",
        "set `lr` to `0.92` or $0.92$",
        "```python\nx = 0.92\n```",
        "```{code-cell} ipython3\nx = 0.92\n```",
        ":::{math}\n0.92\n:::",
        "```{exercise} Costs\n:label: x\n\nAt 2.00 an hour.\n```",
        "{glue:text}`lesson1/x:.1%` and {quoted}`7.1 % <a paper>`",
        "```{image} a.png\n:width: 80%\n```",
        "[words](a-1.25.md) and https://a.b/1.25",
        "In 2018 there were 37 breeds in 3 of 4 folders.",
        "$$\nx = 0.92\n$$",
    ],
)
def test_what_names_or_sets_is_free(line):
    assert typed_faults(f"---\nx: 0.92\n---\n# Title\n\n{line}\n") == []


def test_a_fault_says_where_and_what_to_do():
    (fault,) = typed_faults("# T\n\nwords\nIt reaches 0.92.\n")
    assert fault.startswith("line 4: the typed number '0.92' looks measured")
    assert "{quoted} with its source" in fault


def glued(name, value):
    cell = V4.new_code_cell("glue()", execution_count=1)
    mime = "application/papermill.record/text/plain"
    meta = {"scrapbook": {"name": name}}
    cell.outputs = [
        V4.new_output("display_data", {mime: value}, metadata=meta)
    ]
    return V4.new_notebook(cells=[cell])


def test_a_count_on_record_must_not_be_typed():
    notebook = glued("num_photos", "442")
    (fault,) = matched_faults("All 442 photos in 442.5 boxes\n", notebook)
    assert "{glue:text}`num_photos`" in fault
    assert matched_faults("All 443 photos, `442`, 2442\n", notebook) == []


def test_years_and_small_numbers_are_no_counts():
    assert matched_faults("In 2018\n", glued("n", "2018")) == []
    assert matched_faults("In 37 folders\n", glued("n", "37")) == []


def test_code_inside_directives_is_skipped_and_the_rest_is_read():
    text = "````{note} One\n```python\ntwo\n```\nthree\n````\nfour\n"
    assert [words.strip() for _, words in prose_lines(text)] == [
        "One", "three", "four",
    ]  # fmt: skip
