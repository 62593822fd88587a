"""At the course's scale: code for the original data, run where it can run.

The original course used larger data and a GPU. A page holds that code as a
function and hands it to `at_course_scale`, which runs it where there is a
GPU and the download works, and elsewhere says plainly that it did not run.
"""

from collections.abc import Callable

from .output import escape, publish
from .settings import pick_device

__all__ = ["at_course_scale"]


def at_course_scale(run: Callable[[], str], *, needs: str) -> bool:
    """Run `run` if there is a GPU, and show its text; else say why not.

    Parameters
    ----------
    run
        Fetches its data, trains, and returns a sentence with the result.
    needs
        What it needs, in words.

    Returns
    -------
    bool
        Whether it ran to its end. Where it did not, no number is shown.

    Examples
    --------
    >>> import os
    >>> os.environ["SEVENLESSONS_DEVICE"] = "cpu"
    >>> at_course_scale(lambda: "error rate ...", needs="a GPU and the pets")
    Not run here: needs a GPU and the pets, and this run is on a CPU.
    False
    >>> del os.environ["SEVENLESSONS_DEVICE"]

    """
    if pick_device() != "cuda":
        _say(f"Not run here: needs {needs}, and this run is on a CPU.")
        return False
    try:
        text = run()
    except (OSError, RuntimeError) as error:
        # A missing network, a full disk or a server that is gone.
        reason = str(error).strip().splitlines() or [type(error).__name__]
        _say(f"Not run here: needs {needs}, and it stopped ({reason[0]}).")
        return False
    _say(f"Run at the course's scale: {text}")
    return True


def _say(text: str) -> None:
    html = f'<p class="course-scale">{escape(text)}</p>'
    publish({"text/plain": text, "text/html": html}) or print(text)
