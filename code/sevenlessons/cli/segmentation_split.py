"""Which pairs a training learns from, and which judge it."""

import argparse
from collections.abc import Sequence

import torch

from sevenlessons.data.mask_layouts import split_by_list
from sevenlessons.data.mask_pairs import MaskPair

__all__ = ["split_pairs"]


def split_pairs(
    pairs: Sequence[MaskPair], options: argparse.Namespace
) -> tuple[list[MaskPair], list[MaskPair], str]:
    """Return pairs to learn from, pairs to judge by, and how it was done.

    A split that the data brings stays; then a list, then a share decides.
    """
    said = "as the data says"
    if options.valid_list is not None:
        pairs = split_by_list(pairs, options.valid_list)
        said = "as the list says"
    train = [pair for pair in pairs if pair.split == "train"]
    valid = [pair for pair in pairs if pair.split == "valid"]
    if train and valid:
        how = said
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
