"""A training so small that a test can run it."""

from types import SimpleNamespace

import numpy as np
from tests.data.mask_samples import mask, picture


def disks(root, count=5):
    """Write noise with bright disks on it."""
    rows, columns = np.mgrid[:40, :48]
    for i in range(count):
        answer = (rows - 20) ** 2 + (columns - 8 * i) ** 2 < 80
        picture(root / "images" / f"p{i}.png", 40, 48, seed=i)
        mask(root / "labels" / f"p{i}.png", answer * 255)
    return root


def words(root, *more):
    """What stands behind ``python -m sevenlessons``."""
    folders = (root / "images", root / "labels", root / "out")
    images, masks, out = map(str, folders)
    return [
        *("train", "segmentation", "--images", images, "--masks", masks),
        *("--out", out, "--epochs", "2", "--batch-size", "2", "--size", "48"),
        *("--no-pretrained", "--device", "cpu"),
        *more,
    ]


def clean_rows(root):
    """What lies there; a hidden folder would be a remnant."""
    return sorted(path.name for path in root.iterdir())


def options(**given):
    """What the command line gives to `prepare`."""
    known = {
        "images": None,
        "masks": None,
        "folder": None,
        "codes": None,
        "colors": None,
        "void": None,
        "suffix": None,
        "valid_list": None,
        "valid_share": 0.25,
        "split": "random",
        "size": "32",
        "seed": 0,
    }
    return SimpleNamespace(**known | given)
