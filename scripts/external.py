"""Ask whether the links to other sites still lead somewhere.

`scripts.links --external` calls this, never a test of the book: others'
servers decide. An answer of 403 or 429 is one from a server that is there and
does not talk to programs.
"""

import socket
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urldefrag, urlsplit

__all__ = ["ask", "dead", "listing", "reachable"]

ACCEPTED = {403, 429}
AGENT = "Mozilla/5.0 (link check of a book)"
AT_A_TIME = 16


def listing(pages: Mapping[str, Iterable[str]]) -> str:
    """Return every address in order, with the pages that use it below.

    >>> print(listing({"https://x.org/": ["b.html", "a.html"]}), end="")
    https://x.org/
        a.html
        b.html
    """
    lines = []
    for address in sorted(pages):
        lines.append(address)
        lines += [f"    {page}" for page in sorted(set(pages[address]))]
    return "".join(f"{line}\n" for line in lines)


def ask(address: str, seconds: float = 15) -> str | None:
    """Return what is wrong with `address`; `None` if it answers."""
    wrong = None
    for method in ("HEAD", "GET"):
        request = urllib.request.Request(
            urldefrag(address).url,
            method=method,
            headers={"User-Agent": AGENT},
        )
        try:
            with urllib.request.urlopen(request, timeout=seconds):
                return None
        except urllib.error.HTTPError as error:
            error.close()
            if error.code in ACCEPTED:
                return None
            wrong = f"answers {error.code}"
        except (OSError, ValueError) as error:
            wrong = f"does not answer: {getattr(error, 'reason', error)}"
    return wrong


def reachable(addresses: Iterable[str], seconds: float = 5) -> bool:
    """Say whether the name of any host can be looked up from here."""
    hosts = sorted({urlsplit(a).hostname or "" for a in addresses} - {""})
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        for host in hosts[:5]:
            try:
                socket.getaddrinfo(host, 443)
            except OSError:
                continue
            return True
        return False
    finally:
        socket.setdefaulttimeout(before)


def dead(addresses: Iterable[str], seconds: float = 15) -> dict[str, str]:
    """Return the addresses that lead nowhere, with the reason."""
    known = sorted(set(addresses))
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        answers = pool.map(lambda address: ask(address, seconds), known)
        found = dict(zip(known, answers, strict=True))
    return {address: wrong for address, wrong in found.items() if wrong}
