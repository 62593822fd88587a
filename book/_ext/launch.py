"""Buttons of a page: the executed notebook, and where the source lives.

`book/site.toml` is the one place that says where the repository is. While it
does not, no button leads there: hidden is better than wrong. The theme's own
Colab and Binder buttons open the text source, which neither can run, so they
are never switched on.
"""

import shutil
import tomllib
from pathlib import Path

from executed import executed_path
from sphinx.application import Sphinx
from sphinx.config import Config

LINKS = ("repository", "issues", "edit_page", "source")


def configure(app: Sphinx, config: Config) -> None:
    """Hand the repository's address to the theme, if there is one."""
    path = Path(app.confdir, "book/site.toml")
    site = tomllib.loads(path.read_text(encoding="utf-8"))
    options = config.html_theme_options
    known = bool(site["repository"])
    for name in LINKS:
        key = "use_edit_page_button"
        if name != "edit_page":
            key = f"use_{name}_button"
        options[key] = known
    options.pop("repository_url", None)
    if known:
        options["repository_url"] = site["repository"]
        options["repository_branch"] = site["branch"]
    if site["address"]:
        config.html_baseurl = site["address"]


def download(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    """Offer the executed notebook, where the page has one."""
    source = executed_path(app, pagename)
    for group in context.get("header_buttons", []):
        if group.get("label") != "download-buttons" or not source.is_file():
            continue
        target = Path(app.outdir, "_sources", f"{pagename}.ipynb")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        group["buttons"].insert(
            0,
            {
                "type": "link",
                "url": context["pathto"](f"_sources/{pagename}.ipynb", 1),
                "text": ".ipynb",
                "icon": "fas fa-code",
                "tooltip": "Download the executed notebook",
                "label": "download-notebook-button",
            },
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("config-inited", configure)
    app.connect("html-page-context", download, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
