"""``pretrain reviews``: let a model read film sentences, those of training."""

import argparse
from typing import Any

import torch

from sevenlessons.data import reviews
from sevenlessons.data.splits import random_split
from sevenlessons.text.awd_lstm import AWDDropouts
from sevenlessons.text.encoder_files import (
    check_folder,
    load_encoder,
    save_encoder,
)
from sevenlessons.text.marks import mark
from sevenlessons.text.rereading import RereadSettings, reread
from sevenlessons.text.shipped import shipped_encoder

__all__ = ["pretrain_reviews"]

_SOURCE = (
    "film sentences, the training part of the book's split "
    "(no sentence for validation or testing)"
)


def pretrain_reviews(options: argparse.Namespace) -> int:
    """Read as the options say and write the model; return the status.

    Raises
    ------
    FileNotFoundError
        If the model to begin with is not there.
    FileExistsError
        If the folder to write into holds other files.
    ValueError
        If an option makes no sense.

    """
    folder = check_folder(options.out)
    settings = RereadSettings(
        min_count=options.min_count,
        frozen_epochs=options.frozen_epochs,
        epochs=options.epochs,
        lr=options.lr,
        batch_size=options.batch_size,
        length=options.length,
        seed=options.seed,
    )
    device = options.device or ("cuda" if torch.cuda.is_available() else "cpu")
    dropouts = AWDDropouts().scaled(options.dropout)
    model, words, before = (
        load_encoder(options.start, dropouts=dropouts)
        if options.start
        else shipped_encoder(dropouts)
    )
    sentences = reviews.load_clear().drop_duplicates("text")
    rest, test = random_split(sentences, seed=0, stratify="label")
    learned, held = random_split(rest, valid=0.1, seed=0, stratify="label")
    print(
        f"{len(learned)} sentences to learn from, {len(held)} to judge by; "
        f"{len(test)} are not read"
    )
    made = reread(
        model,
        words,
        [mark(text) for text in learned["text"]],
        [mark(text) for text in held["text"]],
        settings,
        device=device,
        say=lambda line: print(line, flush=True),
    )
    receipt: dict[str, Any] = {
        "command": _command(options),
        "text": _SOURCE,
        "texts": {"train": len(learned), "valid": len(held)},
        "dropout": options.dropout,
        **made.receipt,
        "before": before,
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


def _command(options: argparse.Namespace) -> str:
    """Return the command that would do the same again."""
    names = (
        "epochs frozen_epochs min_count batch_size length lr dropout seed"
    ).split()
    said = [f"--{n.replace('_', '-')} {getattr(options, n)}" for n in names]
    own = [f"--from {options.start.name}"] if options.start else []
    half = ["--half"] if options.half else []
    return " ".join(
        ["python -m sevenlessons pretrain reviews", *own, *said, *half]
    )
