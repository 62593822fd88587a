"""The model of language that comes with the package, with its receipt.

`python -m sevenlessons pretrain language` made it, from news articles; the
receipt holds the whole command. It is small: 16 bits a weight.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .awd_lstm import AWDDropouts, LanguageModel
from .encoder_files import load_encoder
from .vocabulary import Vocabulary

__all__ = ["shipped_encoder"]

_FOLDER = Path(__file__).parent / "weights"


def shipped_encoder(
    dropouts: AWDDropouts | None = None,
) -> tuple[LanguageModel, Vocabulary, dict[str, Any]]:
    """Return model, vocabulary and receipt, as `load_encoder` does.

    Parameters
    ----------
    dropouts
        Of the model that is made.

    Examples
    --------
    >>> model, vocabulary, receipt = shipped_encoder()
    >>> vocabulary.tokens[:3]
    ['xxunk', 'xxpad', 'xxbos']

    """
    return load_encoder(_FOLDER, dropouts=dropouts)
