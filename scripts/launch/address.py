"""Every link out of the book, derived from `book/site.toml` alone."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import quote, urlsplit

__all__ = ["Site", "load_site"]

COLAB = "https://colab.research.google.com/github"
BINDER = "https://mybinder.org/v2/gh"


@dataclass(frozen=True)
class Site:
    """Where the book lives.

    Parameters
    ----------
    repository
        Such as `https://github.com/ORG/REPO`; empty while there is none.
    branch
        The branch with the sources.
    address
        Where the site is published, ending in a slash; may be empty.
    notebooks_branch
        The branch with the notebooks for Colab and Binder.

    Examples
    --------
    >>> site = Site("https://github.com/ORG/REPO")
    >>> site.colab("start/run").removeprefix(COLAB)
    '/ORG/REPO/blob/notebooks/start/run.ipynb'

    """

    repository: str = ""
    branch: str = "main"
    address: str = ""
    notebooks_branch: str = "notebooks"

    @property
    def slug(self) -> str:
        """Return `ORG/REPO`."""
        return urlsplit(self.repository).path.strip("/").removesuffix(".git")

    @property
    def launchable(self) -> bool:
        """Return whether Colab and Binder can find the notebooks.

        Both read from GitHub by these addresses.
        """
        return urlsplit(self.repository).netloc == "github.com"

    def colab(self, page: str) -> str:
        """Return the address that opens the notebook of `page` in Colab."""
        file = quote(f"{page}.ipynb")
        return f"{COLAB}/{self.slug}/blob/{self.notebooks_branch}/{file}"

    def binder(self, page: str) -> str:
        """Return the address that opens the notebook of `page` in Binder."""
        path = quote(f"lab/tree/{page}.ipynb", safe="")
        return f"{BINDER}/{self.slug}/{self.notebooks_branch}?urlpath={path}"

    def requirement(self, commit: str) -> str:
        """Return what pip installs, with all that pages import."""
        url = self.repository.removesuffix(".git")
        return f"sevenlessons[lessons] @ git+{url}.git@{commit}"

    def link(self, docname: str, target: str) -> str:
        """Return the absolute address of `target` as `docname` links to it.

        >>> site = Site(address="https://b.org/")
        >>> site.link("book/start/run", "../lesson1/classify.html#x")
        'https://b.org/book/lesson1/classify.html#x'
        >>> site.link("book/start/run", "#here")
        'https://b.org/book/start/run.html#here'
        >>> Site().link("book/start/run", "#here")
        ''
        """
        if not self.address:
            return ""
        path, _, anchor = target.partition("#")
        path = normpath(join(dirname(docname), path)) if path else ""
        path = path or f"{docname}.html"
        return self.address + quote(path) + (f"#{anchor}" if anchor else "")


def load_site(path: Path) -> Site:
    """Read `book/site.toml`."""
    given = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = sorted(set(given) - set(Site.__dataclass_fields__))
    if unknown:
        raise ValueError(f"{path.name} has unknown entries: {unknown}")
    site = Site(**given)
    for name in ("repository", "address"):
        value = getattr(site, name)
        if value and not value.startswith("https://"):
            raise ValueError(
                f"{path.name}: {name} must start with https://, got {value!r}"
            )
    if site.address and not site.address.endswith("/"):
        raise ValueError(
            f"{path.name}: address must end in a slash, got {site.address!r}"
        )
    return Site(
        site.repository.rstrip("/"),
        site.branch,
        site.address,
        site.notebooks_branch,
    )
