"""``predict segmentation``: masks of new pictures."""

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from sevenlessons.data.imagefiles import ImageError
from sevenlessons.data.images import find_images, read_image
from sevenlessons.deploy.new_folder import check_free, new_folder
from sevenlessons.deploy.segmenter_files import load_segmenter
from sevenlessons.page.painting import class_shares, paint

__all__ = ["predict"]


def predict(options: argparse.Namespace) -> int:
    """Write masks and overlays; return 1 if a picture could not be read."""
    check_free(options.out)
    segmenter = load_segmenter(options.model)
    paths = _paths(options.images)
    failed = 0
    with new_folder(options.out) as folder:
        for name, path in paths.items():
            try:
                _answer(segmenter, name, path, folder)
            except (ImageError, OSError, MemoryError) as error:
                why = str(error) or f"{path}: too little memory"
                print(f"left out: {why}")
                failed += 1
        if failed == len(paths):
            raise ValueError("no picture could be read; nothing was written")
    print(f"wrote {len(paths) - failed} masks to {options.out}")
    means = ", ".join(f"{i} {c}" for i, c in enumerate(segmenter.classes))
    print(f"their values are small numbers, nearly black: {means}")
    return 1 if failed else 0


def _answer(segmenter: Any, name: str, path: Path, folder: Path) -> None:
    """Write mask and overlay of one picture."""
    picture = read_image(path)
    pixels = torch.from_numpy(np.array(picture)).permute(2, 0, 1)
    mask = segmenter.predict(picture)
    shares = class_shares(mask, segmenter.classes, segmenter.void)
    painted = paint(pixels.float(), mask, segmenter.classes, 0.5)
    _save(folder / "masks" / f"{name}.png", mask)
    _save(folder / "overlays" / f"{name}.png", painted)
    print(f"{name}: {shares}", flush=True)


def _paths(images: Path) -> dict[str, Path]:
    """Return the pictures by the name that their masks will have."""
    if images.is_file():
        return {images.stem: images}
    names: dict[str, Path] = {}
    for path in find_images(images):
        inside = path.relative_to(images)
        name = inside.with_suffix("").as_posix()
        # a.jpg beside a.png: the second keeps its ending in its name
        names[inside.as_posix() if name in names else name] = path
    return names


def _save(path: Path, pixels: Tensor) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if pixels.ndim == 2:
        kind = np.uint8 if int(pixels.max()) < 256 else np.uint16
        Image.fromarray(pixels.numpy().astype(kind)).save(path)
        return
    colors = pixels.permute(1, 2, 0).contiguous().numpy()
    Image.fromarray(colors).save(path)
