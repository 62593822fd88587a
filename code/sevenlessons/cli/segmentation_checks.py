"""Options of ``train segmentation`` that are refused before any work."""

import argparse
import importlib

import torch

from .machine import available_memory
from .segmentation_data import MaskData

__all__ = ["check_memory", "check_options"]


def check_options(options: argparse.Namespace) -> None:
    """Refuse numbers, a device or an encoder that cannot be.

    Raises
    ------
    ValueError
        In words that name the option.

    """
    if options.epochs < 1:
        raise ValueError(f"--epochs must be at least 1, got {options.epochs}")
    if options.batch_size < 1:
        raise ValueError(
            f"--batch-size must be at least 1, got {options.batch_size}"
        )
    if not 0 < options.lr <= 1:
        raise ValueError(
            f"--lr must be above 0 and at most 1, got {options.lr}"
        )
    if not 0 <= options.seed < 2**32:
        raise ValueError(
            f"--seed must be from 0 to {2**32 - 1}, got {options.seed}"
        )
    # by name: `vision` is only loaded when somebody trains
    recipes = importlib.import_module("sevenlessons.vision.recipes")
    recipes.find_recipe(options.encoder)
    if options.device:
        try:
            torch.zeros(1, device=options.device).item()
        except (RuntimeError, AssertionError) as error:
            raise ValueError(
                f"--device {options.device} cannot be used here "
                f"({str(error).splitlines()[0]}); leave it out, or take cpu"
            ) from error


def check_memory(data: MaskData) -> None:
    """Refuse pictures that would not fit: all are kept in memory."""
    height, width = data.train.size or (0, 0)
    count = len(data.train) + len(data.valid)
    needed = 4 * height * width * count
    there = available_memory()
    if there is not None and 2 * needed > there:
        raise ValueError(
            f"all pictures together take {needed / 1e9:.1f} GB, and "
            f"{there / 1e9:.1f} GB of memory are free, of which half is "
            "needed for the training; lower --size"
        )
