"""Pictures with a key below that says what their colors mean."""

from .gallery import Gallery
from .output import escape

__all__ = ["KeyedGallery", "swatch"]

STRIPES = (
    "repeating-linear-gradient(45deg,rgb(128,128,128) 0 3px,#fff 3px 6px)"
)


class KeyedGallery:
    """Pictures with something laid over them, and the key to it.

    Parameters
    ----------
    gallery
        The pictures.
    key
        HTML that says what the colors mean.
    alt
        What the whole shows, in a sentence.

    """

    def __init__(self, gallery: Gallery, key: str, alt: str) -> None:
        if len(alt.strip()) < 10:
            raise ValueError(
                f"alt must say what the pictures show, got {alt!r}; write a "
                "sentence for readers who cannot see them"
            )
        self.gallery = gallery
        self.key = key
        self.alt = " ".join(alt.split())

    def __repr__(self) -> str:
        return f"{len(self.gallery.tiles)} overlays: {self.alt}"

    def _repr_html_(self) -> str:
        return (
            f'<div role="group" aria-label="{escape(self.alt)}">'
            f"{self.gallery._repr_html_()}"
            '<p class="overlay-key" style="font-size:.85em;margin:.5em 0">'
            f"{self.key}</p></div>"
        )


def swatch(color: str, name: str) -> str:
    """Return an entry of the key: a colored square and a name.

    Parameters
    ----------
    color
        What CSS takes as a background; empty for stripes.
    name
        What the color means.

    Examples
    --------
    >>> "sky" in swatch("rgb(1, 2, 3)", "sky")
    True

    """
    return (
        '<span style="white-space:nowrap;margin-right:1em">'
        '<span aria-hidden="true" style="display:inline-block;width:.9em;'
        "height:.9em;vertical-align:-.1em;border:1px solid currentColor;"
        f'background:{color or STRIPES}"></span> {escape(name)}</span>'
    )
