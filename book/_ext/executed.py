"""Show the runs that were judged, instead of running a page again.

`scripts/bookrun` leaves an executed notebook for each page. This extension
gives its outputs to myst-nb, cell by cell, where the page is read. A page
whose cells are not those of its executed notebook is a warning, and with `-W`
a failure: what is shown was run.
"""

from pathlib import Path

import myst_nb.sphinx_ as parser
import nbformat
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

FOLDER = "_build/notebooks"
LEDGER_ROW = "application/vnd.sevenlessons.result+json"
logger = logging.getLogger(__name__)
original = parser.create_nb_reader


def executed_path(app: Sphinx, docname: str) -> Path:
    page = docname.removeprefix("book/")
    return Path(app.confdir, FOLDER, f"{page}.ipynb")


def code_cells(notebook: nbformat.NotebookNode) -> list:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def shown(output: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return `output` without the row that only the ledger reads."""
    output.get("data", {}).pop(LEDGER_ROW, None)
    return output


def fill(notebook: nbformat.NotebookNode, path: Path, docname: str) -> None:
    """Copy the outputs at `path` into the cells of `notebook`."""
    cells = code_cells(notebook)
    if not cells:
        return
    if not path.is_file():
        logger.warning(
            "no executed notebook at %s; run make book", path, location=docname
        )
        return
    run = nbformat.read(path, as_version=4)
    runs = code_cells(run)
    if [c.source for c in cells] != [c.source for c in runs]:
        logger.warning(
            "the cells are not those of %s; run make book",
            path,
            location=docname,
        )
        return
    for cell, source in zip(cells, runs, strict=True):
        cell.outputs = [shown(output) for output in source.outputs]
        cell.execution_count = source.execution_count
    notebook.metadata["language_info"] = run.metadata.get("language_info", {})


def install(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Wrap myst-nb's reader, once all is configured."""

    def create(path: str, md_config, nb_config, content):
        reader = original(path, md_config, nb_config, content)
        docname = env.path2doc(path)
        if reader is None or not docname:
            return reader
        source = executed_path(app, docname)
        env.note_dependency(str(source))
        read = reader.read

        def read_executed(text: str) -> nbformat.NotebookNode:
            notebook = read(text)
            fill(notebook, source, docname)
            return notebook

        reader.read = read_executed
        return reader

    parser.create_nb_reader = create


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("env-before-read-docs", install)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
