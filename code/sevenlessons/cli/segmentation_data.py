"""From the options of ``train segmentation`` to checked pairs.

Everything that can be wrong with the data is found here, before training.
"""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch

from sevenlessons.data.mask_checks import check_masks, count_values
from sevenlessons.data.mask_items import MaskItems
from sevenlessons.data.mask_layouts import (
    find_void,
    open_layout,
    split_by_list,
)
from sevenlessons.data.mask_pairs import MaskPair, pair_masks
from sevenlessons.data.mask_names import read_codes, read_colors
from sevenlessons.data.masks import Color

from .segmentation_size import choose_size

__all__ = ["MaskData", "name_classes", "prepare", "split_pairs"]


@dataclass(frozen=True)
class MaskData:
    """Checked pairs, and what their numbers mean.

    Parameters
    ----------
    train, valid
        To learn from, and to judge by.
    classes
        A name for each class number.
    void
        The number that means "nobody knows", or None.
    counts
        Pixels of each class number, all pairs together.
    notes
        What the reader should know about the data, in sentences.

    """

    train: MaskItems
    valid: MaskItems
    classes: tuple[str, ...]
    void: int | None
    counts: Mapping[int, int]
    notes: tuple[str, ...]


def prepare(options: argparse.Namespace) -> MaskData:
    """Read, match, check and split what the options name.

    Raises
    ------
    ValueError, OSError
        If anything is wrong with the data, in words that say what to do.

    """
    pairs, classes, void = _find(options)
    colors: dict[Color, int] | None = None
    if options.colors is not None:
        colors, names = read_colors(options.colors)
        classes = classes or tuple(names)
    if options.codes is not None:
        classes = tuple(read_codes(options.codes))
    if options.void is not None:
        void = find_void(classes, options.void)
    elif void is None:
        void = find_void(classes)
    counts = count_values(pairs, colors=colors)
    values: dict[int, int] = {}
    notes = []
    if not classes:
        classes, values = name_classes(counts, void)
        notes.append(
            f"No names were given: the classes are {', '.join(classes)}."
        )
    else:
        check_masks(pairs, len(classes), void=void, colors=colors)
    counts = Counter({values.get(v, v): n for v, n in counts.items()})
    present = [i for i in range(len(classes)) if counts[i] and i != void]
    if len(present) < 2:
        here = ", ".join(classes[i] for i in present) or "void alone"
        raise ValueError(
            f"the masks hold one class only ({here}), so there is nothing to "
            "tell apart; a mask needs at least two"
        )
    absent = [
        name
        for i, name in enumerate(classes)
        if i not in present and i != void
    ]
    if absent:
        notes.append(f"In no mask: {', '.join(absent)}.")
    train, valid, note = split_pairs(pairs, options)
    notes.append(note)
    judged = count_values(valid, colors=colors)
    judged = Counter({values.get(v, v): n for v, n in judged.items()})
    notes += _compare(counts, judged, classes, void)
    size = choose_size(train, options.size)
    notes.append(f"All are brought to {size[0]} x {size[1]} pixels.")
    parts = [
        MaskItems(part, size, colors=colors, values=values)
        for part in (train, valid)
    ]
    return MaskData(parts[0], parts[1], classes, void, counts, tuple(notes))


def _compare(
    counts: Mapping[int, int],
    judged: Mapping[int, int],
    classes: Sequence[str],
    void: int | None,
) -> list[str]:
    """Refuse a side that is void alone; name what is on one side only."""
    both = [i for i in range(len(classes)) if i != void and counts[i]]
    valid = {i for i in both if judged.get(i)}
    train = {i for i in both if counts[i] > judged.get(i, 0)}
    for side, what in ((train, "learn from"), (valid, "judge by")):
        if not side:
            raise ValueError(
                f"the masks to {what} hold void alone; choose other pairs "
                "with --valid-list, --valid-share or --seed"
            )
    alone = [classes[i] for i in sorted(valid - train)]
    return [f"To judge by only: {', '.join(alone)}."] if alone else []


