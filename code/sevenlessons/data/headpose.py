"""Faces before a camera: the BIWI Kinect head-pose files, read as a table.

A folder a person, ``01`` to ``24``. In it ``rgb.cal``, the camera, and for
each frame ``frame_00003_rgb.png`` (or ``.jpg``) and ``frame_00003_pose.txt``:
three lines of a rotation, and the middle of the head in millimeters. The files
are free for research; get them from their makers.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["load_head_pose"]

_PICTURES = ("_rgb.png", "_rgb.jpg")


def load_head_pose(folder: Path) -> pd.DataFrame:
    """Return one row a frame: person, camera, and the head in space.

    Parameters
    ----------
    folder
        Holds a folder for each person, named by a number.

    Returns
    -------
    pandas.DataFrame
        Columns person, path, x, y, z (millimeters from the camera: right,
        down, ahead), focal_x, focal_y, column, row (of the camera, in
        pixels). Sorted by path.

    Raises
    ------
    FileNotFoundError
        If there is no frame, or a file of a frame is missing.
    ValueError
        If a file does not hold the numbers it should.

    Examples
    --------
    >>> load_head_pose(Path("heads")).shape  # doctest: +SKIP
    (15678, 9)

    """
    folder = Path(folder)
    rows = []
    for person in sorted(folder.glob("[0-9]*")):
        if person.is_dir():
            camera = _camera(person / "rgb.cal")
            for pose in sorted(person.glob("*_pose.txt")):
                rows.append(_frame(person, pose, camera))
    if not rows:
        raise FileNotFoundError(
            f"no frame below {folder}: expected folders 01, 02, ... with "
            f"files such as frame_00003_pose.txt"
        )
    return pd.DataFrame(rows).sort_values("path", ignore_index=True)


def _frame(person: Path, pose: Path, camera: np.ndarray) -> dict[str, Any]:
    """Return the row of one frame."""
    name = pose.name.removesuffix("_pose.txt")
    found = [person / f"{name}{end}" for end in _PICTURES]
    pictures = [path for path in found if path.exists()]
    if not pictures:
        raise FileNotFoundError(
            f"{pose} has no picture beside it: expected {found[0].name} or "
            f"{found[1].name}"
        )
    head = _numbers(pose, 12)[9:]
    x, y, z = head
    return {
        "person": int(person.name),
        "path": pictures[0],
        "x": x,
        "y": y,
        "z": z,
        "focal_x": camera[0, 0],
        "focal_y": camera[1, 1],
        "column": camera[0, 2],
        "row": camera[1, 2],
    }


def _camera(path: Path) -> np.ndarray:
    """Return the matrix of the camera, the first nine numbers of the file.

    What follows says how the color camera stands beside the depth camera. As
    in the original course these few millimeters are left out.
    """
    return _numbers(path, 9)[:9].reshape(3, 3)


def _numbers(path: Path, least: int) -> np.ndarray:
    """Return all numbers of a text file."""
    try:
        words = path.read_text(encoding="ascii").split()
        values = np.array([float(word) for word in words])
    except ValueError as error:
        raise ValueError(
            f"{path} must hold numbers only ({error}); get the file again"
        ) from error
    if len(values) < least or not np.isfinite(values).all():
        raise ValueError(
            f"{path} must hold at least {least} finite numbers, got "
            f"{len(values)}; get the file again"
        )
    return values
