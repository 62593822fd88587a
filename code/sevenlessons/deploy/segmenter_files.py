"""A trained segmenter in a folder: write, and open without trusting it.

The folder holds `model.safetensors`, numbers only, and `segmenter.json`:
classes, void, size, and which network it is. Nothing in it is executed, and
all of it is compared before a network is filled.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors.torch
from safetensors import SafetensorError

from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.segmenter import Segmenter
from sevenlessons.vision.unet import UNet

from .bundle import describe_bytes
from .schema import BundleError
from .segmenter_settings import (
    FORMAT,
    SETTINGS,
    check_meaning,
    read_settings,
)
from .weights import find_broken

__all__ = ["load_segmenter", "save_segmenter"]

PathLike = str | os.PathLike[str]

WEIGHTS = "model.safetensors"
_LONGEST = {SETTINGS: 1_000_000, WEIGHTS: 1_000_000_000}


def save_segmenter(
    segmenter: Segmenter,
    folder: PathLike,
    *,
    facts: Mapping[str, Any] | None = None,
) -> Path:
    """Write a segmenter into a folder that is there.

    Parameters
    ----------
    segmenter
        Its model must be a `UNet`.
    folder
        Usually from `new_folder`.
    facts
        What else should be known, as plain values: data, seed, metrics.

    Examples
    --------
    >>> body = load_backbone("mobilenet_v2", pretrained=False)
    >>> segmenter = Segmenter(UNet(body, 2), ["sky", "road"], (64, 96))
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = save_segmenter(segmenter, folder)
    ...     load_segmenter(folder).classes
    ('sky', 'road')

    """
    folder, model = Path(folder), segmenter.model
    if not isinstance(model, UNet):
        raise TypeError(
            "only a segmenter whose model is a UNet can be written, got "
            f"{type(model).__name__}"
        )
    state = {k: v.cpu().contiguous() for k, v in model.state_dict().items()}
    if (broken := find_broken(state)) is not None:
        raise ValueError(
            f"the weights {broken} hold nan or infinity, so the model would "
            "answer nothing; train again with a lower rate"
        )
    check_meaning(segmenter.classes, segmenter.size, segmenter.void)
    content = safetensors.torch.save(state)
    level = model.head.get_submodule("levels.0")
    settings = {
        "format": FORMAT,
        "task": "segmentation",
        "encoder": model.backbone.name,
        "width": model.head.get_submodule("last").in_channels,
        "skips": level.norm is not None,
        "groups": model.num_groups,
        "classes": list(segmenter.classes),
        "void": segmenter.void,
        "size": list(segmenter.size),
        "files": {WEIGHTS: describe_bytes(content)},
        "facts": dict(facts or {}),
    }
    text = json.dumps(settings, indent=2, allow_nan=False)
    (folder / WEIGHTS).write_bytes(content)
    (folder / SETTINGS).write_text(text + "\n", encoding="utf-8")
    return folder


def load_segmenter(folder: PathLike) -> Segmenter:
    """Open what `save_segmenter` wrote; nothing in it is executed.

    Raises
    ------
    FileNotFoundError
        If the folder, or a file in it, is missing.
    BundleError
        If a file is damaged, or does not fit the others.

    Examples
    --------
    >>> load_segmenter("no/model")
    Traceback (most recent call last):
    FileNotFoundError: no segmenter at no/model: segmenter.json is missing

    """
    folder = Path(folder)
    settings = read_settings(_read(folder, SETTINGS), folder)
    content = _read(folder, WEIGHTS)
    if settings["files"].get(WEIGHTS) != describe_bytes(content):
        raise BundleError(
            f"{WEIGHTS} in {folder} is not the file that was written; copy "
            "the folder again, or train again"
        )
    body = load_backbone(settings["encoder"], pretrained=False)
    model = UNet(
        body,
        len(settings["classes"]),
        skips=settings["skips"],
        width=settings["width"],
        num_groups=settings["groups"],
    )
    try:
        state = safetensors.torch.load(content)
        model.load_state_dict(state)
    except (SafetensorError, RuntimeError, LookupError, ValueError) as error:
        raise BundleError(
            f"the weights in {folder} do not fit the network that "
            f"{SETTINGS} names ({str(error).splitlines()[0]}); train again"
        ) from error
    if (broken := find_broken(model.state_dict())) is not None:
        raise BundleError(f"{broken} in {folder} holds nan; train again")
    height, width = settings["size"]
    return Segmenter(
        model.eval(), settings["classes"], (height, width), settings["void"]
    )


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(
            f"no segmenter at {folder.as_posix()}: {name} is missing"
        )
    if path.stat().st_size > _LONGEST[name]:
        raise BundleError(f"{path} is too long for a segmenter")
    return path.read_bytes()
