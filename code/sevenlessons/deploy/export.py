"""Put a trained classifier into a folder that answers without its training.

The folder is made beside its place, asked, compared with the network in
memory bit for bit, and only then given its name: a bundle is there whole or
not at all.
"""

from __future__ import annotations

import copy
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from torch import nn

import sevenlessons
from sevenlessons.vision.classifier import PhotoClassifier
from sevenlessons.vision.transfer import TransferModel

from .architectures import describe_model, input_scale
from .bundle import CARD, WEIGHTS, describe_bytes, write_settings
from .inference import RESIZE, prepare, probabilities_of
from .model_card import model_card
from .placing import check_place, placed
from .predictor import Predictor
from .schema import FORMAT, check_settings
from .weights import find_broken

__all__ = ["export"]


def _plain(value: Any) -> Any:
    """Return `value` as JSON has it: tuples and NumPy's numbers are gone."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value


def _model_of(learner: Any) -> tuple[nn.Module, list[int], bool]:
    """Return a copy of the network on the CPU, its views, fused or not."""
    if isinstance(learner, PhotoClassifier):
        if not hasattr(learner, "learner_"):
            raise RuntimeError(
                "this PhotoClassifier has learned nothing yet; call fit first"
            )
        parts = copy.deepcopy((learner.backbone, learner.learner_.model))
        model: nn.Module = TransferModel(*parts)  # type: ignore[arg-type]
        return model.cpu(), list(learner.views), True
    model = (
        learner if isinstance(learner, nn.Module) else _learner_model(learner)
    )
    return copy.deepcopy(model).cpu(), [0], False


def _learner_model(learner: Any) -> nn.Module:
    model = getattr(learner, "model", None)
    if not isinstance(model, nn.Module):
        raise TypeError(
            "expected a Learner, a PhotoClassifier or a network, got "
            f"{type(learner).__name__}"
        )
    if isinstance(model, nn.Sequential):
        raise TypeError(
            "this Learner trained a head alone; export "
            "TransferModel(backbone, learner.model), or the PhotoClassifier "
            "that it is part of"
        )
    return model


def _settings(
    model: nn.Module, classes: Sequence[str], size: int, **more: Any
) -> dict[str, Any]:
    """Return all that `bundle.json` holds, but the files."""
    name, arguments = describe_model(model)
    if len(classes) != arguments["num_classes"]:
        raise ValueError(
            f"classes has {len(classes)} names, but the network gives "
            f"{arguments['num_classes']} scores; pass one name a score, in "
            "the order of training"
        )
    scale = input_scale(name, model)
    return {
        "format": FORMAT,
        "package": {
            "name": "sevenlessons",
            "version": sevenlessons.__version__,
        },
        "python": platform.python_version(),
        "torch": torch.__version__,
        "task": "classification",
        "classes": list(classes),
        "input": {
            "size": size,
            "mode": "RGB" if scale["channels"] == 3 else "L",
            "resize": RESIZE,
            **scale,
        },
        "architecture": {"name": name, "arguments": arguments},
        **{key: _plain(value) for key, value in more.items()},
        "created_at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _prove(model: nn.Module, folder: Path) -> None:
    """Compare the bundle's answers with those of `model` in memory."""
    predictor = Predictor.load(folder)
    settings = predictor.settings
    shape = (2, settings["input"]["channels"], predictor.size, predictor.size)
    generator = torch.Generator().manual_seed(0)
    images = torch.randint(
        0, 256, shape, generator=generator, dtype=torch.uint8
    )
    ready = prepare(model, fused=settings["fused"])
    expected = probabilities_of(ready, images, settings["views"])
    if not torch.equal(predictor.probabilities(images), expected):
        raise RuntimeError(
            "the bundle does not answer as the network in memory does, so it "
            "was not kept; perhaps a layer was changed by hand"
        )


def export(
    learner: Any,
    path: str | os.PathLike[str],
    *,
    classes: Iterable[str] | None = None,
    size: int | None = None,
    metrics: Iterable[Mapping[str, Any]] = (),
    card: Mapping[str, str] | None = None,
    threshold: float | None = None,
    overwrite: bool = False,
) -> Path:
    """Write a trained classifier to the folder `path`; return its path.

    The folder holds `model.safetensors`, `bundle.json` and `README.md`, the
    model card. `Predictor.load` opens it.

    Parameters
    ----------
    learner
        A `PhotoClassifier`, a `Learner`, or its network: a `TransferModel`
        or a `SmallCNN`. Left as it is.
    path
        Folder to make.
    classes
        One name a score, in the order of training; a `PhotoClassifier`
        knows its own.
    size
        Height and width in pixels of the pictures it was trained on; a
        `PhotoClassifier` knows its own.
    metrics
        What was measured, with where it comes from: rows with ``key``,
        ``value``, ``n``, ``data`` and ``baselines``, better also
        ``interval``, as `record` takes them.
    card
        Texts for the model card by name: ``description``, ``data``,
        ``split``, ``limits``, ``licence``, or headings of your own.
    threshold
        Below this probability the answer is "not sure".
    overwrite
        Replace a bundle that is there. Anything else is never replaced, nor
        is a folder that holds more than a bundle.

    Raises
    ------
    FileExistsError
        If something is there already.
    TypeError
        If the network is not on the closed list of `architectures`.
    ValueError
        If classes, size or another setting does not fit.

    Examples
    --------
    >>> from sevenlessons.vision.small_cnn import SmallCNN
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     made = export(
    ...         SmallCNN(2), f"{folder}/yes", classes=["no", "yes"], size=28
    ...     )
    ...     sorted(file.name for file in made.iterdir())
    ['README.md', 'bundle.json', 'model.safetensors']

    """
    target = Path(path)
    check_place(target, overwrite=overwrite)
    model, views, fused = _model_of(learner)
    if isinstance(learner, PhotoClassifier):
        classes = learner.classes_ if classes is None else classes
        size = learner.size if size is None else size
    if classes is None or size is None:
        raise ValueError(
            "classes and size are needed: the names in the order of "
            "training, and the height and width of the pictures in pixels"
        )
    settings = _settings(
        model,
        list(classes),
        size,
        views=views,
        fused=fused,
        metrics=list(metrics),
        threshold=threshold,
        card=dict(card or {}),
    )
    state = {k: v.contiguous() for k, v in model.state_dict().items()}
    broken = find_broken(state)
    if broken is not None:
        raise RuntimeError(
            f"{broken} holds nan or infinity, so the network has no answers; "
            "train it again, with a lower learning rate"
        )
    weights = safetensors.torch.save(state)
    settings["files"] = {WEIGHTS: describe_bytes(weights)}
    check_settings(settings, "the settings of the bundle")
    text = model_card(settings, target.name).encode()
    settings["files"][CARD] = describe_bytes(text)
    with placed(target, overwrite=overwrite) as new:
        (new / WEIGHTS).write_bytes(weights)
        write_settings(new, settings)
        (new / CARD).write_bytes(text)
        _prove(model, new)
    return target
