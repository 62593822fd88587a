"""A page that quotes a number it does not glue is red when it has run."""

import nbformat
import pytest
from scripts.bookrun.glued import glued_faults

V4 = nbformat.v4


def notebook(*names):
    cell = V4.new_code_cell("...", execution_count=1)
    cell.outputs = [
        V4.new_output(
            "display_data",
            {"application/papermill.record/text/plain": "0.5"},
            metadata={"scrapbook": {"name": name, "mime_prefix": ""}},
        )
        for name in names
    ]
    cell.outputs.append(V4.new_output("stream", text="seen\n"))
    return V4.new_notebook(cells=[cell])


@pytest.mark.parametrize(
    "text",
    [
        "It is {glue:text}`lesson1/share:.2f`.",
        "It is {glue:}`lesson1/share`.",
        "Two: {glue:text}`lesson1/share:.2f`, {glue:text}`lesson1/share:+.0%`",
        "Of another page: {glue:text}`lesson2/first::floor:.2f`.",
        "None at all, `lesson1/other:.2f`.",
    ],
)
def test_what_was_glued_may_be_quoted(text):
    assert glued_faults(text, notebook("lesson1/share")) == []


def test_each_unknown_name_is_named_once():
    text = (
        "{glue:text}`floor:.2f`, {glue:text}`share:.2f`, and again\n"
        "{glue:text}`floor:.0f`, {glue:text}`shard`"
    )
    first, second = glued_faults(text, notebook("share"))
    assert "quotes floor," in first and 'glue("floor", ...)' in first
    assert "quotes shard," in second
