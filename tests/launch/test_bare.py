"""Notebooks as readers get them, run where only the package is installed.

By default the quick ones run, and of the others the imports. LAUNCH=all runs
them all.
"""

import ast
import json
import os
import subprocess
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tests.launch import bare

pytestmark = [
    pytest.mark.launch,
    pytest.mark.filterwarnings("default"),  # those of Jupyter's own loops
]
LAUNCH = bare.ROOT / "_build/launch"
QUICK_SECONDS = 20


def pages():
    found = [p.relative_to(LAUNCH) for p in sorted(LAUNCH.rglob("*.ipynb"))]
    return [path.with_suffix("").as_posix() for path in found]


def is_quick(page):
    receipts = bare.ROOT / "_build/receipts.json"
    rows = json.loads(receipts.read_text()) if receipts.is_file() else []
    seconds = {row["page"]: row["seconds"] for row in rows}
    return seconds.get(page, 1e9) <= QUICK_SECONDS


def read(page):
    return nbformat.read(LAUNCH / f"{page}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def python(tmp_path_factory):
    return bare.make(tmp_path_factory.mktemp("bare"))


@pytest.fixture
def run(python, tmp_path, monkeypatch):
    """Return a function that runs a notebook in an empty folder."""
    share = bare.kernel(tmp_path, python)
    monkeypatch.setenv("JUPYTER_PATH", str(share))
    folder = tmp_path / "empty"
    folder.mkdir()

    def run_notebook(notebook):
        client = NotebookClient(
            notebook,
            timeout=600,
            kernel_name="bare",
            record_timing=False,
            resources={"metadata": {"path": str(folder)}},
        )
        client.execute(env=bare.clean())
        return notebook

    return run_notebook


def ask(python, code, cwd):
    return subprocess.run(
        [python, "-c", code],
        cwd=cwd,
        env=bare.clean(),
        capture_output=True,
        text=True,
        check=False,
    )


def imports(notebook):
    """Return the import statements of a notebook, as code."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type != "code" or cell.get("id") == "install":
            continue
        lines = cell.source.splitlines()
        plain = [x for x in lines if not x.lstrip().startswith(("%", "!"))]
        for node in ast.walk(ast.parse("\n".join(plain))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                found.append(ast.unparse(node))
    return "\n".join(dict.fromkeys(found))


def test_there_are_notebooks():
    assert pages(), f"no notebooks in {LAUNCH}: run make book first"


def test_the_environment_has_the_package_and_no_more(python, tmp_path):
    """What only the book uses must be missing, or the test proves nothing."""
    asked = "import sevenlessons, torch; print(sevenlessons.__file__)"
    done = ask(python, asked, tmp_path)
    assert done.returncode == 0, done.stderr
    place = Path(done.stdout.strip())
    assert place.is_relative_to(python.parents[1])
    assert not place.is_symlink()
    for name in ("myst_nb", "jupyter_book", "nbformat", "pytest", "sphinx"):
        done = ask(python, f"import {name}", tmp_path)
        assert f"No module named '{name}'" in done.stderr


def test_a_notebook_that_needs_more_is_noticed(run):
    cell = nbformat.v4.new_code_cell("import myst_nb")
    with pytest.raises(CellExecutionError, match="No module named 'myst_nb'"):
        run(nbformat.v4.new_notebook(cells=[cell]))


@pytest.mark.parametrize("page", pages())
def test_the_notebook_runs(run, page):
    if not is_quick(page) and os.environ.get("LAUNCH") != "all":
        pytest.skip("slow: run with LAUNCH=all; its imports are tried below")
    notebook = run(read(page))
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        raised = any(x.output_type == "error" for x in cell.outputs)
        tagged = "raises-exception" in cell.metadata.get("tags", [])
        assert raised == tagged, cell.source


def test_all_imports_resolve(python, tmp_path):
    """One process for all pages: importing torch takes a while."""
    code = "\n".join(imports(read(page)) for page in pages())
    assert "sevenlessons" in code
    done = ask(python, code, tmp_path)
    assert done.returncode == 0, done.stderr
