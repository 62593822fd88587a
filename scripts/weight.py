"""Weigh the pages of the built site: what a first visit loads.

Usage: python -m scripts.weight _build/html

Opens every page in a browser with an empty cache, sums what it loads, each
file compressed with gzip as servers do, prints the table and writes it to
`_build/reports/weight.md`. Too heavy is a page with more than 1 MB without
its images.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import sync_playwright

from .browser import ARGUMENTS, BrowserMissingError, find
from .sitecheck.server import serve
from .sitecheck.visit import html_pages
from .sitecheck.weight import KINDS, Weight, weigh

__all__ = ["LIMIT", "chosen", "faults", "table", "weights"]

LIMIT = 1_000_000


def chosen(site: Path) -> list[str]:
    """Return all pages, but of those with a module's source the largest.

    There is one for each module, and they load the same but for the text.
    """
    pages = html_pages(site)
    source = [name for name in pages if name.startswith("_modules/")]
    largest = sorted(source, key=lambda p: (site / p).stat().st_size)[-1:]
    return [name for name in pages if name not in source] + largest


def weights(site: Path, pages: Sequence[str] | None = None) -> list[Weight]:
    """Return the weight of every page of `site`, or of some."""
    pages = pages or chosen(site)
    with serve(site) as home, sync_playwright() as player:
        browser = player.chromium.launch(
            executable_path=find(), args=list(ARGUMENTS)
        )
        found = [weigh(browser, home, page) for page in pages]
        browser.close()
    return found


def table(found: Sequence[Weight]) -> str:
    """Return the weights as a Markdown table, heaviest page first."""
    heads = ["page", *KINDS, "without images", "files", "MathJax"]
    lines = [
        "| " + " | ".join(heads) + " |",
        "| --- |" + " ---: |" * (len(heads) - 2) + " --- |",
    ]
    for item in sorted(found, key=lambda item: -item.text):
        numbers = [*(item.kinds[kind] for kind in KINDS), item.text]
        cells = [item.page, *(f"{n / 1000:.0f}" for n in numbers)]
        cells += [str(len(item.files)), "yes" if item.math else "no"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def faults(found: Sequence[Weight], limit: int = LIMIT) -> list[str]:
    """Return what is too heavy, and which files make it so."""
    said = []
    for item in found:
        if item.text > limit:
            heaviest = sorted(item.files.items(), key=lambda pair: -pair[1])
            names = ", ".join(
                f"{url.rsplit('/', 1)[-1].split('?')[0]} {size / 1000:.0f} kB"
                for url, size in heaviest[:3]
            )
            said.append(
                f"{item.page} loads {item.text / 1000:.0f} kB without its"
                f" images, more than {limit / 1000:.0f} kB; heaviest: {names}"
            )
    return said


def main(folder: str) -> int:
    """Weigh the site in `folder`; return the exit status."""
    site = Path(folder)
    if not site.is_dir():
        print(f"{folder} does not exist; run make book first")
        return 1
    try:
        found = weights(site)
    except BrowserMissingError as missing:
        print(missing)
        return 1
    text = (
        "# Weight of a first visit\n\nIn kB (1000 bytes) of a first visit"
        " with an empty cache, gzip level 6.\n\n" + table(found)
    )
    target = site.resolve().parent / "reports" / "weight.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(table(found), end="")
    wrong = faults(found)
    for fault in wrong:
        print(f"FAULT  {fault}")
    most = max((item.text for item in found), default=0)
    print(
        f"weight: {len(found)} pages, {len(wrong)} too heavy; the heaviest"
        f" loads {most / 1000:.0f} kB without images"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
