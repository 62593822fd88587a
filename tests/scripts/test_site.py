"""The site shows judged runs, and says so where it cannot."""

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from scripts.bookrun.pages import parse_cells

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_nb", "executed"]
nb_execution_mode = "off"
include_patterns = ["book/**"]
root_doc = "book/index"
"""
PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
  language: python
---

# Page

```{code-cell} ipython3
6 * 7
```
"""


@pytest.fixture
def site(tmp_path):
    (tmp_path / "book").mkdir()
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "book/index.md").write_text(PAGE)
    notebook = parse_cells(PAGE, tmp_path)
    cell = notebook.cells[-1]
    cell.execution_count = 1
    data = {"text/plain": "the judged output"}
    cell.outputs = [
        nbformat.v4.new_output("execute_result", data, execution_count=1)
    ]
    folder = tmp_path / "_build/notebooks"
    folder.mkdir(parents=True)
    nbformat.write(notebook, folder / "index.ipynb")
    return tmp_path


def build(site):
    command = [sys.executable, "-m", "sphinx", "-W", "-q", "-b", "html"]
    command += [str(site), str(site / "html")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_judged_output_is_shown_and_a_stale_one_is_refused(site):
    done = build(site)
    assert done.returncode == 0, done.stderr
    html = site / "html/book/index.html"
    assert "the judged output" in html.read_text()
    page = site / "book/index.md"
    page.write_text(PAGE.replace("6 * 7", "6 * 8"))
    done = build(site)
    assert done.returncode != 0
    assert "the cells are not those of" in done.stderr


def test_a_page_that_never_ran_is_refused(site):
    (site / "_build/notebooks/index.ipynb").unlink()
    done = build(site)
    assert done.returncode != 0
    assert "no executed notebook" in done.stderr
