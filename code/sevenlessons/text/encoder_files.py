"""A model of language in a folder: write it, and open it without trust.

The folder holds ``encoder.safetensors``, numbers only, and ``encoder.json``:
sizes, the vocabulary, and the *receipt*, which says what made the model.
Nothing in it is executed, and all of it is compared before a model is filled.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import safetensors.torch
import torch
from safetensors import SafetensorError

from .awd_lstm import AWDLSTM, AWDDropouts, LanguageModel
from .vocabulary import Vocabulary

__all__ = ["check_folder", "load_encoder", "save_encoder"]

Loaded = tuple[LanguageModel, Vocabulary, dict[str, Any]]
_FORMAT = "sevenlessons language model 1"
_WEIGHTS, _SETTINGS = "encoder.safetensors", "encoder.json"
_SIZES = ("embedding_dim", "hidden_size", "num_layers")
_LARGEST = 4096


def check_folder(folder: str | os.PathLike[str]) -> Path:
    """Return a folder to write into; refuse one that holds other things.

    Raises
    ------
    FileExistsError
        If something else than an encoder of ours is there.

    Examples
    --------
    >>> check_folder("no such folder").as_posix()
    'no such folder'

    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"{folder} is a file; name a folder")
    there = {p.name for p in folder.iterdir()} if folder.is_dir() else set()
    if there - {_WEIGHTS, _SETTINGS}:
        raise FileExistsError(
            f"{folder} holds other files, such as {min(there)!r}; name a "
            "folder that is not there yet"
        )
    if there:
        try:
            _settings(folder)
        except ValueError as error:
            raise FileExistsError(
                f"{folder} holds files that this program did not write; name "
                "a folder that is not there yet"
            ) from error
    return folder


def save_encoder(
    model: LanguageModel,
    vocabulary: Vocabulary,
    folder: str | os.PathLike[str],
    *,
    receipt: Mapping[str, Any],
    dtype: torch.dtype = torch.float32,
) -> Path:
    """Write a model of language with its vocabulary and its receipt.

    Parameters
    ----------
    model
        On top of an `AWDLSTM`; the decoder's weights are the embedding's.
    vocabulary
        The words of the embedding's rows.
    folder
        New, empty, or with an earlier encoder, which is replaced.
    receipt
        What made it, as plain values: text, settings, scores, seed.
    dtype
        ``torch.float16`` halves the file; loading gives float32 again.

    Raises
    ------
    FileExistsError
        If the folder holds other things.
    ValueError
        If the vocabulary does not fit, or weights are not finite.

    Examples
    --------
    >>> import tempfile
    >>> model = LanguageModel(AWDLSTM(2, 3, 4, num_layers=2))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = save_encoder(
    ...         model, Vocabulary(["xxunk", "a"]), folder, receipt={"seed": 0}
    ...     )
    ...     load_encoder(folder)[1].tokens
    ['xxunk', 'a']

    """
    folder = check_folder(folder)
    encoder = model.encoder
    if len(vocabulary) != encoder.embedding.num_embeddings:
        raise ValueError(
            f"the vocabulary has {len(vocabulary)} tokens, the model "
            f"{encoder.embedding.num_embeddings} rows; give the vocabulary "
            "that the model was made for"
        )
    state = {
        name: tensor.detach().to("cpu", dtype).contiguous()
        for name, tensor in model.state_dict().items()
    }
    for name, tensor in state.items():
        if not tensor.isfinite().all():
            raise ValueError(
                f"the weights {name} hold nan or infinity; train again with "
                "a lower rate"
            )
    content = safetensors.torch.save(state)
    widths = [layer.lstm.hidden_size for layer in encoder.layers]
    settings = {
        "format": _FORMAT,
        "embedding_dim": encoder.embedding.embedding_dim,
        "hidden_size": widths[0],
        "num_layers": len(widths),
        "padding_idx": encoder.embedding.padding_idx,
        "sha256": hashlib.sha256(content).hexdigest(),
        "receipt": dict(receipt),
        "tokens": vocabulary.tokens,
    }
    text = json.dumps(settings, allow_nan=False, ensure_ascii=False, indent=1)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in ((_WEIGHTS, content), (_SETTINGS, text.encode())):
        part = folder / f".{name}.part"
        part.write_bytes(data)
        os.replace(part, folder / name)  # never half a file
    return folder


def load_encoder(
    folder: str | os.PathLike[str], *, dropouts: AWDDropouts | None = None
) -> Loaded:
    """Open what `save_encoder` wrote: model, vocabulary, receipt.

    Parameters
    ----------
    folder
        Where the two files are.
    dropouts
        Of the model that is made; they are no part of the file.

    Raises
    ------
    FileNotFoundError
        If a file is missing.
    ValueError
        If a file is damaged or does not fit the other.

    Examples
    --------
    >>> load_encoder("no/model")
    Traceback (most recent call last):
    FileNotFoundError: no model of language at no/model: encoder.json is ...

    """
    folder = Path(folder)
    settings = _settings(folder)
    content = _read(folder, _WEIGHTS)
    if hashlib.sha256(content).hexdigest() != settings["sha256"]:
        raise ValueError(
            f"{_WEIGHTS} in {folder} is not the file that was written; copy "
            "the folder again, or pretrain again"
        )
    vocabulary = Vocabulary(settings["tokens"])
    model = LanguageModel(
        AWDLSTM(
            len(vocabulary),
            *(settings[name] for name in _SIZES),
            padding_idx=settings["padding_idx"],
            dropouts=dropouts,
        )
    )
    try:
        state = safetensors.torch.load(content)
        model.load_state_dict({k: v.float() for k, v in state.items()})
    except (SafetensorError, RuntimeError) as error:
        raise ValueError(
            f"the weights in {folder} do not fit the sizes in {_SETTINGS} "
            f"({str(error).splitlines()[0]}); pretrain again"
        ) from error
    return model.eval(), vocabulary, settings["receipt"]


def _settings(folder: Path) -> dict[str, Any]:
    """Return the settings, each of the kind that is needed."""
    try:
        found = json.loads(_read(folder, _SETTINGS))
        fits = (
            found["format"] == _FORMAT
            and all(0 < found[name] <= _LARGEST for name in _SIZES)
            and all(isinstance(found[name], int) for name in _SIZES)
            and isinstance(found["receipt"], dict)
            and isinstance(found["sha256"], str)
            and isinstance(found["padding_idx"], int | None)
            and all(isinstance(token, str) for token in found["tokens"])
        )
    except (ValueError, LookupError, TypeError):
        fits = False
    if not fits:
        raise ValueError(
            f"{_SETTINGS} in {folder} was not written by save_encoder, or is "
            "damaged; copy the folder again, or pretrain again"
        )
    checked: dict[str, Any] = found
    return checked


def _read(folder: Path, name: str) -> bytes:
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(
            f"no model of language at {folder.as_posix()}: {name} is "
            "missing; `python -m sevenlessons pretrain language` writes one"
        )
    return path.read_bytes()
