"""What a loader refuses, and in which words.

Each check looks at one thing that `loaders` was given: what was received,
what was expected, and what to do about it.
"""

from torch import Tensor

__all__ = [
    "check_batch_size",
    "check_callable",
    "check_samples",
    "check_tensors",
]


def check_batch_size(batch_size: int) -> None:
    """Refuse a batch size that is no whole number above zero.

    Examples
    --------
    >>> check_batch_size(0)
    Traceback (most recent call last):
    ValueError: batch_size must be at least 1, got 0

    """
    if isinstance(batch_size, bool) or not isinstance(batch_size, int):
        raise TypeError(
            f"batch_size must be a whole number, got {batch_size!r}"
        )
    if batch_size < 1:
        raise ValueError(f"batch_size must be at least 1, got {batch_size}")


def check_samples(samples: int, batch_size: int, drop_last: bool) -> None:
    """Refuse no samples, or too few for one full batch.

    Examples
    --------
    >>> check_samples(2, batch_size=3, drop_last=True)
    Traceback (most recent call last):
    ValueError: drop_last leaves no batch: 2 samples are fewer than ...

    """
    if samples == 0:
        raise ValueError(
            "there is no sample to serve (length 0); check the split or the "
            "filter that made the data"
        )
    if drop_last and samples < batch_size:
        raise ValueError(
            f"drop_last leaves no batch: {samples} samples are fewer than "
            f"batch_size={batch_size}; lower batch_size or keep the last batch"
        )


def check_tensors(tensors: tuple[Tensor, ...]) -> None:
    """Refuse what cannot be cut into batches together.

    Examples
    --------
    >>> check_tensors((torch.ones(2), torch.ones(3)))
    Traceback (most recent call last):
    ValueError: tensors must be given and have one length, got ...

    """
    for place, tensor in enumerate(tensors):
        if not isinstance(tensor, Tensor):
            raise TypeError(
                f"argument {place} must be a tensor, got "
                f"{type(tensor).__name__}; torch.as_tensor makes one of it"
            )
        if tensor.ndim == 0:
            raise ValueError(
                f"argument {place} is a single number without a first axis "
                "that counts samples; make it a tensor of shape (N, ...)"
            )
    lengths = [len(tensor) for tensor in tensors]
    if len(set(lengths)) != 1:
        raise ValueError(
            f"tensors must be given and have one length, got lengths {lengths}"
        )
    devices = sorted({str(tensor.device) for tensor in tensors})
    if len(devices) != 1:
        raise ValueError(
            f"tensors must be on one device, got {', '.join(devices)}; move "
            "them with .to(device)"
        )


def check_callable(name: str, value: object, takes: str) -> None:
    """Refuse a change of batches that cannot be called.

    Examples
    --------
    >>> check_callable("transform", "flip", "a batch of inputs")
    Traceback (most recent call last):
    TypeError: transform must be a function of a batch of inputs, got str

    """
    if value is not None and not callable(value):
        raise TypeError(
            f"{name} must be a function of {takes}, got {type(value).__name__}"
        )
