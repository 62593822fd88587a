"""The real thing: `pip install` of the checkout into a new environment.

Downloads gigabytes and takes minutes, so it only runs with -m network.
"""

import shutil

import pytest
from tests.launch import bare
from tests.launch.test_bare import LAUNCH, ask

pytestmark = [
    pytest.mark.network,
    pytest.mark.filterwarnings("default"),
]
NEEDED_GB = 12
RUN = """
import asyncio, json, sys
from jupyter_client.manager import start_new_kernel
cells = json.load(open(sys.argv[1]))["cells"]
manager, client = start_new_kernel(kernel_name="python3")
for cell in cells:
    if cell["cell_type"] == "code":
        code = "".join(cell["source"])
        answer = client.execute_interactive(code, timeout=600)["content"]
        assert answer["status"] == "ok", answer
manager.shutdown_kernel()
print("all cells ran")
"""


def test_pip_installs_what_a_page_needs(tmp_path):
    free = shutil.disk_usage(tmp_path).free / 2**30
    if free < NEEDED_GB:
        pytest.skip(f"needs {NEEDED_GB} GB of disk, {free:.0f} are free")
    python = bare.venv(tmp_path / "env")
    try:
        folder = bare.sources(tmp_path / "sources")
        bare.pip(
            python,
            "install",
            "-q",
            "--no-cache-dir",
            f"{folder}[lessons]",
            *bare.KERNEL,
            cwd=tmp_path,
        )
        shutil.rmtree(folder)
        page = LAUNCH / "start/run.ipynb"
        code = RUN.replace("sys.argv[1]", repr(str(page)))
        done = ask(python, code, tmp_path)
        assert "all cells ran" in done.stdout, done.stderr
    finally:
        shutil.rmtree(tmp_path / "env", ignore_errors=True)
