"""Open a page and note everything that fails meanwhile."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

__all__ = ["html_pages", "shown", "watch"]

LOUD = {"error", "warning", "assert"}
LOCAL = ("data", "blob", "about")
READY = """
async () => {
  await document.fonts.ready;
  if (window.MathJax?.startup?.promise) await MathJax.startup.promise;
}
"""


def html_pages(site: Path) -> list[str]:
    """Return the pages of a built site, such as `book/index.html`.

    The frame of the page that only leads on to another is no page of its own,
    and the theme leaves templates among its files.
    """
    found = []
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site)
        if name.parts[0] in ("_static", "_sources"):
            continue
        if 'http-equiv="Refresh"' not in path.read_text(encoding="utf-8"):
            found.append(name.as_posix())
    return found


def watch(page: Page, home: str) -> list[str]:
    """Return a list that fills with faults while `page` is used.

    Parameters
    ----------
    page
        A tab of the browser.
    home
        Where the site is: an address that every request must start with.

    """
    faults: list[str] = []

    def console(message: ConsoleMessage) -> None:
        if message.type in LOUD:
            faults.append(f"console {message.type}: {message.text[:300]}")

    def asked(request: Request) -> None:
        if urlsplit(request.url).scheme in LOCAL:
            return
        if not request.url.startswith(home):
            faults.append(f"asks another host: {request.url[:200]}")

    def failed(request: Request) -> None:
        faults.append(f"request failed: {request.url[:200]}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            faults.append(f"answer {response.status}: {response.url[:200]}")

    page.on("console", console)
    page.on("request", asked)
    page.on("requestfailed", failed)
    page.on("response", answered)
    page.on("pageerror", lambda e: faults.append(f"page error: {e}"[:300]))
    return faults


def shown(page: Page, address: str) -> None:
    """Open `address` and wait for its fonts and formulas."""
    page.goto(address, wait_until="load")
    page.evaluate(READY)
