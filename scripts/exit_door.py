"""Build the site with Sphinx alone: the way out of Jupyter Book.

Usage: python -m scripts.exit_door

Jupyter Book turns `_config.yml` into a `conf.py`. Without its own extension
in it, plain Sphinx must build the same pages from the same executed
notebooks, without a warning, into `_build/exit`. So nothing may be used that
only the wrapper offers. Needs the pages to have run (`make book`).
"""

import os
import re
import subprocess
import sys
from pathlib import Path

__all__ = ["plain_config"]

ROOT = Path(__file__).resolve().parents[1]


def plain_config(text: str) -> str:
    """Return a `conf.py` for Sphinx from the one that Jupyter Book writes.

    >>> print(plain_config("extensions = ['myst_nb', 'jupyter_book']"))
    import sys
    sys.path[:0] = ['book/_ext', 'code']
    extensions = ['myst_nb']
    """
    plain, count = re.subn(r"'jupyter_book', |, 'jupyter_book'", "", text)
    if count != 1:
        raise ValueError(
            f"found jupyter_book {count} times in its own conf.py; it must"
            " be one of the extensions that _config.yml lists"
        )
    return f"import sys\nsys.path[:0] = ['book/_ext', 'code']\n{plain}"


def main() -> int:
    """Build; return the exit status."""
    conf = ROOT / "conf.py"
    if conf.exists():
        print(f"{conf} is in the way: take it away")
        return 1
    programs = Path(sys.executable).parent
    env = os.environ | {"PYTHONPATH": str(ROOT / "code"), "MPLBACKEND": "agg"}
    try:
        command = [str(programs / "jupyter-book"), "config", "sphinx", "."]
        subprocess.run(
            command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL
        )
        text = plain_config(conf.read_text(encoding="utf-8"))
        conf.write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "-n"]
        command += ["--keep-going", "-q", "-E", "-d", "_build/exit-trees"]
        built = subprocess.run(
            [*command, ".", "_build/exit"], cwd=ROOT, env=env, check=False
        )
    finally:
        conf.unlink(missing_ok=True)
    print(f"exit door: {'open' if built.returncode == 0 else 'SHUT'}")
    return built.returncode


if __name__ == "__main__":
    sys.exit(main())
