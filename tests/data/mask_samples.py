"""Miniature folders of pictures and masks."""

import numpy as np
from PIL import Image


def picture(path, height=6, width=8, seed=0):
    path.parent.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    Image.fromarray(
        rng.integers(0, 256, (height, width, 3), dtype=np.uint8)
    ).save(path)
    return path


def mask(path, values=None, height=6, width=8, mode=None):
    path.parent.mkdir(parents=True, exist_ok=True)
    if values is None:
        values = np.arange(height * width).reshape(height, width) % 3
    image = Image.fromarray(np.asarray(values, dtype=np.uint8))
    if mode == "P":
        image.putpalette([v for i in range(256) for v in (255 - i, i, 90)])
    elif mode:
        image = image.convert(mode)
    image.save(path)
    return path


def folders(root, count=4, suffix="", **options):
    for i in range(count):
        picture(root / "images" / f"s{i}.png", seed=i)
        mask(root / "labels" / f"s{i}{suffix}.png", **options)
    return root / "images", root / "labels"


def camvid(root, count=4):
    """images/, labels/ with _P, codes.txt, valid.txt."""
    folders(root, count, "_P")
    (root / "codes.txt").write_text("Animal\nArchway\nVoid\n")
    (root / "valid.txt").write_text("s1.png\n")
    return root


def tiramisu(root):
    """train/, trainannot/, val/, valannot/, test/, testannot/."""
    start = 0
    for split, count in (("train", 3), ("val", 1), ("test", 2)):
        for i in range(start, start + count):
            picture(root / split / f"{i:03}.png", seed=i)
            values = (np.arange(48).reshape(6, 8) + i) % 12
            mask(root / f"{split}annot" / f"{i:03}.png", values)
        start += count
    return root
