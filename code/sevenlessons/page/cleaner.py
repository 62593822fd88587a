"""Decide about photos by clicking, where widgets work.

Optional: every page works without it, and a csv file can be written by hand.
It needs ipywidgets (`pip install ipywidgets`) and a live notebook. Nothing
happens to a photo here: what was decided is handed to `save`.
"""

import importlib
import io
from collections.abc import Callable, Sequence
from os import PathLike
from typing import Any

from PIL import Image, ImageOps

__all__ = ["PhotoCleaner"]

# path, action ("keep", "remove", "relabel"), new label or ""
Choice = tuple[str, str, str]
_PIXELS = 192


class PhotoCleaner:
    """A row of photos with a menu under each: keep, remove, or relabel.

    Parameters
    ----------
    photos
        Paths, the most suspicious first.
    labels
        The label of each photo as it stands.
    classes
        All labels that a photo may get.
    save
        Called with the list of choices ``(photo, action, label)`` when the
        button is pressed; it should write the csv file of decisions.
    names
        What each photo is called in the choices; by default its path.

    Attributes
    ----------
    widget
        What the notebook shows; made of ipywidgets.
    menus, button, status
        Its parts.

    Raises
    ------
    ModuleNotFoundError
        If ipywidgets is not installed; the message says what else to do.

    Examples
    --------
    >>> PhotoCleaner([], [], classes=["cat"], save=print)
    Traceback (most recent call last):
    ValueError: there is no photo to decide about: the list is empty

    """

    def __init__(
        self,
        photos: Sequence[str | PathLike[str]],
        labels: Sequence[str],
        *,
        classes: Sequence[str],
        save: Callable[[list[Choice]], Any],
        names: Sequence[str] | None = None,
    ) -> None:
        if len(photos) == 0:
            raise ValueError(
                "there is no photo to decide about: the list is empty"
            )
        self._names = [str(n) for n in (photos if names is None else names)]
        if not len(photos) == len(labels) == len(self._names):
            raise ValueError(
                f"expected one label and one name a photo, got {len(photos)} "
                f"photos, {len(labels)} labels and {len(self._names)} names"
            )
        widgets = _ipywidgets()
        self._save = save
        self.menus = [self._menu(widgets, label, classes) for label in labels]
        self.button = widgets.Button(
            description="Save decisions", button_style="primary"
        )
        self.button.on_click(self._pressed)
        self.status = widgets.Label(value="nothing saved yet")
        tiles = [
            widgets.VBox(
                [
                    widgets.Image(
                        value=_small_png(photo),
                        format="png",
                        width=_PIXELS,
                        layout={"object_fit": "contain"},
                    ),
                    widgets.Label(value=f"{name}: {label}"),
                    menu,
                ]
            )
            for photo, name, label, menu in zip(
                photos, self._names, labels, self.menus, strict=True
            )
        ]
        rows = widgets.HBox(tiles, layout={"flex_flow": "row wrap"})
        self.widget = widgets.VBox(
            [rows, widgets.HBox([self.button, self.status])]
        )

    @staticmethod
    def _menu(widgets: Any, label: str, classes: Sequence[str]) -> Any:
        options = [
            (f"keep as {label}", ("keep", "")),
            ("remove", ("remove", "")),
        ]
        options += [
            (f"it is {name}", ("relabel", name))
            for name in classes
            if name != label
        ]
        return widgets.Dropdown(options=options, value=("keep", ""))

    def choices(self) -> list[Choice]:
        """Return what is chosen now, one entry a photo."""
        return [
            (name, *menu.value)
            for name, menu in zip(self._names, self.menus, strict=True)
        ]

    def _pressed(self, _: Any) -> None:
        """Hand the choices to `save`, and say how it went."""
        chosen = self.choices()
        changes = sum(action != "keep" for _, action, _ in chosen)
        try:
            self._save(chosen)
        except Exception as error:  # whatever `save` does: the reader sees it
            self.status.value = f"not saved: {error}"
            return
        self.status.value = f"saved {len(chosen)} decisions, {changes} changes"

    def _repr_mimebundle_(self, **options: Any) -> Any:
        return self.widget._repr_mimebundle_(**options)


def _ipywidgets() -> Any:
    try:
        return importlib.import_module("ipywidgets")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "PhotoCleaner needs ipywidgets: pip install ipywidgets, and "
            "restart the notebook. Or write the csv file of decisions by "
            "hand, as the page shows"
        ) from error


def _small_png(photo: str | PathLike[str]) -> bytes:
    with Image.open(photo) as opened:
        picture = ImageOps.exif_transpose(opened).convert("RGB")
    picture.thumbnail((_PIXELS, _PIXELS))
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()
