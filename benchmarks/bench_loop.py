"""What the loop costs over a loop written by hand, in microseconds a batch.

For three models the same training is run by a bare loop, by `Learner`, by
`Learner` with four light callbacks, by `Learner` with the four callbacks of
an ordinary fit (a schedule, a guard, early stopping, a file an epoch), and by
the bare loop with torch's schedule, then with torch's DataLoader. All but the
last share one in-memory loader. Short epochs of all runs alternate, in turning
order, so that a change in the machine's speed meets all of them; "over bare"
is the median over the rounds of the difference to the bare loop of the same
round.

``python benchmarks/bench_loop.py [--rounds 60]`` writes a table and a json
file to ``benchmarks/results/``.
"""

import argparse
import datetime
import json
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, TensorDataset

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback, EarlyStopping
from sevenlessons.training.history import CSVHistory
from sevenlessons.training.learner import Learner
from sevenlessons.training.nan_guard import StopOnNaN
from sevenlessons.training.schedules import LRScheduler, one_cycle

RESULTS = Path(__file__).with_name("results")
BATCH_SIZE = 64
BAR, GOAL = 25.0, 12.0  # microseconds a batch, with four light callbacks
BUSY = 1.1  # wall over CPU time of the bare loop: others use the machine


class AtBatchBegin(Callback):
    count = 0

    def on_batch_begin(self, learner):
        self.count += 1


class AtLoss(Callback):
    count = 0

    def on_loss(self, learner):
        self.count += 1


class AtBackwardEnd(Callback):
    count = 0

    def on_backward_end(self, learner):
        self.count += 1


class AtBatchEnd(Callback):
    count = 0

    def on_batch_end(self, learner):
        self.count += 1


def light(batches, folder):
    return [AtBatchBegin(), AtLoss(), AtBackwardEnd(), AtBatchEnd()]


def usual(batches, folder):
    return [
        LRScheduler(one_cycle(1e-3), num_steps=batches),
        StopOnNaN(),
        EarlyStopping("train_loss", restore_best=False),
        CSVHistory(Path(folder) / "history.csv"),
    ]


class TableModel(nn.Module):
    """Embeddings of 8 categories beside 6 numbers, as in the table lessons."""

    def __init__(self):
        super().__init__()
        self.embeddings = nn.ModuleList(nn.Embedding(20, 8) for _ in range(8))
        self.layers = nn.Sequential(
            nn.Linear(8 * 8 + 6, 200),
            nn.ReLU(),
            nn.BatchNorm1d(200),
            nn.Linear(200, 100),
            nn.ReLU(),
            nn.BatchNorm1d(100),
            nn.Linear(100, 2),
        )

    def forward(self, categories, numbers):
        columns = [e(categories[:, i]) for i, e in enumerate(self.embeddings)]
        return self.layers(torch.cat([*columns, numbers], 1))


def mlp():
    model = nn.Sequential(nn.Linear(784, 50), nn.ReLU(), nn.Linear(50, 10))
    return model, [torch.rand(64 * 80, 784)], 10


