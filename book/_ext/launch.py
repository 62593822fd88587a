"""Buttons of a page: Colab, Binder, the notebook, its source.

The theme's own Colab and Binder buttons open the text source, which neither
can run. Here they open notebooks in plain Markdown, which `scripts/launch`
makes from each page as it is shown. `book/site.toml` is the one place that
says where the book lives; while it does not, no button leads there: hidden is
better than wrong.
"""

import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path

import myst_nb.sphinx_ as parser
import nbformat
import receipt
from docutils import nodes
from executed import executed_path
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.launch import address, cells, files, markers, raw  # noqa: E402
from scripts.launch import notebook as notebooks  # noqa: E402
from scripts.launch.context import Context  # noqa: E402
from scripts.launch.references import citations  # noqa: E402

FOLDER = "_build/launch"
ARCHIVES = "scripts/bookrun/bundle.py"  # writes them after the build
ALL_NOTEBOOKS = "seven-lessons-notebooks.zip"
THEME = ("repository", "issues", "source")
logger = logging.getLogger(__name__)


def site_of(app: Sphinx) -> address.Site:
    return address.load_site(Path(app.confdir, "book/site.toml"))


def launch_path(app: Sphinx, docname: str) -> Path:
    return Path(app.confdir, FOLDER, f"{docname.removeprefix('book/')}.ipynb")


def download_path(app: Sphinx, docname: str) -> Path:
    return Path(app.outdir, "_sources", f"{docname}.ipynb")


def code_key() -> str:
    """Return a digest of the translator: another one, other notebooks."""
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for path in sorted((ROOT / "scripts/launch").glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def configure(app: Sphinx, config: Config) -> None:
    """Hand the repository's address to the theme, if there is one."""
    site = site_of(app)
    config.launch_key = f"{code_key()} {site}"
    options = config.html_theme_options
    known = bool(site.repository)
    for name in THEME:
        options[f"use_{name}_button"] = known
    options["use_edit_page_button"] = known
    options.pop("repository_url", None)
    if known:
        options["repository_url"] = site.repository
        options["repository_branch"] = site.branch
    if site.address:
        config.html_baseurl = site.address


def install(app: Sphinx, env: BuildEnvironment, docnames: list[str]) -> None:
    """Let the reader of pages say where each code cell stands."""
    inner = parser.create_nb_reader

    def create(path: str, md_config, nb_config, content):
        reader = inner(path, md_config, nb_config, content)
        if reader is None:
            return reader
        read = reader.read
        reader.read = lambda text: markers.mark(read(text))
        return reader

    parser.create_nb_reader = create


def missing(
    app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set
) -> list[str]:
    """Read a page again whose notebooks were deleted."""
    return [
        name
        for name in env.found_docs - removed
        if executed_path(app, name).is_file()
        and name in env.all_docs
        and not (
            launch_path(app, name).is_file()
            and download_path(app, name).is_file()
        )
    ]


def translated(app: Sphinx, docname: str, doctree: nodes.document) -> bool:
    """Write both notebooks of a page; warn of all that is wrong."""
    source = executed_path(app, docname)
    if not source.is_file():
        return False
    executed = nbformat.read(source, as_version=4)
    context = Context(
        docname=docname,
        site=site_of(app),
        source=Path(app.srcdir),
        numbers=app.builder.fignumbers,
        formats=app.config.numfig_format,
        titles={title.astext() for title in app.env.titles.values()},
        citations=citations(app.env),
    )
    pieces = cells.translate(doctree, context)
    found, faults = cells.body(pieces, executed)
    faults += context.faults
    if found:
        page = docname.removeprefix("book/")
        row = receipt.load(app).get(page)
        words = receipt.sentence(row) if row else ""
        full = notebooks.assemble(found, page, words)
        bare = notebooks.without_outputs(full)
        commit = files.build_commit(Path(app.confdir))
        both = (
            (launch_path(app, docname), bare),
            (
                download_path(app, docname),
                full,
            ),
        )
        for path, notebook in both:
            notebooks.pin(notebook, context.site, commit)
            faults += notebooks.differences(notebook, executed)
            files.write(path, notebook)
        faults += raw.raw_myst(bare)
    for fault in faults:
        logger.warning("launch notebook: %s", fault, location=docname)
    return bool(found)


def link(url: str, text: str, tooltip: str, icon: str, label: str) -> dict:
    return {
        "type": "link",
        "url": url,
        "text": text,
        "tooltip": tooltip,
        "icon": icon,
        "label": label,
    }


def launch_links(site: address.Site, page: str) -> Iterator[dict]:
    yield link(
        site.colab(page),
        "Open in Colab",
        "Run this page on a machine of Google, with a GPU if you choose one",
        "fas fa-cloud",
        "launch-colab-button",
    )
    yield link(
        site.binder(page),
        "Open in Binder",
        "Run this page on a small free machine; starting takes minutes",
        "fas fa-flask",
        "launch-binder-button",
    )


def buttons(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    """Add the buttons of a page that has code."""
    groups = context.get("header_buttons")
    if groups is None or not isinstance(doctree, nodes.document):
        return
    if not translated(app, pagename, doctree):
        return
    for group in groups:
        if group.get("label") == "download-buttons":
            url = context["pathto"](f"_sources/{pagename}.ipynb", 1)
            notebook = link(
                url,
                ".ipynb",
                "Download the executed notebook",
                "fas fa-code",
                "download-notebook-button",
            )
            group["buttons"].insert(0, notebook)
            if Path(app.confdir, ARCHIVES).is_file():
                archive = link(
                    context["pathto"]("downloads/" + ALL_NOTEBOOKS, 1),
                    "all .ipynb",
                    "Download all executed notebooks",
                    "fas fa-box-archive",
                    "download-all-notebooks-button",
                )
                group["buttons"].insert(1, archive)
    site = site_of(app)
    if site.launchable:
        page = pagename.removeprefix("book/")
        group = {
            "type": "group",
            "tooltip": "Run this page",
            "icon": "fas fa-rocket",
            "buttons": list(launch_links(site, page)),
            "label": "launch-buttons",
        }
        groups.insert(0, group)


def finish(app: Sphinx, error: Exception | None) -> None:
    """Keep the notebooks of unchanged pages in step; drop those of no page."""
    if error or app.builder.format != "html":
        return
    docnames = [
        name
        for name in app.env.found_docs
        if executed_path(app, name).is_file()
    ]
    site, commit = site_of(app), files.build_commit(Path(app.confdir))
    launch = Path(app.confdir, FOLDER)
    sources = Path(app.outdir, "_sources")
    files.prune(launch, (name.removeprefix("book/") for name in docnames))
    files.prune(sources, docnames)
    for folder in (launch, sources):
        files.pin_all(folder, site, commit)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("launch_key", "", "html")
    app.connect("config-inited", configure)
    app.connect("env-before-read-docs", install)
    app.connect("env-get-outdated", missing)
    app.connect("html-page-context", buttons, priority=900)
    app.connect("build-finished", finish)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
