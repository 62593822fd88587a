"""Class names, their numbers, and whether there are enough photos of each.

Numbers are what a network answers with; the list of classes turns them back
into names and must be kept with the trained model.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import torch
from torch import Tensor

__all__ = ["check_classes", "encode_labels"]


def check_classes(labels: Iterable[Hashable], *, minimum: int = 2) -> None:
    """Raise if a class has fewer than `minimum` photos.

    A class with one photo cannot be both learned and tested.

    Examples
    --------
    >>> check_classes(["cat", "cat", "dog"])
    Traceback (most recent call last):
    ValueError: class 'dog' has 1 photo, at least 2 are needed; ...

    """
    counts = Counter(labels)
    if not counts:
        raise ValueError("there is no label: the list is empty")
    small = sorted(
        (count, str(label))
        for label, count in counts.items()
        if count < minimum
    )
    if small:
        count, label = small[0]
        photos = "photo" if count == 1 else "photos"
        others = f" (and {len(small) - 1} more classes)" * (len(small) > 1)
        raise ValueError(
            f"class {label!r} has {count} {photos}, at least {minimum} are "
            f"needed{others}; collect more, merge the class with another, or "
            "leave it out"
        )


def encode_labels(
    labels: Iterable[Hashable], classes: Sequence[Hashable] | None = None
) -> tuple[Tensor, list[Any]]:
    """Return class numbers, int64, and the classes they count.

    Parameters
    ----------
    labels
        One label a photo.
    classes
        The classes of the *training* photos, in their order; the sorted
        labels when None.

    Raises
    ------
    ValueError
        If a label is not among `classes`: a network cannot answer with a
        class that it never saw.

    Examples
    --------
    >>> encode_labels(["dog", "cat", "dog"])
    (tensor([1, 0, 1]), ['cat', 'dog'])

    """
    names = list(labels)
    known = sorted(set(names), key=str) if classes is None else list(classes)
    number = {name: place for place, name in enumerate(known)}
    if len(number) != len(known):
        raise ValueError(f"classes holds a name twice: {known}")
    strange = [name for name in dict.fromkeys(names) if name not in number]
    if strange:
        more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
        names_shown = ", ".join(map(str, strange[:3])) + more
        raise ValueError(
            f"unknown labels {names_shown}; the classes are "
            f"{', '.join(map(str, known))}: correct them or leave them out"
        )
    return torch.tensor([number[name] for name in names]).long(), known
