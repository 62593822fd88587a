"""The models of language that come with the package, with their receipts.

`python -m sevenlessons pretrain language` made the general one, from news
articles, and `python -m sevenlessons pretrain reviews` let a copy of it read
film sentences. A receipt holds the whole command. They are small: 16 bits a
weight.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from .awd_lstm import AWDDropouts, LanguageModel
from .encoder_files import load_encoder
from .vocabulary import Vocabulary

__all__ = ["shipped_encoder"]

_FOLDER = Path(__file__).parent / "weights"
_FOLDERS = {"general": _FOLDER, "reviews": _FOLDER / "reviews"}


def shipped_encoder(
    dropouts: AWDDropouts | None = None,
    *,
    read: Literal["general", "reviews"] = "general",
) -> tuple[LanguageModel, Vocabulary, dict[str, Any]]:
    """Return model, vocabulary and receipt, as `load_encoder` does.

    Parameters
    ----------
    dropouts
        Of the model that is made.
    read
        What it has read last: news, or after that the film sentences of the
        training part. It has not read the rows for validation and testing
        that the pages of this book hold out.

    Raises
    ------
    FileNotFoundError
        If the files were left out of the package.

    Examples
    --------
    >>> model, vocabulary, receipt = shipped_encoder()
    >>> vocabulary.tokens[:3]
    ['xxunk', 'xxpad', 'xxbos']

    """
    if read not in _FOLDERS:
        raise ValueError(
            f"read must be one of {sorted(_FOLDERS)}, got {read!r}"
        )
    return load_encoder(_FOLDERS[read], dropouts=dropouts)
