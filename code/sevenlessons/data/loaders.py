"""Batches: from tensors in memory, or from items opened one by one.

`TensorLoader` cuts a batch with one indexing call a tensor. `item_loader`
wraps torch's own loader for items that must be decoded. Both serve tuples
whose last member is the target, own their random generator, and can be read
once an epoch.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, default_collate

from .loader_checks import (
    check_batch_size,
    check_callable,
    check_samples,
    check_tensors,
)

__all__ = ["TensorLoader", "item_loader"]

Transform = Callable[..., Tensor | tuple[Tensor, ...]]


class TensorLoader:
    """Serve batches of `tensors`, in a new random order every epoch.

    A batch is ``tuple(tensor[rows] for tensor in tensors)``: no sample is
    fetched alone, so none has to be stacked (collated) again.

    Parameters
    ----------
    *tensors
        Inputs, then the target; the first axis of each counts the samples.
        A tensor given alone counts as input.
    batch_size
        Samples in a batch; the last batch of an epoch may hold fewer.
    shuffle
        Draw a new order every epoch. Otherwise batches are views, in order.
    drop_last
        Leave out a last batch that is not full.
    seed
        Start of the loader's own `generator`; no global state is touched.
    transform
        Called as ``transform(*inputs, generator=...)`` on the inputs of each
        batch, with the loader's generator; returns as many inputs. This is
        the place for augmentation, on the training loader only.
    paired
        Called as ``paired(*inputs, target, generator=...)`` on the whole
        batch before `transform`; returns as many tensors. For changes that
        the target must follow, such as `vision.paired.Paired`.

    Raises
    ------
    TypeError
        If something given is no tensor, or `batch_size` no whole number.
    ValueError
        If the tensors are empty, differ in length or device, or leave no
        batch to serve.

    Examples
    --------
    >>> loader = TensorLoader(torch.arange(5), torch.arange(5), batch_size=2)
    >>> [len(target) for _, target in loader], len(loader)
    ([2, 2, 1], 3)

    """

    def __init__(
        self,
        *tensors: Tensor,
        batch_size: int = 64,
        shuffle: bool = False,
        drop_last: bool = False,
        seed: int = 0,
        transform: Transform | None = None,
        paired: Transform | None = None,
    ) -> None:
        check_tensors(tensors)
        check_batch_size(batch_size)
        check_samples(len(tensors[0]), batch_size, drop_last)
        check_callable("transform", transform, "a batch of inputs")
        check_callable("paired", paired, "a batch of inputs and target")
        if paired is not None and len(tensors) < 2:
            raise ValueError(
                "paired moves inputs and their target together, and there "
                "is no target; give both tensors, or use transform"
            )
        self.tensors = tensors
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.drop_last = drop_last
        self.transform = transform
        self.paired = paired
        self.generator = torch.Generator().manual_seed(seed)

    def __len__(self) -> int:
        full, rest = divmod(len(self.tensors[0]), self.batch_size)
        return full + (rest > 0 and not self.drop_last)

    def __iter__(self) -> Iterator[tuple[Tensor, ...]]:
        samples, size = len(self.tensors[0]), self.batch_size
        if self.shuffle:
            order = torch.randperm(samples, generator=self.generator)
            order = order.to(self.tensors[0].device)
        for i in range(0, len(self) * size, size):
            rows = order[i : i + size] if self.shuffle else slice(i, i + size)
            batch = tuple(tensor[rows] for tensor in self.tensors)
            yield self._transformed(batch)

    def _transformed(self, batch: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        """Return `batch` after `paired`, and its inputs after `transform`."""
        if self.paired is not None:
            batch = self._called("paired", self.paired, batch)
        if self.transform is None:
            return batch
        last = max(len(batch) - 1, 1)
        inputs = self._called("transform", self.transform, batch[:last])
        return (*inputs, *batch[last:])

    def _called(
        self, name: str, change: Transform, given: tuple[Tensor, ...]
    ) -> tuple[Tensor, ...]:
        """Return what `change` makes of `given`, as many as were given."""
        changed = change(*given, generator=self.generator)
        changed = changed if isinstance(changed, tuple) else (changed,)
        if len(changed) != len(given):
            what = "inputs" if name == "transform" else "tensors"
            raise ValueError(
                f"{name} took {len(given)} {what} and returned "
                f"{len(changed)}; return as many as it is given"
            )
        return changed

    def state_dict(self) -> dict[str, Tensor]:
        """Return the state of the generator, to go on exactly from here.

        Take it between epochs: the place within an epoch is not part of it.
        """
        return {"generator": self.generator.get_state()}

    def load_state_dict(self, state: Mapping[str, Tensor]) -> None:
        """Take back what `state_dict` returned."""
        if "generator" not in state:
            raise ValueError(
                "expected the state of a TensorLoader with the key "
                f"'generator', got the keys {sorted(state)}"
            )
        self.generator.set_state(state["generator"].cpu())


def _collate(samples: list[Any]) -> Any:
    """Stack samples as torch does, but as a tuple, like `TensorLoader`."""
    batch = default_collate(samples)
    return tuple(batch) if isinstance(batch, list) else (batch,)


def item_loader(
    dataset: Dataset[Any],
    *,
    batch_size: int = 64,
    shuffle: bool = False,
    drop_last: bool = False,
    seed: int = 0,
    num_workers: int = 0,
) -> DataLoader[Any]:
    """Return torch's loader for items that must be opened one by one.

    Parameters
    ----------
    dataset
        Anything with a length whose items are tuples ``(*inputs, target)``.
    batch_size, shuffle, drop_last
        As in `TensorLoader`.
    seed
        Start of a generator of its own; workers get their seeds from it.
    num_workers
        Processes that open items; 0 opens them in this process.

    Returns
    -------
    torch.utils.data.DataLoader
        Serves tuples; its order is in ``loader.generator``.

    Raises
    ------
    ValueError
        If `dataset` is empty or a number makes no sense.

    Examples
    --------
    >>> items = [(torch.zeros(3), 1), (torch.ones(3), 0)]
    >>> ((inputs, target),) = item_loader(items, batch_size=2)
    >>> inputs.shape, target
    (torch.Size([2, 3]), tensor([1, 0]))

    """
    check_batch_size(batch_size)
    if not hasattr(dataset, "__len__"):
        raise TypeError(
            f"dataset must have a length, {type(dataset).__name__} has none"
        )
    check_samples(len(dataset), batch_size, drop_last)
    if num_workers < 0:
        raise ValueError(f"num_workers must be at least 0, got {num_workers}")
    return DataLoader(
        dataset,
        batch_size=batch_size,
        shuffle=shuffle,
        drop_last=drop_last,
        num_workers=num_workers,
        collate_fn=_collate,
        generator=torch.Generator().manual_seed(seed),
    )
