"""The network as an ONNX file, for programs that know no PyTorch.

Input ``images``, float32 ``(N, C, S, S)`` in [0, 1], any N. Output
``probabilities``, ``(N, K)``. Normalization, views and softmax are inside:
whoever uses the file can only get the resizing wrong (see `inference`).

Needs the extra: ``pip install "sevenlessons[onnx]"``.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.vision.features import fused_copy
from sevenlessons.vision.normalize import Normalize
from sevenlessons.vision.views import dihedral_view

from .placing import ONNX, add_file
from .predictor import Predictor

try:
    import onnx
    import onnxruntime
    import onnxscript  # noqa: F401  what torch's exporter works with
except ImportError as error:
    raise ImportError(
        f"ONNX needs a package that is not here ({error.name}); install "
        'it with: pip install "sevenlessons[onnx]"'
    ) from error

__all__ = ["ExportNetwork", "export_onnx", "run_onnx"]

_OPSET = 18
_CLOSE = 1e-4  # how far onnxruntime may be from torch


class _Scale(nn.Module):
    """What `Normalize` does, without looking at the values first."""

    mean: Tensor
    std: Tensor

    def __init__(self, normalize: Normalize) -> None:
        super().__init__()
        self.register_buffer("mean", normalize.mean.clone())
        self.register_buffer("std", normalize.std.clone())

    def forward(self, images: Tensor) -> Tensor:
        return (images - self.mean) / self.std


class ExportNetwork(nn.Module):
    """From floats in [0, 1] to probabilities, with nothing data-dependent.

    `Normalize` checks the values of pictures, to help people. A graph cannot
    hold such a check, so this copy goes without.

    Parameters
    ----------
    model
        A network that begins with a `Normalize`; copied.
    views
        Sides to average over, see `dihedral_view`.

    Examples
    --------
    >>> from sevenlessons.vision.small_cnn import SmallCNN
    >>> network = ExportNetwork(SmallCNN(3), views=[0, 4])
    >>> network(torch.zeros(2, 1, 28, 28)).shape
    torch.Size([2, 3])

    """

    def __init__(self, model: nn.Module, views: list[int]) -> None:
        super().__init__()
        self.views = views
        self.model = fused_copy(model).to(
            memory_format=torch.contiguous_format
        )
        for part in list(self.model.modules()):
            for name, child in part.named_children():
                if isinstance(child, Normalize):
                    setattr(part, name, _Scale(child))

    def forward(self, images: Tensor) -> Tensor:
        """Return probabilities (N, K) of images (N, C, S, S) in [0, 1]."""
        sides = [dihedral_view(images, view) for view in self.views]
        scores = self.model(torch.cat(sides))  # one pass for all sides
        each = scores.softmax(dim=1).unflatten(0, (len(self.views), -1))
        return each.mean(dim=0)


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the exporter, which warns of its own future."""
    loggers = [
        logging.getLogger(name) for name in ("torch.onnx", "onnxscript")
    ]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _to_onnx(network: ExportNetwork, shape: tuple[int, ...]) -> bytes:
    """Return `network` as the bytes of an ONNX file, weights inside."""
    with _quiet():
        program = torch.onnx.export(
            network.eval(),
            (torch.zeros(shape),),
            dynamo=True,
            input_names=["images"],
            output_names=["probabilities"],
            dynamic_shapes=({0: torch.export.Dim("N", min=1)},),
            opset_version=_OPSET,
            verbose=False,
        )
    if program is None:
        raise RuntimeError("torch's ONNX exporter returned nothing")
    proto = program.model_proto
    _strip(proto)
    onnx.checker.check_model(proto, full_check=True)
    return proto.SerializeToString(deterministic=True)


def _strip(proto: Any) -> None:
    """Drop what the exporter noted about our machine and source files."""
    del proto.metadata_props[:]
    graph = proto.graph
    del graph.metadata_props[:]
    for part in (
        *graph.node,
        *graph.input,
        *graph.output,
        *graph.value_info,
        *graph.initializer,
    ):
        part.doc_string = ""
        if hasattr(part, "metadata_props"):
            del part.metadata_props[:]
    for function in proto.functions:
        del function.metadata_props[:]
        for node in function.node:
            node.doc_string = ""
            del node.metadata_props[:]


def run_onnx(
    content: bytes | str | os.PathLike[str],
    images: Tensor,
    *,
    batch_size: int = 16,
) -> Tensor:
    """Return what onnxruntime says of `images`, on the CPU.

    Parameters
    ----------
    content
        An ONNX file, or its bytes.
    images
        uint8, shape ``(N, C, S, S)``.
    batch_size
        Pictures at a time.

    Examples
    --------
    >>> run_onnx("sky/model.onnx", images).shape  # doctest: +SKIP
    torch.Size([2, 5])

    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    options.log_severity_level = 3  # errors
    session = onnxruntime.InferenceSession(
        content if isinstance(content, bytes) else os.fspath(content),
        options,
        providers=["CPUExecutionProvider"],
    )
    answers = []
    for some in images.split(batch_size):
        pictures = (some.float() / 255).numpy()
        (answer,) = session.run(None, {"images": pictures})
        answers.append(torch.from_numpy(answer))
    return torch.cat(answers)


def export_onnx(bundle_path: str | os.PathLike[str]) -> Path:
    """Add `model.onnx` to a bundle, with its SHA-256; return its path.

    Before it is kept, onnxruntime answers five random pictures and one
    alone, and must agree with the bundle to 1e-4. The same bundle and
    packages give the same bytes. One that is there is replaced.

    Raises
    ------
    BundleError
        If the bundle is not whole.
    RuntimeError
        If onnxruntime disagrees.

    Examples
    --------
    >>> export_onnx("sky")  # doctest: +SKIP
    PosixPath('sky/model.onnx')

    """
    folder = Path(bundle_path)
    predictor = Predictor.load(folder)
    settings = predictor.settings
    shape = (settings["input"]["channels"], predictor.size, predictor.size)
    network = ExportNetwork(predictor.model, settings["views"])
    content = _to_onnx(network, (2, *shape))
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(
        0, 256, (5, *shape), generator=generator, dtype=torch.uint8
    )
    for some in (images, images[:1]):
        theirs, ours = run_onnx(content, some), predictor.probabilities(some)
        gap = (theirs - ours).abs().max().item()
        if not gap <= _CLOSE:
            raise RuntimeError(
                f"onnxruntime's answer differs from ours by {gap:.1e}, more "
                f"than {_CLOSE:g}; {ONNX} was not kept"
            )
    add_file(folder, settings, ONNX, content)
    return folder / ONNX
