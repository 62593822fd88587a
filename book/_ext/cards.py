"""Directive `data-cards`: one card for every data set of the package.

The words are those of `python -m sevenlessons data --card`.
"""

import inspect

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from sevenlessons.data import cards, catalogue, reports


def title(card: cards.DataCard) -> str:
    return card.title[0].upper() + card.title[1:]


def rows(card: cards.DataCard) -> list[tuple[str, str]]:
    """Return what the card says, name and words."""
    size = reports.megabytes(card.size_bytes)
    return [
        ("Name", card.name),
        ("Made by", card.made_by),
        ("Licence", card.licence),
        ("Credit", card.credit),
        ("How many", f"{card.how_many}, {size}"),
        ("From", "; then ".join(card.sources)),
        ("Used for", card.used_for),
    ]


class DataCards(SphinxDirective):
    """All cards, those that this book reads first."""

    def _card(self, card: cards.DataCard) -> nodes.section:
        section = nodes.section(ids=[nodes.make_id(f"data-{card.name}")])
        section += nodes.title(text=title(card))
        section += nodes.paragraph(text=card.about)
        fields = nodes.field_list()
        for name, words in rows(card):
            body = nodes.field_body("", nodes.paragraph(text=words))
            fields += nodes.field("", nodes.field_name(text=name), body)
        if card.known_flaws:
            flaws = nodes.bullet_list()
            for flaw in card.known_flaws:
                item = nodes.paragraph(text=flaw)
                flaws += nodes.list_item("", item)
            body = nodes.field_body("", flaws)
            fields += nodes.field("", nodes.field_name(text="Flaws"), body)
        section += fields
        self.state.document.note_explicit_target(section, section)
        return section

    def run(self) -> list[nodes.Node]:
        for module in (cards, catalogue, reports):
            self.env.note_dependency(inspect.getfile(module))
        self.env.note_dependency(str(catalogue.__file__)[:-2] + "json")
        known = sorted(cards.all_cards(), key=lambda card: not card.in_book)
        return [self._card(card) for card in known]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("data-cards", DataCards)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