def cnn():
    model = nn.Sequential(
        nn.Conv2d(1, 8, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(8, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(16 * 49, 10),
    )
    return model, [torch.rand(64 * 30, 1, 28, 28)], 10


def table():
    rows = 64 * 60
    inputs = [torch.randint(20, (rows, 8)), torch.rand(rows, 6)]
    return TableModel(), inputs, 2


def line():
    return nn.Linear(1, 1), [torch.rand(64 * 100, 1)], 1


MODELS: dict[str, Callable] = {
    "one weight, to see the loop alone": line,
    "MLP 784-50-10": mlp,
    "small CNN": cnn,
    "table, 8 embeddings": table,
}
RUNS = {
    "bare loop": None,
    "Learner": lambda batches, folder: [],
    "Learner, 4 light callbacks": light,
    "Learner, 4 usual callbacks": usual,
    "bare loop, OneCycleLR": None,
    "bare loop, DataLoader": None,
}


def bare(model, loader, loss_fn, optimizer):
    """Train one epoch as one writes it by hand."""
    model.train()
    for *inputs, target in loader:
        loss = loss_fn(model(*inputs), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


def bare_one_cycle(model, loader, loss_fn, optimizer):
    """Train one epoch by hand with torch's one-cycle schedule."""
    model.train()
    schedule = OneCycleLR(optimizer, 1e-3, total_steps=len(loader))
    for *inputs, target in loader:
        loss = loss_fn(model(*inputs), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if schedule.last_epoch < len(loader) - 1:
            schedule.step()


class Run:
    """One way to train `make`'s model; each call trains one short epoch."""

    def __init__(self, make, name, folder):
        torch.manual_seed(0)
        model, inputs, num_classes = make()
        target = torch.randint(num_classes, (len(inputs[0]),))
        tensors = [*inputs, target]
        if name.endswith("DataLoader"):
            data = TensorDataset(*tensors)
            loader = DataLoader(data, BATCH_SIZE, shuffle=True)
        else:
            loader = TensorLoader(
                *tensors, batch_size=BATCH_SIZE, shuffle=True
            )
        self.batches = len(loader)
        loss_fn = nn.functional.cross_entropy
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
        if RUNS[name] is None:
            loop = bare_one_cycle if name.endswith("OneCycleLR") else bare
            self.train = partial(loop, model, loader, loss_fn, optimizer)
        else:
            callbacks = RUNS[name](self.batches, folder)
            parts = (model, loader, None, loss_fn, optimizer)
            learner = Learner(*parts, callbacks=callbacks)
            self.train = partial(learner.fit, 1)
        self.cpu, self.wall = [], []

    def __call__(self):
        cpu, wall = time.process_time(), time.perf_counter()
        self.train()
        scale = 1e6 / self.batches
        self.cpu.append(scale * (time.process_time() - cpu))
        self.wall.append(scale * (time.perf_counter() - wall))


def quartiles(values):
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return {"median": middle, "low": low, "high": high}


def measure(make, rounds, folder):
    """Return for every run its times and its cost over the bare loop."""
    runs = {name: Run(make, name, folder) for name in RUNS}
    order = list(runs)
    for i in range(rounds + 1):
        for name in order[i % len(order) :] + order[: i % len(order)]:
            runs[name]()
    rows = {}
    base = runs["bare loop"].cpu[1:]  # the first round was the warm-up
    for name, run in runs.items():
        cpu, wall = run.cpu[1:], run.wall[1:]
        rows[name] = {
            "cpu": quartiles(cpu),
            "wall": quartiles(wall),
            "over": quartiles([a - b for a, b in zip(cpu, base, strict=True)]),
            "ratio": quartiles(
                [a / b for a, b in zip(cpu, base, strict=True)]
            ),
        }
    return rows


def import_seconds(statement):
    """Return CPU seconds of `statement` in a fresh process."""
    code = (
        "import time; start = time.process_time(); "
        f"{statement}; print(time.process_time() - start)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        capture_output=True,
        text=True,
    )
    return float(done.stdout)


def measure_imports(rounds):
    statements = {
        "torch": "import torch",
        "sevenlessons.training.learner": (
            "import sevenlessons.training.learner"
        ),
    }
    seconds = {name: [] for name in statements}
    for _ in range(rounds):
        for name, statement in statements.items():
            seconds[name].append(import_seconds(statement))
    ours, alone = (seconds[n] for n in reversed(statements))
    added = [a - b for a, b in zip(ours, alone, strict=True)]
    table = {name: quartiles(values) for name, values in seconds.items()}
    return table | {"added": quartiles(added)}


def spread(part, digits=0):
    return (
        f"{part['median']:.{digits}f} "
        f"({part['low']:.{digits}f} to {part['high']:.{digits}f})"
    )


def busy(result):
    """Return how much longer the bare loop waited than it computed."""
    bases = [rows["bare loop"] for rows in result["models"].values()]
    return max(b["wall"]["median"] / b["cpu"]["median"] for b in bases)


def report(result):
    """Return the Markdown table of one benchmark run."""
    machine = result["machine"]
    lines = [
        f"# The loop against a loop by hand, {result['date']}",
        "",
        f"{result['rounds']} alternating rounds, batch size {BATCH_SIZE}, one "
        "thread, Adam. Microseconds a batch: median (lower to upper "
        "quartile). *Over bare* is CPU time, ours minus the bare loop of the "
        f"same round. Bar: at most {BAR:.0f} with four light callbacks; goal "
        f"{GOAL:.0f}.",
        "",
        ", ".join(f"{name} {value}" for name, value in machine.items()) + ".",
        "",
    ]
    ratio = busy(result)
    lines += [
        f"Wall over CPU time of the bare loop: at most {ratio:.2f}; "
        + (
            "others used the machine, small differences are not resolved."
            if ratio > BUSY
            else "the machine was quiet."
        ),
        "",
    ]
    for name, rows in result["models"].items():
        lines += [
            f"## {name}",
            "",
            "| run | CPU | wall | over bare | ratio |",
            "|---|---|---|---|---|",
        ]
        for run, row in rows.items():
            over = "" if run == "bare loop" else spread(row["over"], 1)
            lines.append(
                f"| {run} | {spread(row['cpu'])} | {spread(row['wall'])} | "
                f"{over} | {row['ratio']['median']:.3f} |"
            )
        lines.append("")
    lines += [
        "## Import, CPU seconds in a fresh process",
        "",
        "| import | seconds |",
        "|---|---|",
    ]
    for name, row in result["imports"].items():
        lines.append(f"| {name} | {spread(row, 2)} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=60)
    rounds = parser.parse_args().rounds
    if rounds < 5:
        parser.error(f"--rounds must be at least 5, got {rounds}")
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        models = {
            name: measure(make, rounds, folder)
            for name, make in MODELS.items()
        }
    result = {
        "date": datetime.date.today().isoformat(),
        "rounds": rounds,
        "machine": {
            "Python": platform.python_version(),
            "torch": torch.__version__,
            "system": f"{platform.system()} {platform.machine()}",
            "threads": torch.get_num_threads(),
        },
        "models": models,
        "imports": measure_imports(5),
    }
    text = report(result)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"loop-{result['date']}.md"
    path.write_text(text, encoding="utf-8")
    path.with_suffix(".json").write_text(
        json.dumps(result, indent=1) + "\n", encoding="utf-8"
    )
    print(text)
    print(f"written to benchmarks/results/{path.name} and .json")


if __name__ == "__main__":
    main()
