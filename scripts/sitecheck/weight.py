"""How much a first visit of a page loads, compressed as servers do."""

import gzip
from dataclasses import dataclass, field

from playwright.sync_api import Browser, Response

from .layout import SCREEN
from .visit import shown

__all__ = ["KINDS", "Weight", "weigh"]

KINDS = ("html", "css", "scripts", "fonts", "data", "images")
KIND_OF = {
    "document": "html",
    "stylesheet": "css",
    "script": "scripts",
    "font": "fonts",
    "image": "images",
}
PACKED = (".woff", ".woff2", ".png", ".jpg", ".jpeg", ".webp", ".gif", ".zip")


@dataclass
class Weight:
    """Bytes of one page by kind.

    Parameters
    ----------
    page
        Its name, such as `book/index.html`.
    kinds
        Compressed bytes by kind of file.
    files
        Compressed bytes by address.

    """

    page: str
    kinds: dict[str, int] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    @property
    def text(self) -> int:
        """Return the bytes of everything but images."""
        return sum(n for kind, n in self.kinds.items() if kind != "images")

    @property
    def math(self) -> bool:
        """Say whether the page loads MathJax."""
        return any("/mathjax/" in address for address in self.files)


def compressed(address: str, body: bytes) -> int:
    """Return how many bytes a server sends for `body`."""
    if address.split("?")[0].lower().endswith(PACKED):
        return len(body)
    return len(gzip.compress(body, 6, mtime=0))


def weigh(browser: Browser, home: str, page: str) -> Weight:
    """Open `page` with an empty cache and weigh all that it loads."""
    found = Weight(page, dict.fromkeys(KINDS, 0))
    answers: list[Response] = []
    context = browser.new_context(viewport=SCREEN)
    tab = context.new_page()
    tab.on("response", lambda answer: answers.append(answer))
    shown(tab, home + page)
    for answer in answers:
        if answer.url in found.files or answer.url.startswith("data:"):
            continue
        size = compressed(answer.url, answer.body())
        kind = KIND_OF.get(answer.request.resource_type, "data")
        found.files[answer.url] = size
        found.kinds[kind] += size
    context.close()
    return found
