"""From the options of ``train segmentation`` to checked pairs.

Everything that can be wrong with the data is found here, before training.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sevenlessons.data.mask_checks import check_masks, count_each
from sevenlessons.data.mask_items import MaskItems
from sevenlessons.data.mask_layouts import open_layout
from sevenlessons.data.mask_pairs import MaskPair, pair_masks
from sevenlessons.deploy.segmenter_settings import check_meaning

from .segmentation_names import choose_names, name_classes
from .segmentation_size import choose_size
from .segmentation_split import split_pairs

__all__ = ["MaskData", "prepare"]


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
    test
        Pairs that choose nothing, if the folder brings some.

    """

    train: MaskItems
    valid: MaskItems
    classes: tuple[str, ...]
    void: int | None
    counts: Mapping[int, int]
    notes: tuple[str, ...]
    test: MaskItems | None = None


def prepare(options: argparse.Namespace) -> MaskData:
    """Read, match, check and split what the options name.

    Raises
    ------
    ValueError, OSError
        If anything is wrong with the data, in words that say what to do.

    """
    found, classes, void = _find(options)
    classes, void, colors = choose_names(options, classes, void)
    train, valid, note = split_pairs(
        [pair for pair in found if pair.split != "test"], options
    )
    test = [pair for pair in found if pair.split == "test"]
    pairs = [*train, *valid, *test]
    size = choose_size(train, options.size)
    print(f"reading {len(pairs)} masks", flush=True)
    both = count_each(pairs, colors=colors, size=size)
    whole = [counts for counts, _ in both]
    counts = _sum(whole)
    values: dict[int, int] = {}
    notes = []
    if not classes:
        classes, values = name_classes(counts, void)
        notes.append(
            f"No names were given: the classes are {', '.join(classes)}."
        )
        notes += [
            f"{value} in the files is class {number}; `predict` writes "
            f"{number}."
            for value, number in values.items()
        ]
    else:
        check_masks(pairs, len(classes), void=void, counts=whole)
    check_meaning(classes, size, void)
    counts = _named(counts, values)
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
    notes.append(note)
    last = len(train) + len(valid)
    for place, how in ((0, ""), (1, f" at {size[0]} x {size[1]} pixels")):
        sides = [
            _named(_sum(one[place] for one in part), values)
            for part in (both[: len(train)], both[len(train) : last])
        ]
        _refuse_void(sides, len(classes), void, how)
    notes += _alone(sides, counts, classes, void)
    if test:
        notes.append(f"{len(test)} test pairs are measured at the end.")
    notes.append(f"All are brought to {size[0]} x {size[1]} pixels.")
    parts = [
        MaskItems(part, size, colors=colors, values=values) if part else None
        for part in (train, valid, test)
    ]
    if parts[0] is None or parts[1] is None:
        raise ValueError("there are no pairs to learn from, or to judge by")
    return MaskData(
        parts[0], parts[1], classes, void, counts, tuple(notes), parts[2]
    )


def _sum(counters: Iterable[Counter[int]]) -> Counter[int]:
    total: Counter[int] = Counter()
    for counter in counters:
        total.update(counter)
    return total


def _named(counts: Counter[int], values: Mapping[int, int]) -> Counter[int]:
    """Return counts of classes from counts of what the files hold."""
    return Counter({values.get(v, v): n for v, n in counts.items()})


def _refuse_void(
    sides: Sequence[Counter[int]], num_classes: int, void: int | None, how: str
) -> None:
    """Refuse a side that is void alone."""
    for counts, what in zip(sides, ("learn from", "judge by"), strict=True):
        if not any(counts[i] for i in range(num_classes) if i != void):
            remedy = "a larger --size keeps thin marks; or " if how else ""
            raise ValueError(
                f"the masks to {what} hold void alone{how}; {remedy}choose "
                "other pairs with --valid-list, --valid-share or --seed"
            )


def _alone(
    sides: Sequence[Counter[int]],
    counts: Counter[int],
    classes: Sequence[str],
    void: int | None,
) -> list[str]:
    """Name what is there on one side only, or on none in this size."""
    train, valid = sides
    lines = []
    for what, chosen in (
        ("To judge by only", lambda i: valid[i] and not train[i]),
        (
            "Too thin for this size, no pixel is left",
            lambda i: counts[i] and not valid[i] and not train[i],
        ),
    ):
        names = [
            name for i, name in enumerate(classes) if i != void and chosen(i)
        ]
        if names:
            lines.append(f"{what}: {', '.join(names)}.")
    return lines


def _find(
    options: argparse.Namespace,
) -> tuple[list[MaskPair], tuple[str, ...], int | None]:
    two = options.images is not None and options.masks is not None
    one = options.images is not None or options.masks is not None
    if options.folder is not None and not one:
        if options.suffix is not None:
            raise ValueError(
                "--suffix belongs to --images and --masks; names in --folder "
                "are matched by its layout: leave --suffix out"
            )
        found = open_layout(options.folder)
        return list(found.pairs), found.classes, found.void
    if options.folder is not None or not two:
        raise ValueError(
            "give --images DIR and --masks DIR, or --folder DIR alone"
        )
    return (
        pair_masks(options.images, options.masks, suffix=options.suffix),
        (),
        None,
    )
