"""The way back from the glossary to the pages, and all words of a page.

A page names a term by the role `term`, and the link leads to the entry. This
extension leads back: it marks the first use of a term on each page, and lists
those places under the entry. The glossary's own cross-references do not
count. When a use, a title or a page's number changes, the glossary is written
anew, also if its own text is the old one. At the foot of each page stand all
terms that it used, with links: can you say what each of them means?

Read `TermUses` first: it fills `env.term_uses`, a dictionary from page to
term to the id of the first use; `add_ways_back` and `add_words` show them.
"""

from html import escape
from typing import NamedTuple

from docutils import nodes
from sphinx.addnodes import glossary, pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.environment.collectors import EnvironmentCollector


class Use(NamedTuple):
    """A place where a page uses a term for the first time."""

    page: str
    place: str
    title: str


def uses(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Return the places of all terms by page, also of an old environment."""
    return env.__dict__.setdefault("term_uses", {})


class TermUses(EnvironmentCollector):
    """Collects where pages use terms."""

    def clear_doc(
        self, app: Sphinx, env: BuildEnvironment, docname: str
    ) -> None:
        uses(env).pop(docname, None)

    def merge_other(
        self,
        app: Sphinx,
        env: BuildEnvironment,
        docnames: set[str],
        other: BuildEnvironment,
    ) -> None:
        found = uses(other)
        uses(env).update({d: found[d] for d in docnames if d in found})

    def process_doc(self, app: Sphinx, doctree: nodes.document) -> None:
        found: dict[str, str] = {}
        for link in doctree.findall(pending_xref):
            if (link["refdomain"], link["reftype"]) != ("std", "term"):
                continue
            term = link["reftarget"].lower()
            if term not in found:
                found[term] = mark(doctree, link, term)
        if found:
            uses(app.env)[app.env.docname] = found

    def get_updated_docs(self, app: Sphinx, env: BuildEnvironment) -> list:
        """Return the pages with entries, if what they show has changed.

        Sphinx asks after the titles and numbers of all pages are known.
        """
        shows = {term: entry_uses(env, term) for term in all_terms(env)}
        if shows == getattr(env, "term_uses_shown", None):
            return []
        env.term_uses_shown = shows
        return sorted(set(all_terms(env).values()))


def mark(doctree: nodes.document, link: pending_xref, term: str) -> str:
    """Give the words of `link` an id, and return it."""
    place = start = f"use-{nodes.make_id(term)}"
    number = 1
    while place in doctree.ids:
        number += 1
        place = f"{start}-{number}"
    words = link[0]
    words["ids"].append(place)
    doctree.ids[place] = words
    return place


def all_terms(env: BuildEnvironment) -> dict[str, str]:
    """Return the page of each entry, by its term in small letters."""
    known = env.get_domain("std").objects.items()
    return {
        name.lower(): docname
        for (kind, name), (docname, _) in known
        if kind == "term"
    }


def reading_order(env: BuildEnvironment) -> list[str]:
    """Return all pages in the order of the table of contents."""
    order: dict[str, None] = {}

    def visit(page: str) -> None:
        if page not in order:
            order[page] = None
            for below in env.toctree_includes.get(page, []):
                visit(below)

    for page in (env.config.root_doc, *sorted(env.found_docs)):
        visit(page)
    return list(order)


def page_title(env: BuildEnvironment, page: str) -> str:
    """Return the title of `page`, with its number where it has one."""
    number = env.toc_secnumbers.get(page, {}).get("")
    title = env.titles[page].astext()
    return f"{'.'.join(map(str, number))}. {title}" if number else title


def entry_uses(env: BuildEnvironment, term: str) -> list[Use]:
    """Return the uses of `term` on other pages, in reading order."""
    home, found = all_terms(env)[term], uses(env)
    return [
        Use(page, found[page][term], page_title(env, page))
        for page in reading_order(env)
        if page != home and term in found.get(page, {})
    ]


def way_back(app: Sphinx, home: str, places: list[Use]) -> nodes.paragraph:
    """Return the line under an entry, with a link to each place."""
    lead = "On the page: " if len(places) == 1 else "On the pages: "
    line = nodes.paragraph("", lead, classes=["glossary-uses"])
    for number, use in enumerate(places):
        if number:
            line += nodes.Text("; ")
        address = app.builder.get_relative_uri(home, use.page)
        line += nodes.reference(
            "",
            use.title,
            internal=True,
            refuri=f"{address}#{use.place}",
        )
    return line


def add_ways_back(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Put the uses under each entry of a glossary."""
    for block in doctree.findall(glossary):
        for item in block.findall(nodes.definition_list_item):
            places: dict[Use, None] = {}
            for term in item.findall(nodes.term):
                name = term.astext().lower()
                places.update(dict.fromkeys(entry_uses(app.env, name)))
            if places:
                item[-1] += way_back(app, docname, list(places))


def word_links(app: Sphinx, page: str) -> list[str]:
    """Return a link to the entry of each term that `page` uses, sorted."""
    known = app.env.get_domain("std").objects
    entries = {
        name.lower(): (name, *place)
        for (kind, name), place in known.items()
        if kind == "term"
    }
    links = []
    for term in sorted(uses(app.env).get(page, {})):
        if term not in entries or entries[term][1] == page:
            continue
        name, home, anchor = entries[term]
        address = f"{app.builder.get_relative_uri(page, home)}#{anchor}"
        links.append(f'<a href="{escape(address)}">{escape(name)}</a>')
    return links


def add_words(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    """Put the terms of a page at its foot."""
    links = word_links(app, pagename)
    if links and "body" in context:
        items = "".join(f"<li>{link}</li>" for link in links)
        context["body"] += (
            '<nav class="page-words" aria-labelledby="page-words">'
            '<p id="page-words">Words of this page</p>'
            f"<ul>{items}</ul></nav>"
        )


def setup(app: Sphinx) -> dict[str, bool | int]:
    app.add_env_collector(TermUses)
    app.connect("doctree-resolved", add_ways_back)
    app.connect("html-page-context", add_words, priority=400)
    app.add_css_file("glossary.css")
    return {
        "parallel_read_safe": True,
        "parallel_write_safe": True,
        "env_version": 1,
    }
