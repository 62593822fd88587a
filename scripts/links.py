"""Check the links of the built site; nothing is asked of the network.

Usage: python -m scripts.links _build/html

A link inside the site must lead to a file, and to an anchor that the file
has. A script, style sheet, picture or font from another host is a fault: the
site works from a folder. Links to other sites are counted, not followed.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

__all__ = ["faults"]

LOADED = {  # what a browser fetches by itself: tag and attribute
    ("script", "src"),
    ("img", "src"),
    ("source", "src"),
    ("iframe", "src"),
    ("video", "src"),
    ("audio", "src"),
}
RELS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch"}


class _Page(HTMLParser):
    """Collects the anchors, links and loaded files of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.anchors: set[str] = set()
        self.links: list[str] = []
        self.loaded: list[str] = []

    def handle_starttag(
        self, tag: str, attrs: list[tuple[str, str | None]]
    ) -> None:
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[n] for n in ("id", "name") if n in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        if tag == "link" and RELS & set(given.get("rel", "").split()):
            self.loaded.append(given.get("href", ""))
        for name, value in given.items():
            if (tag, name) in LOADED:
                self.loaded.append(value)


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _inside(
    site: Path, path: Path, link: str, pages: dict[Path, _Page]
) -> str | None:
    """Return what is wrong with a link that stays inside the site."""
    parts = urlsplit(link)
    target = path
    if parts.path:
        base = site if parts.path.startswith("/") else path.parent
        target = (base / unquote(parts.path).lstrip("/")).resolve()
    if target.is_dir():
        target = target / "index.html"
    if not target.is_file():
        return f"leads to {link}, which does not exist"
    anchor = unquote(parts.fragment)
    known = pages.get(target)
    if anchor and anchor != "top" and known and anchor not in known.anchors:
        return f"leads to {link}, but that page has no #{anchor}"
    return None


def _html(site: Path) -> list[Path]:
    """Return the pages; the theme leaves templates among its files."""
    found = sorted(site.rglob("*.html"))
    return [p for p in found if "_static" not in p.relative_to(site).parts]


def faults(site: Path) -> tuple[list[str], int]:
    """Return what is wrong with the site, and how many links lead outside.

    Parameters
    ----------
    site
        Folder of the built HTML.

    """
    site = site.resolve()
    pages = {path: _read(path) for path in _html(site)}
    found, outside = [], 0
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for link in page.links + page.loaded:
            parts = urlsplit(link)
            if parts.scheme in ("http", "https") or parts.netloc:
                outside += 1
                if link in page.loaded:
                    found.append(f"{name}: loads {link} from another host")
            elif not parts.scheme and link not in ("", "#"):
                wrong = _inside(site, path, link, pages)
                found += [f"{name}: {wrong}"] if wrong else []
    return sorted(set(found)), outside


def main(folder: str) -> int:
    """Print every fault of the site in `folder`; return the exit status."""
    site = Path(folder)
    if not site.is_dir():
        print(f"{folder} does not exist; run make book first")
        return 1
    found, outside = faults(site)
    for fault in found:
        print(f"FAULT  {fault}")
    count = len(_html(site))
    print(
        f"links: {count} pages, {len(found)} faults;"
        f" {outside} links to other sites, not followed"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
