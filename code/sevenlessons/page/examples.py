"""Examples for a live demo, with what Python says of each.

A demo shows them beside its own answer, so that a reader sees whether the
model in the page is the model of the book. `publish_photos` and
`publish_digits` put them beside a model that `publish` offers.
"""

import base64
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from torch import Tensor, uint8

from .publish import publish

__all__ = ["publish_digits", "publish_photos"]

Credit = str | tuple[str, str]
Probabilities = Sequence[Mapping[str, float]]


def publish_photos(
    paths: Sequence[str | Path],
    name: str,
    *,
    alts: Sequence[str],
    credits: Sequence[Credit],
    probabilities: Probabilities,
) -> None:
    """Offer photos as examples of the published model `name`.

    Parameters
    ----------
    paths
        The files; they are copied as they are.
    name
        The name that the model was published under.
    alts
        What each photo shows, for those who cannot see it.
    credits
        Who made each photo: a text, or a text and a link.
    probabilities
        What Python says: of each photo, each class with its probability.

    Raises
    ------
    ValueError
        If the lists are not equally long, or empty.

    Examples
    --------
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "m31.png")
    ...     size = path.write_bytes(b"a photo")
    ...     publish_photos(
    ...         [path],
    ...         "sky",
    ...         alts=["a spiral galaxy"],
    ...         credits=["the survey"],
    ...         probabilities=[{"galaxy": 0.9, "nebula": 0.1}],
    ...     )
    The site's build keeps a copy: sky/examples/1.png, sky/examples/examp...

    """
    _check(paths, alts=alts, credits=credits, probabilities=probabilities)
    rows, files = [], {}
    columns = zip(paths, alts, credits, probabilities, strict=True)
    for number, (path, alt, credit, known) in enumerate(columns, 1):
        words, link = (credit, "") if isinstance(credit, str) else credit
        file = f"{number}{Path(path).suffix.lower()}"
        files[file] = Path(path)
        rows.append(
            {
                "file": file,
                "alt": alt,
                "credit": words,
                "link": link,
                "probabilities": dict(known),
            }
        )
    _publish(rows, name, files)


def publish_digits(
    images: Tensor,
    labels: Sequence[int],
    name: str,
    *,
    probabilities: Probabilities,
) -> None:
    """Offer small gray pictures as examples of the published model `name`.

    Parameters
    ----------
    images
        uint8, shape ``(N, H, W)``; 0 is paper and 255 is ink.
    labels
        What each is.
    name
        The name that the model was published under.
    probabilities
        What Python says: of each, each class with its probability.

    Raises
    ------
    ValueError
        If the lists are not equally long, or empty, or `images` no bytes.

    Examples
    --------
    >>> import torch
    >>> publish_digits(
    ...     torch.zeros(1, 28, 28, dtype=torch.uint8),
    ...     [7],
    ...     "digits",
    ...     probabilities=[{"1": 0.2, "7": 0.8}],
    ... )
    The site's build keeps a copy: digits/examples/examples.json

    """
    _check(images, labels=labels, probabilities=probabilities)
    if images.ndim != 3 or images.dtype != uint8:
        raise ValueError(
            "expected bytes of shape (N, H, W), got "
            f"{images.dtype} of shape {tuple(images.shape)}"
        )
    rows = [
        {
            "label": str(int(label)),
            "alt": f"a handwritten {int(label)}",
            "pixels": base64.b64encode(image.numpy().tobytes()).decode(),
            "probabilities": dict(known),
        }
        for image, label, known in zip(
            images, labels, probabilities, strict=True
        )
    ]
    _publish(rows, name, {})


def _check(first: Any, **others: Sequence[Any]) -> None:
    if len(first) == 0:
        raise ValueError("there is no example: the list is empty")
    for word, values in others.items():
        if len(values) != len(first):
            raise ValueError(
                f"{word} has {len(values)} entries, but there are "
                f"{len(first)} examples; give one each"
            )


def _publish(
    rows: list[dict[str, Any]], name: str, files: Mapping[str, Path]
) -> None:
    with TemporaryDirectory() as folder:
        home = Path(folder, "examples")
        home.mkdir()
        for file, path in files.items():
            shutil.copyfile(path, home / file)
        text = json.dumps({"examples": rows}, indent=1)
        (home / "examples.json").write_text(text, encoding="utf-8")
        publish(folder, name)
