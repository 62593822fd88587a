"""The works that a page cites, written out."""

import re
from typing import Any

from pybtex.backends.markdown import Backend
from sphinx.environment import BuildEnvironment

__all__ = ["citations", "written_out"]


def written_out(formatted_entry: Any) -> str:
    """Return one entry of a bibliography as Markdown."""
    text = formatted_entry.text.render(Backend())
    text = text.replace("&nbsp;", " ").replace("\n", " ")
    text = re.sub(r"\\([-.():!+#])", r"\1", text)  # no need, hard to read
    return " ".join(text.split())


def citations(env: BuildEnvironment) -> dict[str, str]:
    """Return every entry of the bibliographies by the id that links use."""
    if "cite" not in env.domains:
        return {}
    known = env.get_domain("cite").citations
    return {c.citation_id: written_out(c.formatted_entry) for c in known}
