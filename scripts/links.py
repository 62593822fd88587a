"""Check the links of the built site; nothing is asked of the network.

Usage: python -m scripts.links _build/html [--external]

A link inside the site must lead to a file, and to an anchor that the file
has. A script, style sheet, picture or font from another host is a fault: the
site works from a folder. Links to other sites are listed in
`_build/reports/external-links.txt`, and followed only with `--external`.
"""

import argparse
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from .external import dead, listing, reachable

__all__ = ["external_links", "faults"]

ROOT = Path(__file__).resolve().parents[1]

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
    site: Path, prefix: str, path: Path, link: str, pages: dict[Path, _Page]
) -> str | None:
    """Return what is wrong with a link that stays inside the site."""
    parts = urlsplit(link)
    target = path
    if parts.path.startswith("/"):
        if not parts.path.startswith(prefix):
            return f"leads to {link}, which is outside of {prefix}"
        rest = unquote(parts.path.removeprefix(prefix))
        target = (site / rest).resolve()
    elif parts.path:
        target = (path.parent / unquote(parts.path)).resolve()
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


def _is_outside(link: str) -> bool:
    parts = urlsplit(link)
    return parts.scheme in ("http", "https") or bool(parts.netloc)


def _pages(site: Path) -> dict[Path, _Page]:
    return {path: _read(path) for path in _html(site)}


def faults(site: Path, prefix: str = "/") -> tuple[list[str], int]:
    """Return what is wrong with the site, and how many links lead outside.

    Parameters
    ----------
    site
        Folder of the built HTML.
    prefix
        Where the site stands on its host, with a slash at both ends: links
        that start with a slash start there.

    """
    site = site.resolve()
    pages = _pages(site)
    found, outside = [], 0
    for path, page in pages.items():
        name = path.relative_to(site).as_posix()
        for link in page.links + page.loaded:
            if _is_outside(link):
                outside += 1
                if link in page.loaded:
                    found.append(f"{name}: loads {link} from another host")
            elif not urlsplit(link).scheme and link not in ("", "#"):
                wrong = _inside(site, prefix, path, link, pages)
                found += [f"{name}: {wrong}"] if wrong else []
    return sorted(set(found)), outside


def external_links(site: Path) -> dict[str, list[str]]:
    """Return the links to other sites, each with the pages that use it."""
    found: dict[str, list[str]] = {}
    for path, page in _pages(site.resolve()).items():
        name = path.relative_to(site.resolve()).as_posix()
        for link in page.links:
            if _is_outside(link):
                found.setdefault(link, []).append(name)
    return found


def published_under(root: Path = ROOT) -> str:
    """Return the path of the address in book/site.toml, or a slash."""
    text = (root / "book/site.toml").read_text(encoding="utf-8")
    return urlsplit(tomllib.loads(text)["address"]).path or "/"


def follow(links: dict[str, list[str]]) -> list[str]:
    """Ask every address; return those that lead nowhere, in words."""
    known = [address for address in links if address.startswith("http")]
    if known and not reachable(known):
        print(
            "external: NOT CHECKED, no network: no host name could be looked"
            f" up; {len(known)} addresses are only listed"
        )
        return []
    wrong = dead(known)
    print(f"external: {len(known)} addresses asked, {len(wrong)} are dead")
    return [
        f"{address} {reason}; linked from {links[address][0]}"
        for address, reason in wrong.items()
    ]


def main(argv: list[str]) -> int:
    """Print every fault of a site; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.links")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--external", action="store_true")
    args = parser.parse_args(argv)
    site = args.folder
    if not site.is_dir():
        print(f"{site} does not exist; run make book first")
        return 1
    found, outside = faults(site, published_under())
    links = external_links(site)
    report = site.resolve().parent / "reports" / "external-links.txt"
    report.parent.mkdir(parents=True, exist_ok=True)
    report.write_text(listing(links), encoding="utf-8")
    if args.external:
        found += follow(links)
    for fault in found:
        print(f"FAULT  {fault}")
    print(
        f"links: {len(_html(site))} pages, {len(found)} faults; {outside}"
        f" links to other sites, {len(links)} addresses in {report.name}"
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