def _find(
    options: argparse.Namespace,
) -> tuple[list[MaskPair], tuple[str, ...], int | None]:
    two = options.images is not None and options.masks is not None
    one = options.images is not None or options.masks is not None
    if options.folder is not None and not one:
        found = open_layout(options.folder)
        pairs = [pair for pair in found.pairs if pair.split != "test"]
        return pairs, found.classes, found.void
    if options.folder is not None or not two:
        raise ValueError(
            "give --images DIR and --masks DIR, or --folder DIR alone"
        )
    return (
        pair_masks(options.images, options.masks, suffix=options.suffix),
        (),
        None,
    )


def name_classes(
    counts: Mapping[int, int], void: int | None
) -> tuple[tuple[str, ...], dict[int, int]]:
    """Name the classes of masks that came without names.

    Parameters
    ----------
    counts
        Pixels of each value in the masks.
    void
        A value that is no class.

    Returns
    -------
    tuple
        The names; and value to class number, where masks of two values use
        another number than 1.

    Raises
    ------
    ValueError
        If the values are not 0, 1, 2 and so on.

    Examples
    --------
    >>> name_classes({0: 7, 255: 3}, None)
    (('background', 'object'), {255: 1})
    >>> name_classes({0: 7, 1: 3, 2: 1, 255: 4}, 255)
    (('class 0', 'class 1', 'class 2'), {})

    """
    values = sorted(value for value in counts if value != void)
    if len(values) == 2 and values[0] == 0 and void != 1:
        other = values[1]
        return ("background", "object"), {} if other == 1 else {other: 1}
    inside = [void] if void is not None and void < len(values) + 1 else []
    numbers = sorted({*values, *inside})
    if numbers != list(range(len(numbers))):
        shown = ", ".join(str(value) for value in values[:10])
        more = " and more" if len(values) > 10 else ""
        hint = ""
        if values[-1] == 255 and void is None:
            hint = "; 255 often means void: --void 255"
        raise ValueError(
            f"the masks hold the values {shown}{more}, which are not the "
            "class numbers 0, 1, 2 and so on; give their names with --codes "
            f"FILE, or the number that is void{hint}"
        )
    return tuple(
        "void" if number == void else f"class {number}" for number in numbers
    ), {}


def split_pairs(
    pairs: Sequence[MaskPair], options: argparse.Namespace
) -> tuple[list[MaskPair], list[MaskPair], str]:
    """Return pairs to learn from, pairs to judge by, and how it was done.

    A split that the data brings stays; then a list, then a share decides.
    """
    if options.valid_list is not None:
        pairs = split_by_list(pairs, options.valid_list)
    train = [pair for pair in pairs if pair.split == "train"]
    valid = [pair for pair in pairs if pair.split == "valid"]
    if train and valid:
        how = "as the data says"
    else:
        if not 0 < options.valid_share < 1:
            raise ValueError(
                "--valid-share must be between 0 and 1, got "
                f"{options.valid_share}"
            )
        if len(pairs) < 2:
            raise ValueError(
                "one pair of picture and mask cannot be learned from and "
                "judged by at once; give at least two"
            )
        count = round(options.valid_share * len(pairs))
        count = min(max(count, 1), len(pairs) - 1)
        order = list(range(len(pairs)))
        if options.split == "random":
            generator = torch.Generator().manual_seed(options.seed)
            order = torch.randperm(len(pairs), generator=generator).tolist()
        judged = set(order[-count:])
        valid = [pair for i, pair in enumerate(pairs) if i in judged]
        train = [pair for i, pair in enumerate(pairs) if i not in judged]
        how = {
            "random": "drawn at random; frames of one video are near "
            "copies, use --split last for them",
            "last": "the last ones by name",
        }[options.split]
    note = (
        f"{len(train)} pairs to learn from, {len(valid)} to judge by ({how})."
    )
    return train, valid, note
