"""Training on ratings: our loop, fastai's own, and a bare loop.

The same 90,000 ratings of MovieLens 100k, the same model (40 factors, biases,
range 0 to 5.5), batch size, one-cycle schedule, weight decay and number of
training samples served. fastai trains with its own loader, model, optimizer
and loop (`CollabDataLoaders`, `collab_learner`, `fit_one_cycle`); ours is
`TensorLoader`, `DotProduct`, `Learner` and torch's AdamW. The bare loop is the
least that can be written with the same model and optimizer; unlike the two
others it does not look at the 100 rows for validation. One thread, CPU time;
in each round another of the three begins.

    PYTHONPATH=code .venv/bin/python benchmarks/bench_ratings.py --rounds 5

fastai is no part of this repository. Without it the two others are measured,
and the last line says what is missing and how to get it, apart from `.venv`.
The exit status is 0 where the bar is met, 1 where not, 2 without fastai.
"""

import argparse
import contextlib
import datetime
import importlib
import importlib.metadata
import importlib.util
import io
import json
import math
import platform
import statistics
import sys
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from torch.nn.functional import mse_loss

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.data.movielens import load_ratings
from sevenlessons.tables.factors import DotProduct
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

RESULTS = Path(__file__).resolve().parent / "results"
BAR = 3.5
LR, DECAY, FACTORS = 5e-3, 0.1, 40
MISSING = (
    "fastai is not installed, so its column is missing. To measure it too, "
    "install it apart from .venv, without a second torch:\n"
    "  pip install --target FOLDER --no-deps fastai==2.8.12 fastcore==2.2.39 "
    "fastdownload fastprogress==1.0.3 fasttransform 'plum-dispatch<2.10' "
    "cloudpickle beartype\n"
    "and run this again with PYTHONPATH=code:FOLDER"
)


def held_out():
    """Return the 90,000 training rows and 100 rows to validate on."""
    table = load_ratings()
    order = np.random.default_rng(0).permutation(len(table))
    return table.iloc[order[10_000:]], table.iloc[order[:100]]


def tensors(table):
    users, items, ratings = (
        torch.tensor(table[name].to_numpy())
        for name in ("user", "item", "rating")
    )
    return users, items, ratings.float()


def parts(train, batch_size):
    """Return our loader, model and optimizer."""
    loader = TensorLoader(
        *tensors(train), batch_size=batch_size, shuffle=True, drop_last=True
    )
    model = DotProduct(943, 1682, FACTORS)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=LR, weight_decay=DECAY, fused=True
    )
    return loader, model, optimizer


def ours(train, valid, batch_size):
    loader, model, optimizer = parts(train, batch_size)
    learner = Learner(
        model,
        loader,
        TensorLoader(*tensors(valid), batch_size=batch_size),
        mse_loss,
        optimizer,
        callbacks=[LRScheduler(one_cycle(LR), len(loader))],
    )
    return lambda: learner.fit(1).epochs[-1]["train_loss"]


def rate(share):
    """Return the one cycle's rate after a share of the steps."""
    low, high, way = LR / 25, LR, share / 0.25
    if share > 0.25:
        low, high, way = LR, LR / 25e4, (share - 0.25) / 0.75
    return high + (low - high) * (1 + math.cos(math.pi * way)) / 2


def bare(train, valid, batch_size):
    loader, model, optimizer = parts(train, batch_size)

    def run():
        total = 0.0
        for step, (users, items, ratings) in enumerate(loader):
            for group in optimizer.param_groups:
                group["lr"] = rate(step / len(loader))
            loss = mse_loss(model(users, items), ratings)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item()
        return total / len(loader)

    return run


def fastai_run(train, valid, batch_size):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        collab = importlib.import_module("fastai.collab")
        table = importlib.import_module("pandas").concat([train, valid])
        data = collab.CollabDataLoaders.from_df(
            table.reset_index(drop=True),
            user_name="user",
            item_name="item",
            rating_name="rating",
            bs=batch_size,
            valid_pct=len(valid) / len(table),
            seed=0,
            num_workers=0,
        )
        learner = collab.collab_learner(
            data, n_factors=FACTORS, y_range=(0, 5.5), wd=DECAY
        )

    def run():
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(io.StringIO()),
            learner.no_bar(),
            learner.no_logging(),
        ):
            warnings.simplefilter("ignore")
            learner.fit_one_cycle(1, LR)
        return float(learner.recorder.values[-1][0])

    return run


