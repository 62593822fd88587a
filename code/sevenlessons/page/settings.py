"""One text, two scales: what differs between CPU and GPU, in view.

A page calls `Settings.for_device` once, at its top. The table that appears
shows both columns, so that nothing is switched behind the reader's back.
"""

import os
from collections.abc import Mapping
from typing import Any

import torch

from .output import escape, publish

__all__ = ["Settings", "pick_device"]

VARIABLE = "SEVENLESSONS_DEVICE"


def pick_device() -> str:
    """Return ``"cuda"`` if there is a GPU, else ``"cpu"``.

    The environment variable ``SEVENLESSONS_DEVICE`` overrides the choice.

    Raises
    ------
    ValueError
        If the variable names another device or a GPU that is not there.

    Examples
    --------
    >>> from sevenlessons.page.settings import pick_device
    >>> pick_device() in ("cpu", "cuda")
    True

    """
    found = "cuda" if torch.cuda.is_available() else "cpu"
    wanted = os.environ.get(VARIABLE, "").strip() or found
    if wanted not in ("cpu", "cuda"):
        raise ValueError(
            f"{VARIABLE} must be 'cpu' or 'cuda', got {wanted!r}; unset it "
            "to take what the machine has"
        )
    if wanted == "cuda" and found == "cpu":
        raise ValueError(
            f"{VARIABLE} is 'cuda', but torch sees no CUDA device; unset it "
            "or install a torch build with CUDA"
        )
    return wanted


class Settings:
    """The numbers of a page that depend on the machine.

    Parameters
    ----------
    values
        What this run uses; each becomes an attribute.
    others
        What the other kind of machine would use, shown beside it.
    device
        ``"cpu"`` or ``"cuda"``.
    seed
        The page's seed.

    Examples
    --------
    >>> from sevenlessons.page.settings import Settings
    >>> settings = Settings({"epochs": 3}, {"epochs": 9}, "cpu", 0)
    >>> settings.epochs, settings.device
    (3, 'cpu')

    """

    def __init__(
        self,
        values: Mapping[str, Any],
        others: Mapping[str, Any],
        device: str,
        seed: int,
    ) -> None:
        if values.keys() != others.keys():
            odd = sorted(values.keys() ^ others.keys())
            raise ValueError(
                f"cpu and cuda must set the same names; only one sets {odd}"
            )
        taken = sorted({"device", "seed", "for_device"} & values.keys())
        if taken:
            raise ValueError(
                f"{taken} cannot be a setting: the name is taken; rename it"
            )
        self.device = device
        self.seed = seed
        self._values = dict(values)
        self._others = dict(others)

    def __getattr__(self, name: str) -> Any:
        values = self.__dict__.get("_values", {})
        if name not in values:
            raise AttributeError(
                f"no setting is called {name!r}; there are "
                f"{', '.join(['device', 'seed', *values])}"
            )
        return values[name]

    @classmethod
    def for_device(
        cls,
        *,
        cpu: Mapping[str, Any],
        cuda: Mapping[str, Any],
        seed: int = 0,
    ) -> "Settings":
        """Choose by device, set torch's seed and show the choice.

        Parameters
        ----------
        cpu, cuda
            The same names with the values for each kind of machine.
        seed
            Given to ``torch.manual_seed``.

        """
        device = pick_device()
        values, others = (cpu, cuda) if device == "cpu" else (cuda, cpu)
        settings = cls(values, others, device, seed)
        torch.manual_seed(seed)
        publish(
            {"text/plain": repr(settings), "text/html": settings._html()}
        ) or print(repr(settings))
        return settings

    def __repr__(self) -> str:
        values = {"device": self.device, "seed": self.seed, **self._values}
        inside = ", ".join(f"{k}={v!r}" for k, v in values.items())
        return f"Settings({inside})"

    def _html(self) -> str:
        other = "cuda" if self.device == "cpu" else "cpu"
        rows = [("device", self.device, other), ("seed", self.seed, self.seed)]
        rows += [(k, v, self._others[k]) for k, v in self._values.items()]
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th><td>{escape(mine)}</td>'
            f"<td>{escape(theirs)}</td></tr>"
            for name, mine, theirs in rows
        )
        where = {"cpu": "a CPU", "cuda": "a GPU"}[other]
        return (
            '<table class="book-table settings"><thead><tr>'
            '<th scope="col">setting</th><th scope="col">this run</th>'
            f'<th scope="col">on {where}</th></tr></thead>'
            f"<tbody>{body}</tbody></table>"
        )
