"""A kernel that computes nothing: it gives the outputs of a published run.

With it nbval compares the very run that is published with the references,
in seconds. Cells are asked for in the order of the notebook named by the
environment variable REPLAY_NOTEBOOK; a cell that does not stand there next is
an error.
"""

import os
from pathlib import Path
from typing import Any

import nbformat
from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

__all__ = ["ReplayKernel"]

SKIPPED = {"skip-execution", "nbval-skip"}


def published_cells(path: Path) -> list[nbformat.NotebookNode]:
    """Return the cells of an executed notebook that were run."""
    notebook = nbformat.read(path, as_version=4)
    return [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and not SKIPPED & set(cell.metadata.get("tags", []))
    ]


class ReplayKernel(Kernel):
    """Answers each cell with the outputs that it had."""

    implementation = "replay"
    implementation_version = "1"
    banner = "outputs of a published run"
    language_info = {  # noqa: RUF012
        "name": "python",
        "mimetype": "text/x-python",
        "file_extension": ".py",
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        path = Path(os.environ["REPLAY_NOTEBOOK"])
        self.waiting = published_cells(path)[::-1]
        self.path = path

    def _error(self, ename: str, evalue: str, traceback: list[str]) -> dict:
        content = {"ename": ename, "evalue": evalue, "traceback": traceback}
        self.send_response(self.iopub_socket, "error", content)
        return {
            "status": "error",
            "execution_count": self.execution_count,
        } | content

    def _send(self, output: nbformat.NotebookNode) -> None:
        kind = output.output_type
        if kind == "stream":
            content = {"name": output.name, "text": output.text}
        else:
            content = {"data": output.data, "metadata": output.metadata}
        if kind == "execute_result":
            content["execution_count"] = self.execution_count
        self.send_response(self.iopub_socket, kind, content)

    async def do_execute(
        self,
        code: str,
        silent: bool,
        store_history: bool = True,
        user_expressions: dict | None = None,
        allow_stdin: bool = False,
        **kwargs: Any,
    ) -> dict:
        if not self.waiting or self.waiting[-1].source != code:
            text = f"{self.path} does not have this cell next:\n{code}"
            return self._error("UnknownCell", text, [text])
        failed: dict | None = None
        for output in self.waiting.pop().outputs:
            if output.output_type == "error":
                failed = self._error(
                    output.ename, output.evalue, list(output.traceback)
                )
            else:
                self._send(output)
        return failed or {
            "status": "ok",
            "execution_count": self.execution_count,
            "payload": [],
            "user_expressions": {},
        }


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=ReplayKernel)
