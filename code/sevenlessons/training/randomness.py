"""All random states that training draws from, taken and given back.

Dropout draws from torch's global generator, a loader's order from the
loader's own, a data set's augmentation perhaps from Python's or numpy's.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import torch

__all__ = ["get_random_state", "set_random_state"]


def get_random_state(*loaders: Iterable[Any] | None) -> dict[str, Any]:
    """Return the state of all generators, as plain values and tensors.

    Parameters
    ----------
    *loaders
        Their own generators are included: ``loader.generator`` and, for
        torch's DataLoader, that of its sampler.

    Examples
    --------
    >>> state = get_random_state()
    >>> first = torch.rand(1)
    >>> set_random_state(state)
    >>> torch.equal(first, torch.rand(1))
    True

    """
    name, keys, *rest = np.random.get_state(legacy=True)
    used_cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
    return {
        "torch": torch.get_rng_state(),
        "cuda": torch.cuda.get_rng_state_all() if used_cuda else [],
        "python": random.getstate(),
        "numpy": (str(name), np.asarray(keys).tolist(), *rest),
        "loaders": [
            [generator.get_state() for generator in _generators(loader)]
            for loader in loaders
        ],
    }


def set_random_state(
    state: Mapping[str, Any], *loaders: Iterable[Any] | None
) -> None:
    """Give the generators back the state that `get_random_state` returned.

    Parameters
    ----------
    state
        What `get_random_state` returned.
    *loaders
        As many as it was called with, each with as many generators.

    Raises
    ------
    ValueError
        If the loaders have other generators than those of `state`; nothing
        is changed then.

    """
    own = [_generators(loader) for loader in loaders]
    counts = [len(generators) for generators in own]
    expected = [len(states) for states in state["loaders"]]
    if counts != expected:
        raise ValueError(
            f"the loaders have {counts} generators, the random state was "
            f"taken from loaders with {expected}; build them as then"
        )
    torch.set_rng_state(state["torch"].cpu())
    if state["cuda"] and torch.cuda.is_available():
        for device, cuda in enumerate(state["cuda"]):
            if device < torch.cuda.device_count():
                torch.cuda.set_rng_state(cuda.cpu(), device)
    random.setstate(state["python"])
    np.random.set_state(state["numpy"])
    for generators, states in zip(own, state["loaders"], strict=True):
        for generator, saved in zip(generators, states, strict=True):
            generator.set_state(saved.cpu())


def _generators(loader: object) -> list[torch.Generator]:
    """Return the different generators of `loader` itself and its sampler."""
    sampler = getattr(loader, "sampler", None)
    batches = getattr(loader, "batch_sampler", None)
    owners = (loader, sampler, batches, getattr(batches, "sampler", None))
    found: dict[int, torch.Generator] = {}
    for owner in owners:
        generator = getattr(owner, "generator", None)
        if isinstance(generator, torch.Generator):
            found[id(generator)] = generator
    return list(found.values())