def in_turn(names, turn):
    """Return the names in the order of a round: each begins as often."""
    first = turn % len(names)
    return [*names[first:], *names[:first]]


def measure(rounds, batch_size, makers):
    """Return CPU seconds of an epoch, each maker in turn, fresh each time."""
    train, valid = held_out()
    seconds = {name: [] for name in makers}
    loss = {}
    for turn in range(rounds + 1):  # the first round warms up
        for name in in_turn(list(makers), turn):
            make = makers[name]
            run = make(train, valid, batch_size)
            start = time.process_time()
            loss[name] = run()
            if turn:
                seconds[name].append(time.process_time() - start)
    return {
        name: {"seconds": values, "train_loss": loss[name]}
        for name, values in seconds.items()
    }


def ratios(found):
    """Return fastai's time over ours, round by round."""
    return [
        theirs / mine
        for theirs, mine in zip(
            found["fastai"]["seconds"], found["ours"]["seconds"], strict=True
        )
    ]


def meets_bar(result):
    """Return whether fastai's median is `BAR` times ours at each size."""
    return all(
        statistics.median(ratios(found)) >= BAR
        for found in result["batch_sizes"].values()
    )


def spread(values, digits=2):
    low, middle, high = statistics.quantiles(values, n=4)
    return f"{middle:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def report(result):
    """Return the Markdown text of one benchmark run."""
    machine = ", ".join(f"{k} {v}" for k, v in result["machine"].items())
    lines = [
        f"# Training on ratings, {result['date']}",
        "",
        f"{result['rounds']} alternating rounds after one to warm up, one "
        "thread. CPU seconds of one epoch over 90,000 ratings (full batches "
        "only): median (lower to upper quartile). Ours and fastai also "
        "validate 100 ratings, the bare loop does not. In each round another "
        "of them begins. Bar: "
        f"fastai takes at least {BAR} times as long as ours.",
        "",
        f"{machine}.",
        "",
    ]
    for size, found in result["batch_sizes"].items():
        lines += [
            f"## Batch size {size}",
            "",
            "| run | CPU seconds an epoch | mean training loss |",
            "|---|---|---|",
        ]
        for name, row in found.items():
            lines.append(
                f"| {name} | {spread(row['seconds'])} | "
                f"{row['train_loss']:.3f} |"
            )
        if "fastai" in found:
            text = spread(ratios(found), 1)
            lines += ["", f"fastai over ours: **{text}** times."]
        lines.append("")
    lines.append(
        "fastai's training loss is its running mean at the end of the epoch, "
        "so it lies lower than the means of the two others."
        if "fastai" in result["batch_sizes"][str(result["first"])]
        else "fastai was not installed."
    )
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--batch-sizes", type=int, nargs="+", default=[64])
    options = parser.parse_args()
    if options.rounds < 3:
        parser.error(f"--rounds must be at least 3, got {options.rounds}")
    torch.set_num_threads(1)
    makers = {"ours": ours, "bare loop": bare}
    missing = importlib.util.find_spec("fastai") is None
    machine = {
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "system": f"{platform.system()} {platform.machine()}",
        "threads": torch.get_num_threads(),
    }
    if not missing:
        makers["fastai"] = fastai_run
        machine["fastai"] = importlib.metadata.version("fastai")
    result = {
        "date": datetime.date.today().isoformat(),
        "rounds": options.rounds,
        "first": options.batch_sizes[0],
        "machine": machine,
        "batch_sizes": {
            str(size): measure(options.rounds, size, makers)
            for size in options.batch_sizes
        },
    }
    text = report(result)
    print(text)
    if missing:
        print(MISSING, file=sys.stderr)
        return 2
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"ratings-{result['date']}.md"
    path.write_text(text, encoding="utf-8")
    path.with_suffix(".json").write_text(
        json.dumps(result, indent=1) + "\n", encoding="utf-8"
    )
    print(f"written to benchmarks/results/{path.name} and .json")
    if not meets_bar(result):
        print(f"the bar of {BAR} times was missed", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
