"""Scripts and styles that travel inside an output, so that nothing is loaded.

A figure that moves carries its script in its own HTML. So it works in the
site, in Jupyter and in Colab, without a server and without another host.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["asset", "embedded"]


@cache
def asset(name: str) -> str:
    """Return a script or style of this room, without indents and comments.

    Parameters
    ----------
    name
        A file beside this module, such as ``"player.js"``.

    Returns
    -------
    str
        Its lines. A line that starts with ``//``, or is a comment of CSS as
        a whole, is left out.

    Raises
    ------
    FileNotFoundError
        If there is none.

    Examples
    --------
    >>> from sevenlessons.page.assets import asset
    >>> "prefers-reduced-motion" in asset("player.js")
    True

    """
    file = files(__package__).joinpath(name)
    if not file.is_file():
        raise FileNotFoundError(
            f"the package has no page/{name}; it was installed without its "
            "data files: install it again with pip"
        )
    lines = map(str.strip, file.read_text(encoding="utf-8").splitlines())
    return "\n".join(
        line
        for line in lines
        if line
        and not line.startswith("//")
        and not (line.startswith("/*") and line.endswith("*/"))
    )


def embedded(script: str, data: Any) -> str:
    """Return the end of a figure: its data, then its script.

    Parameters
    ----------
    script
        Name of the script for `asset`.
    data
        What it reads: numbers, texts, lists and dictionaries.

    Examples
    --------
    >>> from sevenlessons.page.assets import embedded
    >>> embedded("player.js", {"a": "</script>"})[:51]
    '<script type="application/json" class="bp-data">{"a'

    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    text = text.replace("<", "\\u003c")  # or a text could end the script
    return (
        f'<script type="application/json" class="bp-data">{text}</script>'
        f"<script>{asset(script)}</script>"
    )
