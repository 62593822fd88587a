"""Tables for a terminal of 80 columns."""

import textwrap
from collections.abc import Collection, Sequence

from sevenlessons.data.cards import DataCard
from sevenlessons.data.reports import megabytes

__all__ = ["data_table"]

_WIDTH = 79
_ROW = "{:<19}{:>9}  {:<18}{:<23}{}"
_SHORT = {  # a source's first word, and its kind in a narrow column
    "pip": "pip",
    "apt": "apt",
    "git": "git",
    "url": "url",
    "torchvision": "torchvision",
}


def _where_from(card: DataCard) -> str:
    """Return the kinds of sources, in their order."""
    first = (line.split()[0].split(".")[0] for line in card.sources)
    return ", ".join(_SHORT[word] for word in first)


def data_table(cards: Sequence[DataCard], present: Collection[str]) -> str:
    """Return the list of data sets, two lines or more each.

    Parameters
    ----------
    cards
        One a data set.
    present
        Names of the sets that lie in the cache.

    Examples
    --------
    >>> from sevenlessons.data.cards import card
    >>> print(data_table([card("adult")], {"adult"}))
    name                    size  how many          from                   here
    adult                 4.0 MB  32,561 persons    pip                    yes
      census extract of 1994, USA
      licence: package BSD; data CC-BY-4.0 at UCI (to be confirmed)

    """
    lines = [_ROW.format("name", "size", "how many", "from", "here")]
    for card in cards:
        here = "yes" if card.name in present else "-"
        size = megabytes(card.size_bytes)
        row = (card.name, size, card.how_many, _where_from(card), here)
        lines.append(_ROW.format(*row).rstrip())
        lines.append(f"  {card.title}")
        lines += textwrap.wrap(
            f"licence: {card.licence}",
            _WIDTH,
            initial_indent="  ",
            subsequent_indent="    ",
        )
    return "\n".join(lines)
