"""Directive `tricks`: all boxes titled *Trick: ...*, with the way to each.

A page shows a trick as an admonition whose title starts with "Trick: ". This
extension gives each an address and lists title and first sentence, page by
page in reading order. The list is written anew when a trick, a title or the
order of the pages changes.

Read `TrickBoxes` first: it fills `env.tricks`; `fill` shows them.
"""

import re
from typing import NamedTuple

from docutils import nodes
from glossary import page_title, reading_order
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector
from sphinx.util.docutils import SphinxDirective

LEAD = "Trick: "


class Trick(NamedTuple):
    """A box of a page."""

    place: str
    title: str
    sentence: str


class TrickList(nodes.General, nodes.Element):
    """Stands where the list will be."""


class Tricks(SphinxDirective):
    """The list of all tricks of the book."""

    def run(self) -> list[nodes.Node]:
        return [TrickList()]


def tricks(env: BuildEnvironment) -> dict[str, list[Trick]]:
    """Return the tricks of each page, also of an old environment."""
    return env.__dict__.setdefault("tricks", {})


def first_sentence(text: str) -> str:
    """Return the text up to its first full stop.

    >>> first_sentence("Look first. Then train.")
    'Look first.'
    >>> first_sentence("Use 0.1 of it. And more.")
    'Use 0.1 of it.'
    """
    words = " ".join(text.split())
    return re.split(r"(?<=[.!?:])\s+(?=[A-Z])", words, maxsplit=1)[0]


class TrickBoxes(EnvironmentCollector):
    """Collects the boxes and gives each an address."""

    def clear_doc(
        self, app: Sphinx, env: BuildEnvironment, docname: str
    ) -> None:
        tricks(env).pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: set[str],
        other: BuildEnvironment,
    ) -> None:
        found = tricks(other)
        tricks(env).update({d: found[d] for d in docnames if d in found})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        found = []
        for box in doctree.findall(nodes.admonition):
            title = box[0].astext()
            if not title.startswith(LEAD):
                continue
            name = title.removeprefix(LEAD)
            place = f"trick-{nodes.make_id(name)}"
            box["ids"].append(place)
            doctree.ids[place] = box
            body = next(box.findall(nodes.paragraph), nodes.Text(""))
            found.append(Trick(place, name, first_sentence(body.astext())))
        if found:
            tricks(app.env)[app.env.docname] = found

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list:
        """Return the pages with a list, if what it shows has changed."""
        shows = [
            (page, page_title(env, page), tricks(env)[page])
            for page in reading_order(env)
            if page in tricks(env)
        ]
        if shows == getattr(env, "tricks_shown", None):
            return []
        env.tricks_shown = shows
        return sorted(
            page for page, facts in env.metadata.items() if "tricks" in facts
        )


def section(app: Sphinx, home: str, page: str) -> list[nodes.Node]:
    """Return the tricks of one page."""
    address = app.builder.get_relative_uri(home, page)

    def link(words: str, place: str = "") -> nodes.reference:
        target = f"{address}#{place}" if place else address
        return nodes.reference("", words, internal=True, refuri=target)

    lead = nodes.paragraph("", "", link(page_title(app.env, page)))
    lead["classes"].append("tricks-page")
    rows = nodes.bullet_list()
    for trick in tricks(app.env)[page]:
        name = trick.title[:1].upper() + trick.title[1:]
        words = nodes.paragraph("", "", link(name, trick.place))
        words += nodes.Text(f". {trick.sentence}")
        rows += nodes.list_item("", words)
    return [lead, rows]


def fill(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    for place in list(doctree.findall(TrickList)):
        found: list[nodes.Node] = []
        for page in reading_order(app.env):
            if page in tricks(app.env):
                found += section(app, docname, page)
        place.replace_self(found)


def note(app: Sphinx, doctree: nodes.document) -> None:
    if any(True for _ in doctree.findall(TrickList)):
        app.env.metadata[app.env.docname]["tricks"] = True


def setup(app: Sphinx) -> dict[str, bool | int]:
    app.add_node(TrickList)
    app.add_directive("tricks", Tricks)
    app.add_env_collector(TrickBoxes)
    app.connect("doctree-read", note)
    app.connect("doctree-resolved", fill)
    return {
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": 1,
    }
