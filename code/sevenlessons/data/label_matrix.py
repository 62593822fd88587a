"""Several labels a photo as a table of zeros and ones, and what it shows.

One row a photo, one column a label: what a network with one sigmoid a label
learns from. A photo may have no label at all: its row is all zero.
"""

from collections.abc import Iterable, Sequence

import torch
from torch import Tensor

__all__ = ["cooccurrence", "label_matrix", "labels_of", "tags", "untag"]


def label_matrix(
    labels: Iterable[Sequence[str]], classes: Sequence[str]
) -> Tensor:
    """Return 1 where a photo has a label, 0 elsewhere.

    Parameters
    ----------
    labels
        The labels of each photo; an empty list if it has none.
    classes
        All labels, in the order of the columns.

    Returns
    -------
    Tensor
        float32, shape ``(N, K)``: the target of binary cross-entropy.

    Raises
    ------
    TypeError
        If the labels of a photo are a single text.
    ValueError
        If a label is unknown or `classes` names one twice.

    Examples
    --------
    >>> label_matrix([["cat", "dog"], [], ["dog"]], ["cat", "dog"])
    tensor([[1., 1.],
            [0., 0.],
            [0., 1.]])

    """
    columns = {name: column for column, name in enumerate(classes)}
    if len(columns) != len(classes):
        raise ValueError(
            f"classes names a label twice: {', '.join(classes)}; name each "
            "once"
        )
    rows = list(labels)
    matrix = torch.zeros(len(rows), len(columns))
    for row, names in enumerate(rows):
        if isinstance(names, str):
            raise TypeError(
                f"row {row} holds the text {names!r}; expected a list of "
                f"labels, such as [{names!r}]"
            )
        for name in names:
            if name not in columns:
                raise ValueError(
                    f"row {row} has the label {name!r}, expected one of "
                    f"{', '.join(classes)}"
                )
            matrix[row, columns[name]] = 1
    return matrix


def labels_of(matrix: Tensor, classes: Sequence[str]) -> list[list[str]]:
    """Return the labels of each row: the way back from `label_matrix`.

    Parameters
    ----------
    matrix
        Zeros and ones, or answers yes and no, shape ``(N, K)``.
    classes
        The names of the columns.

    Examples
    --------
    >>> labels_of(torch.tensor([[True, True], [False, False]]), ["a", "b"])
    [['a', 'b'], []]

    """
    _check_matrix(matrix)
    if matrix.shape[1] != len(classes):
        raise ValueError(
            f"expected one name for each of the {matrix.shape[1]} columns, "
            f"got {len(classes)}"
        )
    return [
        [name for name, there in zip(classes, row, strict=True) if there]
        for row in matrix.tolist()
    ]


def cooccurrence(matrix: Tensor) -> Tensor:
    """Return how many photos have label i and label j.

    On the diagonal stands how many have label i at all.

    Parameters
    ----------
    matrix
        Zeros and ones, shape ``(N, K)``.

    Returns
    -------
    Tensor
        Whole numbers, shape ``(K, K)``, equal to its mirror image.

    Examples
    --------
    >>> cooccurrence(torch.tensor([[1, 1, 0], [1, 0, 0]]))
    tensor([[2, 1, 0],
            [1, 1, 0],
            [0, 0, 0]])

    """
    _check_matrix(matrix)
    there = matrix.double()  # exact up to 2 ** 53 photos
    return (there.T @ there).long()


def tags(labels: Sequence[str]) -> str:
    """Return labels as one text: spaces between them, underscores inside.

    This is the form in which competitions ask for several labels.

    Examples
    --------
    >>> tags(["dark nebula", "open cluster"])
    'dark_nebula open_cluster'

    """
    for label in labels:
        if not label or "_" in label or label != " ".join(label.split()):
            raise ValueError(
                f"the label {label!r} would not come back: expected words "
                "with single spaces between them and no underscore"
            )
    return " ".join(label.replace(" ", "_") for label in labels)


def untag(text: str) -> list[str]:
    """Return the labels of a text made by `tags`.

    Examples
    --------
    >>> untag("dark_nebula open_cluster"), untag("")
    (['dark nebula', 'open cluster'], [])

    """
    return [tag.replace("_", " ") for tag in text.split()]


def _check_matrix(matrix: Tensor) -> None:
    if matrix.ndim != 2:
        raise ValueError(
            "expected a table of zeros and ones of shape (N, K), got "
            f"{tuple(matrix.shape)}"
        )
    if not ((matrix == 0) | (matrix == 1)).all():
        raise ValueError(
            "the table must hold zeros and ones only; compare probabilities "
            "with a threshold first"
        )
