"""``pretrain language``: read, train, write, and say what it is worth."""

import argparse
from pathlib import Path
from typing import Any

import pandas as pd
import torch

from sevenlessons.data import news
from sevenlessons.data.splits import random_split
from sevenlessons.text.encoder_files import check_folder, save_encoder
from sevenlessons.text.marks import mark
from sevenlessons.text.pretraining import PretrainSettings, pretrain

__all__ = ["pretrain_language"]

_FEW = 10
_HELD = 0.1


def pretrain_language(options: argparse.Namespace) -> int:
    """Train as the options say and write the model; return the status.

    Raises
    ------
    FileNotFoundError
        If the folder of texts is not there or holds none.
    FileExistsError
        If the folder to write into holds other files.
    ValueError
        If an option makes no sense or the text is too short.

    """
    folder = check_folder(options.out)
    settings = _settings(options)
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    table, source = _texts(options.text)
    learned, held = random_split(table, valid=_HELD, seed=0)
    print(
        f"{source}: {len(learned)} texts to learn from, {len(held)} held out"
    )
    made = pretrain(
        [mark(text) for text in learned["text"]],
        [mark(text) for text in held["text"]],
        settings,
        device=device,
        say=lambda line: print(line, flush=True),
    )
    receipt: dict[str, Any] = {
        "command": _command(options),
        "text": source,
        "texts": {"train": len(learned), "valid": len(held)},
        **made.receipt,
    }
    dtype = torch.float16 if options.half else torch.float32
    save_encoder(
        made.model, made.vocabulary, folder, receipt=receipt, dtype=dtype
    )
    if receipt["stopped"]:
        print("stopped early: the model so far is written")
    last = receipt["epochs"][-1]["valid_perplexity"]
    best = min(receipt["baselines"].values())
    verdict = "below" if last < best else "NOT below"
    print(f"held-out perplexity {last:.1f}, {verdict} counting's {best:.1f}")
    print(f"written: {folder.as_posix()}")
    return 130 if receipt["stopped"] else 0


def _settings(options: argparse.Namespace) -> PretrainSettings:
    for name in ("epochs", "embedding", "hidden", "layers", "words"):
        if getattr(options, name) < 1:
            raise ValueError(
                f"--{name} must be at least 1, got {getattr(options, name)}"
            )
    return PretrainSettings(
        embedding_dim=options.embedding,
        hidden_size=options.hidden,
        num_layers=options.layers,
        max_size=options.words,
        batch_size=options.batch_size,
        length=options.length,
        epochs=options.epochs,
        lr=options.lr,
        seed=options.seed,
    )


def _texts(folder: Path | None) -> tuple[pd.DataFrame, str]:
    """Return a table of texts, each once, and where they are from."""
    if folder is None:
        return news.load(), "BBC news of 2004 and 2005, exact copies removed"
    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder.as_posix()}")
    texts = [
        path.read_text(encoding="utf-8", errors="replace").strip()
        for path in sorted(folder.rglob("*.txt"))
    ]
    texts = [text for text in dict.fromkeys(texts) if text]
    if len(texts) < _FEW:
        raise ValueError(
            f"{folder.as_posix()} holds {len(texts)} different texts in .txt "
            f"files; at least {_FEW} are needed, since some are held out"
        )
    return pd.DataFrame({"text": texts}), f"texts in {folder.name}"


def _command(options: argparse.Namespace) -> str:
    """Return the command that would do the same again."""
    names = (
        "epochs embedding hidden layers words batch_size length lr seed"
    ).split()
    said = [f"--{n.replace('_', '-')} {getattr(options, n)}" for n in names]
    own = [f"--text {options.text.name}"] if options.text else []
    half = ["--half"] if options.half else []
    return " ".join(
        ["python -m sevenlessons pretrain language", *own, *said, *half]
    )
