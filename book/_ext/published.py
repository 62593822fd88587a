"""What only a published site has: its own 404 page, a sitemap, social cards.

`address` in book/site.toml says where the site is published. While it is
empty there are no sitemap and no cards: their links would lead nowhere. The
404 page is always there; a server shows it for any missing address, at any
depth, so its links start at the root of the host.
"""

import shutil
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from sphinx.application import Sphinx
from sphinx.errors import ConfigError

LOGO = "book/_static/logo.png"
NO_PAGES = ["404.html", "genindex.html", "py-modindex.html", "search.html"]
NO_PAGES += ["_modules/*"]
CARDS = "_images/social_previews"
CARD = {
    "line_color": "#0f5c94",
    "site_url": True,
}
LOST = """
<section id="page-not-found">
<h1>This page does not exist</h1>
<p>It may have been moved or renamed, or its address has a slip in it.</p>
<h2>Where to go on</h2>
<ul>
<li><a href="{prefix}{front}">The front page and its list of lessons</a></li>
<li><a href="{prefix}search.html">Search the book</a></li>
</ul>
</section>
"""


def published_at(root: Path) -> str:
    """Return the address in book/site.toml; empty while there is none."""
    path = root / "book/site.toml"
    address = tomllib.loads(path.read_text(encoding="utf-8"))["address"]
    parts = urlsplit(address)
    sound = parts.scheme in ("http", "https") and parts.netloc
    if address and not (sound and address.endswith("/")):
        raise ConfigError(
            f"address in {path} is {address!r}; expected something like"
            " https://example.org/book/ with a slash at the end, or nothing"
        )
    return address


def refill(app: Sphinx, error: Exception | None) -> None:
    """Tell the sitemap of all pages, also those not written this time."""
    links = app.sitemap_links
    while not links.empty():
        links.get_nowait()
    for name in sorted(app.env.found_docs):
        links.put((f"{name}.html", None))


def withdraw(app: Sphinx, error: Exception | None) -> None:
    """Take away what an earlier build with an address left."""
    site = Path(app.outdir)
    (site / "sitemap.xml").unlink(missing_ok=True)
    shutil.rmtree(site / CARDS, ignore_errors=True)


def complete(app: Sphinx, config: object) -> None:
    """Fill in the 404 page and the name, once the options are known."""
    config.notfound_context = {
        "title": "Page not found",
        "body": LOST.format(
            prefix=config.notfound_urls_prefix,
            front=f"{config.root_doc}.html",
        ),
    }
    if hasattr(config, "ogp_site_name") and not config.ogp_site_name:
        unnamed = config.project in ("", "Project name not set")
        config.ogp_site_name = config.html_title if unnamed else config.project


def setup(app: Sphinx) -> dict[str, bool]:
    root = Path(app.confdir)
    address = published_at(root)
    app.setup_extension("notfound.extension")
    app.config.notfound_urls_prefix = urlsplit(address).path or "/"
    app.connect("config-inited", complete, priority=900)
    if not address:
        app.connect("build-finished", withdraw)
    else:
        app.config.html_baseurl = address
        app.setup_extension("sphinx_sitemap")
        app.config.sitemap_url_scheme = "{link}"
        app.config.sitemap_excludes = NO_PAGES
        app.config.sitemap_locales = [None]
        app.connect("build-finished", refill, priority=400)
        app.setup_extension("sphinxext.opengraph")
        app.config.ogp_site_url = address
        card = dict(CARD)
        if (root / LOGO).is_file():
            card |= {"image": str(root / LOGO), "image_mini": str(root / LOGO)}
        app.config.ogp_social_cards = card
    return {"parallel_read_safe": True, "parallel_write_safe": True}
