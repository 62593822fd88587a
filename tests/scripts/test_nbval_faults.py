"""What no comparison of outputs would notice must be a fault, in words."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from scripts.nbval import references
from scripts.nbval.faults import page_faults, reference_faults
from scripts.nbval.prepare import Subject, _with_references
from scripts.nbval.validate import fitting, seconds_allowed

CHECK = "nbval-check-output"
SKIP = "skip-execution"


def cell(source, text="", *tags, outputs=None):
    if outputs is None:
        outputs = [new_output("stream", name="stdout", text=text)]
    metadata = {"tags": list(tags)}
    return new_code_cell(
        source, outputs=outputs, execution_count=1, metadata=metadata
    )


def page(*cells):
    metadata = {"sevenlessons": {"receipt": {"seconds": 2.0}}}
    return new_notebook(cells=list(cells), metadata=metadata)


def tagged(text, source="print(x.shape)"):
    return cell(source, text, CHECK)


def committed(notebook):
    return [references.entry(c) for _, c in references.checked(notebook)]


@pytest.mark.parametrize(
    "text",
    [
        "torch.Size([64, 10])\n",
        "equal bit for bit: True\n",
        "2,223,872 weights\n",
        "rate 3.00e-05, momentum 0.1\n",
        "4 sounds of 8000 samples\n",
    ],
)
def test_what_is_the_same_everywhere_is_sound(text):
    assert page_faults(page(tagged(text))) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("<torch._C.Generator at 0x7f490c212390>", "an address in memory"),
        ("done in 1.3 s", "a time"),
        ("12.1 ms ± 582 ns per loop", "a time"),
        ("began 10:12:07", "a time"),
        ("largest difference 2.2e-16", "rounding noise"),
        ("0.7898824415232533", "rounding noise"),
        ("saved to /home/me/model.pt", "a path of this machine"),
    ],
)
def test_what_differs_from_run_to_run_is_a_fault(text, what):
    faults = page_faults(page(tagged(text)))
    assert [f for f in faults if f"shows {what}" in f], faults
    assert "take the tag away" in faults[0]


def test_noise_without_the_tag_is_nobodys_business():
    notebook = page(tagged("3\n"), cell("%timeit x", "1.9 ms a loop"))
    assert page_faults(notebook) == []


def test_a_tagged_cell_without_text_is_a_fault():
    picture = new_output("display_data", data={"image/png": "aGVsbG8="})
    for outputs in ([], [picture]):
        (fault,) = page_faults(page(cell("x", "", CHECK, outputs=outputs)))
        assert "code cell 1 (x): is tagged" in fault
        assert "shows no text: nothing would be compared" in fault


def test_a_page_without_a_tagged_cell_is_a_fault():
    (fault,) = page_faults(page(cell("print(3)", "3\n")))
    assert "no cell is tagged nbval-check-output; tag one" in fault


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        (cell("# NBVAL_IGNORE_OUTPUT\nx", "3", CHECK), "use tags"),
        (cell("# NBVAL_SKIP\nx", "3"), "the comment NBVAL_SKIP steers"),
        (cell("x", "3", CHECK, "nbval-ignore-output"), "is not used in"),
        (cell("x", "3", "nbval-skip"), "but the book runs it"),
        (cell("x", "", CHECK, SKIP, outputs=[]), "nothing to compare"),
    ],
)
def test_what_steers_nbval_past_a_cell_is_a_fault(broken, message):
    faults = page_faults(page(tagged("3\n"), broken))
    assert [f for f in faults if "code cell 2" in f and message in f], faults


def test_references_that_fit_are_sound():
    notebook = page(tagged("3\n"), cell("y = 1"), tagged("4\n"))
    entries = committed(notebook)
    assert reference_faults("a/b", notebook, entries, "b.json") == []


def test_a_page_without_a_file_is_a_fault():
    (fault,) = reference_faults("a/b", page(tagged("3\n")), None, "b.json")
    assert fault == (
        "there is no b.json; run `python -m scripts.nbval references --page"
        " a/b`, look at the diff, commit b.json"
    )


def test_a_new_tagged_cell_has_no_reference():
    entries = committed(page(tagged("3\n")))
    notebook = page(tagged("3\n"), tagged("4\n", "print(y.shape)"))
    (fault,) = reference_faults("a/b", notebook, entries, "b.json")
    assert "code cell 2 (print(y.shape)): is tagged, but has no" in fault


def test_a_reference_whose_cell_changed_is_named():
    entries = committed(page(tagged("3\n")))
    notebook = page(tagged("3\n", "print(tuple(x.shape))"))
    new, gone = reference_faults("a/b", notebook, entries, "b.json")
    assert "(print(tuple(x.shape))): is tagged, but has no reference" in new
    assert "the reference of the cell (print(x.shape)) has no cell" in gone
    assert "look at the diff, commit b.json" in gone


def test_outputs_survive_the_file():
    error = new_output("error", ename="ValueError", evalue="a\nb")
    error["traceback"] = ["long"]
    result = new_output(
        "execute_result",
        data={"text/plain": "x\n y", "text/html": "<p>"},
        execution_count=1,
    )
    parts = [new_output("stream", name="stdout", text=t) for t in "ab"]
    before = cell("x", "", CHECK, outputs=[*parts, result, error])
    after = cell("x", "", CHECK)
    after.outputs = references.outputs_of(references.entry(before))
    assert references.output_texts(after) == [
        {"stdout": "ab"},
        {"text/plain": "x\n y"},
        {"ename": "ValueError", "evalue": "a\nb"},
    ]
    nbformat.validate(page(after))


def test_nbval_gets_references_and_no_other_output():
    notebook = page(
        tagged("3\n"), cell("y", "4\n"), cell("z", "", SKIP, outputs=[])
    )
    notebook.cells[0].execution_count = None  # nbval would not compare
    entries = committed(notebook)
    entries[0]["outputs"][0]["stdout"][0] = "5"
    subject = Subject("a/b", notebook, "cpu", entries)
    first, second, third = _with_references(subject, "kernel").cells
    assert first.outputs[0].text == "5\n"
    assert first.execution_count == 1
    assert second.outputs == []
    assert "nbval-skip" in third.metadata.tags
    assert notebook.cells[0].outputs[0].text == "3\n"


def test_the_quickest_pages_that_fit_run_again():
    subjects = []
    for name, seconds in {"slow": 50.0, "quick": 5.0, "middle": 20.0}.items():
        notebook = page(tagged("3\n"))
        notebook.metadata.sevenlessons.receipt.seconds = seconds
        subjects.append(Subject(name, notebook))
    assert [s.name for s in fitting(subjects, 30)] == ["quick", "middle"]
    assert fitting(subjects, 1) == []
    assert len(fitting(subjects, seconds_allowed("all"))) == 3


def test_a_budget_that_is_no_number_is_refused():
    with pytest.raises(SystemExit, match="number of seconds or `all`"):
        seconds_allowed("long")
