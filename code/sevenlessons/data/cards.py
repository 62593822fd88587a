"""The data card: what a set is, who made it, its licence, its known flaws.

Cards are read from the catalogue and nowhere else; the command line and the
book's data page show the same words.
"""

from dataclasses import dataclass

from .catalogue import find_set, load_catalogue
from .reports import megabytes

__all__ = ["DataCard", "all_cards", "card"]


@dataclass(frozen=True, kw_only=True)
class DataCard:
    """What a reader should know about a data set before using it.

    Parameters
    ----------
    name
        The name that `sevenlessons.data.cache.ensure` takes.
    title
        A few words.
    about
        What is in it.
    made_by
        Who made it.
    licence
        As far as it is known; says "to be confirmed" where it is not.
    credit
        The line to show beside anything taken from it.
    rows
        How many of `unit` there are.
    unit
        What is counted: photos, persons, ratings, ...
    size_bytes
        On disk, once fetched.
    known_flaws
        One sentence each.
    sources
        Where it comes from, in the order in which they are tried.
    used_for
        Where in the book.
    in_book
        Whether the pages of the book read it.

    """

    name: str
    title: str
    about: str
    made_by: str
    licence: str
    credit: str
    rows: int
    unit: str
    size_bytes: int
    known_flaws: tuple[str, ...]
    sources: tuple[str, ...]
    used_for: str
    in_book: bool

    @property
    def how_many(self) -> str:
        """Return the number with its unit, such as "70,000 pictures"."""
        return f"{self.rows:,} {self.unit}"

    def to_markdown(self) -> str:
        """Return the card as Markdown: a definition a line, a list of flaws.

        Examples
        --------
        >>> card("adult").to_markdown().splitlines()[0]
        '**Census extract of 1994, USA** (`adult`)'

        """
        title = self.title[0].upper() + self.title[1:]
        lines = [
            f"**{title}** (`{self.name}`)",
            "",
            self.about,
            "",
            f"- Made by: {self.made_by}",
            f"- Licence: {self.licence}",
            f"- Credit: {self.credit}",
            f"- How many: {self.how_many}, {megabytes(self.size_bytes)}",
            f"- From: {'; then '.join(self.sources)}",
            f"- Used for: {self.used_for}",
            "- Known flaws:",
            *(f"  - {flaw}" for flaw in self.known_flaws),
        ]
        return "\n".join(lines) + "\n"


def card(name: str) -> DataCard:
    """Return the card of data set `name`.

    Raises
    ------
    ValueError
        If there is no such data set.

    Examples
    --------
    >>> card("mnist_5k").how_many
    '5,000 digits'

    """
    entry = find_set(name)
    return DataCard(
        name=entry.name,
        title=entry.title,
        about=entry.about,
        made_by=entry.made_by,
        licence=entry.licence,
        credit=entry.credit,
        rows=entry.rows,
        unit=entry.unit,
        size_bytes=entry.content.size,
        known_flaws=entry.known_flaws,
        sources=tuple(source.label for source in entry.sources),
        used_for=entry.used_for,
        in_book=entry.in_book,
    )


def all_cards() -> list[DataCard]:
    """Return the cards of all data sets, in the catalogue's order.

    Examples
    --------
    >>> len(all_cards())
    14

    """
    return [card(name) for name in load_catalogue()]
