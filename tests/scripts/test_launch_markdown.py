"""The parts of the translator, and the gate behind it."""

import doctest
import importlib
import pkgutil

import nbformat
import pytest
import scripts.launch
from docutils import nodes
from scripts.launch.address import Site, load_site
from scripts.launch.cells import body
from scripts.launch.context import Code, Context
from scripts.launch.inline import code_span, escape, guard_lines, inline
from scripts.launch.notebook import differences
from scripts.launch.raw import raw_myst
from scripts.launch.rules import text_of


@pytest.mark.parametrize(
    "name", [m.name for m in pkgutil.iter_modules(scripts.launch.__path__)]
)
def test_examples(name):
    if name == "binder_memory":
        pytest.skip("needs JupyterLab, which the book does without")
    module = importlib.import_module(f"scripts.launch.{name}")
    assert doctest.testmod(module).failed == 0


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("see {term}`loss`", "a role"),
        ("see {cite:t}`smith2017`", "a role"),
        ("it is {glue:text}`a/b:.1%`", "glue"),
        ("```{admonition} Title\nwords\n```", "a directive"),
        ("> ```{tip}\n> words\n> ```", "a directive"),
        ("````{div} lead\n````", "a directive"),
        (":::{margin}\nwords\n:::", "a colon fence"),
        ("(label-of-it)=\n# Title", "a label"),
        ("+++", "a block break"),
        ("% a comment", "a comment"),
        ("[words]{.red}", "attributes"),
        ("[](page)", "an empty link"),
        ("[words](../start/data.md#x)", "a link to a source file"),
        ("{{ name }}", "a substitution"),
    ],
)
def test_the_gate_finds_what_is_left_of_myst(line, kind):
    cell = nbformat.v4.new_markdown_cell(f"Words.\n\n{line}\n\nMore.")
    faults = raw_myst(nbformat.v4.new_notebook(cells=[cell]))
    assert any(f"cell 0: {kind} is left" in fault for fault in faults)


@pytest.mark.parametrize(
    "line",
    [
        "```text\n{ref}`a`\n:::\n+++\n% x\n(a)=\n```",
        "````markdown\n```{tip}\nx\n```\n````",
        "Write `` {glue:text}`name` `` in the text.",
        "The set $\\{x\\}$ and {a, b} and 50 % of f(x)= y.",
        "$$\n\\text{a}`b`\n$$",
        "![alt](data:image/png;base64,AAA)",
        "[words](https://a.org/x.md)",
        "a list: []",
    ],
)
def test_the_gate_lets_plain_markdown_pass(line):
    cell = nbformat.v4.new_markdown_cell(line)
    assert raw_myst(nbformat.v4.new_notebook(cells=[cell])) == []


def test_code_cells_may_say_what_they_like():
    cell = nbformat.v4.new_code_cell("print('{ref}`x`')\n% magic")
    assert raw_myst(nbformat.v4.new_notebook(cells=[cell])) == []


def test_text_shows_as_it_is():
    assert escape("_a_ b_c * `d` [e](f)") == (
        "\\_a\\_ b_c \\* \\`d\\` \\[e](f)"
    )
    assert escape("[1, 2] &amp; <b>") == "[1, 2] &amp;amp; &lt;b>"
    assert guard_lines("a\n# b\n- c\n---\n12) d") == (
        "a\n\\# b\n\\- c\n\\---\n12\\) d"
    )
    assert guard_lines("-1 and #5 and 3.5") == "-1 and #5 and 3.5"
    assert code_span("a|b") == "`a|b`"


def test_a_node_without_translation_is_a_fault():
    context = Context("page")
    assert inline(nodes.pending(None), context) == ""
    assert context.faults == ["no translation for <pending>"]


def test_a_picture_must_exist():
    context = Context("page")
    image = nodes.image(uri="none.png", alt="x")
    assert inline(image, context) == "![x]()"
    assert context.faults == ["the picture none.png does not exist"]


def test_a_code_cell_in_a_note_is_a_fault():
    context = Context("page")
    comment = nodes.comment("", "sevenlessons-code-cell 3")
    note = nodes.note("", comment)
    assert text_of(note, context, 0) == ""
    assert "a code cell stands inside <note>" in context.faults[0]
    assert Code(3) == Code(3)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('repository = "github.com/a/b"', "must start with https://"),
        ('address = "https://a.org"', "must end in a slash"),
        ('adress = ""', "unknown entries: ['adress']"),
    ],
)
def test_a_wrong_address_is_refused(tmp_path, line, message):
    path = tmp_path / "site.toml"
    path.write_text(line + "\n")
    with pytest.raises(ValueError, match=r"site\.toml") as error:
        load_site(path)
    assert message in str(error.value)


def test_colab_and_binder_need_a_repository_that_they_can_read():
    assert not Site().launchable
    assert not Site("https://git.some.example/a/b").launchable
    assert Site("https://github.com/a/b.git").launchable
    assert Site("https://github.com/a/b.git").slug == "a/b"
    requirement = Site("https://github.com/a/b.git").requirement("abc")
    expected = "sevenlessons[lessons] @ git+https://github.com/a/b.git@abc"
    assert requirement == expected


def test_a_cell_that_is_lost_turns_the_build_red():
    code = [nbformat.v4.new_code_cell(str(n)) for n in range(3)]
    executed = nbformat.v4.new_notebook(cells=code)
    for order in ([0, 2], [0, 2, 1], [0, 1, 1, 2], []):
        cells, faults = body([Code(n) for n in order], executed)
        assert cells == []
        assert "each must be there once, in order" in faults[0]
    assert body([Code(0), Code(1), Code(2)], executed)[1] == []


def test_a_cell_that_is_not_the_executed_one_is_noticed():
    cells = [nbformat.v4.new_code_cell(x, id=f"code-{x}") for x in "ab"]
    ours = nbformat.v4.new_notebook(cells=cells)
    same = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(x) for x in "ab"]
    )
    assert differences(ours, same) == []
    same.cells[1].source = "c"
    assert differences(ours, same) == [
        "code cell 1 is not the one that was executed"
    ]
    same.cells.pop()
    assert "2 code cells, but 1" in differences(ours, same)[0]
