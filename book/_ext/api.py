"""Reference of the package, linked with the pages both ways.

A page `book/back/api/ROOM.md` with the directive `api-room` lists every
module of that room with its public names. Each entry says on which pages it
is used; import lines in the code of a page, and the files that a page names
at its top, lead to the entries. `api_usage` reads the pages.
"""

import re
import sys
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

PACKAGE = "sevenlessons"
FOLDER = "book/back/api/"
DIRECTIVE = re.compile(r"^`{3,}\{api-room\} *(\w+) *\n`{3,}$", re.M)
IMPORT = re.compile(
    r'<span class="nn">(?P<module>sevenlessons[\w.]*)</span>'
    r'(?P<rest>(?:<span class="w"> </span>|\s)*<span class="kn">import</span>'
    r"(?:<span class=\"w\"> </span>|[ ])*"
    r'(?:<span class="p">\(</span>.*?<span class="p">\)</span>|[^\n]*))',
    re.DOTALL,
)
NAME = re.compile(r'<span class="n">(\w+)</span>')
logger = logging.getLogger(__name__)


def modules_of(app: Sphinx, room: str) -> list[str]:
    """Return the modules of a room, by their short names."""
    folder = Path(app.confdir, "code", PACKAGE, room)
    return sorted(p.stem for p in folder.glob("*.py") if p.stem[0] != "_")


def expand(app: Sphinx, docname: str, source: list[str]) -> None:
    """Replace the directive by a section and an automodule each."""

    def text(match: re.Match[str]) -> str:
        room = match[1]
        parts = []
        for name in modules_of(app, room):
            parts += [
                f"## {room}/{name}",
                "```{eval-rst}",
                f".. automodule:: {PACKAGE}.{room}.{name}",
                "   :members:",
                "```",
            ]
        if not parts:
            logger.warning("no modules in room %s", room, location=docname)
        return "\n\n".join(parts).replace("\n\n   :", "\n   :")

    if docname.startswith(FOLDER):
        source[0] = DIRECTIVE.sub(text, source[0])


def outdated(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, gone: set
) -> list[str]:
    """Return the reference pages whose modules or users are others now."""
    root = str(app.confdir)
    if root not in sys.path:
        sys.path.insert(0, root)
    from scripts.api_usage import used_on  # noqa: PLC0415

    users = used_on(Path(root))
    before = getattr(env, "api_state", {})
    now, pages = {}, []
    for docname in env.found_docs:
        if not docname.startswith(FOLDER):
            continue
        room = docname.removeprefix(FOLDER)
        start = f"{PACKAGE}.{room}."
        mine = {k: v for k, v in users.items() if k.startswith(start)}
        now[docname] = (modules_of(app, room), mine)
        if docname in before and before[docname] != now[docname]:
            pages.append(docname)
    env.api_state, env.api_users = now, users
    return pages


def append_users(
    app: Sphinx, what: str, name: str, obj: object, options, lines: list[str]
) -> None:
    """Say below an entry where it is used."""
    pages = getattr(app.env, "api_users", {}).get(name)
    if pages:
        links = ", ".join(f":doc:`/book/{page}`" for page in pages)
        lines += ["", ".. container:: used-in", "", f"   Used in: {links}", ""]


def target(app: Sphinx, page: str, name: str) -> str | None:
    """Return the address of the entry of `name`, seen from `page`."""
    domain = app.env.get_domain("py")
    if name in domain.modules:
        docname, anchor = domain.modules[name].docname, f"module-{name}"
    elif name in domain.objects:
        docname, anchor = domain.objects[name].docname, name
    else:
        return None
    if not docname.startswith(FOLDER):
        return None
    return f"{app.builder.get_relative_uri(page, docname)}#{anchor}"


def link_files(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Lead from the files that a page names at its top to their entries."""
    for paragraph in doctree.findall(nodes.paragraph):
        if not paragraph.astext().startswith("Package files used"):
            continue
        for literal in list(paragraph.findall(nodes.literal)):
            words = literal.astext().removesuffix(".py").rstrip("/")
            name = f"{PACKAGE}." + words.replace("/", ".")
            uri = target(app, page, name)
            if uri:
                link = nodes.reference("", "", internal=True, refuri=uri)
                literal.replace_self(link)
                link += literal
            elif not Path(app.confdir, "code", PACKAGE, words).exists():
                path = Path(app.confdir, "code", PACKAGE, f"{words}.py")
                if not path.is_file():
                    logger.warning(
                        "%s names %s among the package files, which the"
                        " package does not have",
                        page,
                        literal.astext(),
                        location=page,
                    )


def link_imports(
    app: Sphinx, page: str, template: str, context: dict, doctree: object
) -> None:
    """Make the imported names of the code cells links to their entries."""
    if "body" not in context or page.startswith(FOLDER):
        return

    def link(name: str, html: str) -> str:
        uri = target(app, page, name)
        if uri is None:
            return html
        return f'<a class="api-link" href="{escape(uri)}">{html}</a>'

    def whole(match: re.Match[str]) -> str:
        module = match["module"]
        rest = NAME.sub(
            lambda m: link(f"{module}.{m[1]}", m[0]), match["rest"]
        )
        head = f'<span class="nn">{module}</span>'
        return link(module, head) + rest

    context["body"] = IMPORT.sub(whole, context["body"])


def configure(app: Sphinx, config: object) -> None:
    """Be strict with our own names only; the rest is other projects'.

    A type variable is a name of ours too, but no object to link to.
    """
    variables = ("py:class", rf"{PACKAGE}\..*\.Answer")
    foreign = [("py:.*", rf"(?!{PACKAGE}\.).*"), ("py:.*", r".*\._\w*")]
    app.config.nitpick_ignore_regex = [
        *app.config.nitpick_ignore_regex,
        *foreign,
        variables,
    ]


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", configure)
    app.connect("source-read", expand)
    app.connect("env-get-outdated", outdated)
    app.connect("autodoc-process-docstring", append_users, priority=900)
    app.connect("doctree-resolved", link_files)
    app.connect("html-page-context", link_imports)
    app.add_css_file("api.css")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
