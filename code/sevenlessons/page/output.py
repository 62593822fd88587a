"""Show something to the reader: rich in a notebook, plain text elsewhere.

Nothing here imports IPython. If a notebook runs, IPython is loaded already
and can be asked; if none runs, the text is printed. So the same call works
in Jupyter, in Colab, in a terminal and in a test.
"""

import html
import sys
from typing import Any

__all__ = ["escape", "publish"]


def publish(
    data: dict[str, Any],
    metadata: dict[str, Any] | None = None,
    *,
    display_id: str | None = None,
    update: bool = False,
) -> bool:
    """Send one output with several representations; return if it went out.

    Parameters
    ----------
    data
        Representations by MIME type, for instance ``text/plain``.
    metadata
        What programs should know about the output.
    display_id
        A name under which the output can be replaced later.
    update
        Replace the output called `display_id` instead of adding one.

    Returns
    -------
    bool
        False outside a notebook or IPython shell: nothing was shown.

    Examples
    --------
    >>> from sevenlessons.page.output import publish
    >>> publish({"text/plain": "hello"}) in (True, False)
    True

    """
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    if shell is None:
        return False
    transient = {} if display_id is None else {"display_id": display_id}
    shell.display_pub.publish(
        data=data, metadata=metadata or {}, transient=transient, update=update
    )
    return True


def escape(text: object) -> str:
    """Return `text` so that HTML shows it as it is.

    Examples
    --------
    >>> from sevenlessons.page.output import escape
    >>> escape("a < b")
    'a &lt; b'

    """
    return html.escape(str(text))
