"""How fast the web app answers, with 1, 8 and 32 clients at a time.

A MobileNetV2 of 96 pixels is exported and served by the real server in a
process of its own. Each client sends one photo of the deep sky after the
other. Beside it the bare predictor, without HTTP. "CPU" is what the server's
process computed for an answer, which other programs on the machine hardly
change; the other times are what a client sees.

``python benchmarks/bench_app.py [--answers 192] [--rounds 3]`` writes a table
and a json file to ``benchmarks/results/``.
"""

import argparse
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import torch

from sevenlessons.data import deepsky
from sevenlessons.deploy.export import export
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.heads import make_head
from sevenlessons.vision.transfer import TransferModel

RESULTS = Path(__file__).with_name("results")
CLIENTS = (1, 8, 32)
CLASSES = ["cluster", "galaxy", "globular", "nebula", "planetary"]


def make_bundle(folder):
    body = load_backbone("mobilenet_v2", pretrained=False)
    model = TransferModel(body, make_head(1280, len(CLASSES)))
    return export(model, folder, classes=CLASSES, size=96)


@contextmanager
def server(bundle):
    """Run the app; give its address and its process number."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sevenlessons", "app", bundle, "--port", "0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    try:
        words = process.stdout.readline().split()
        yield urlsplit(words[1]).netloc, process.pid
    finally:
        process.terminate()
        process.wait(30)


def cpu_seconds(number):
    """Return the CPU time of a process so far, where Linux tells it."""
    try:
        text = Path(f"/proc/{number}/stat").read_text(encoding="ascii")
    except FileNotFoundError:
        return float("nan")
    ticks = text.rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def peak_memory(number):
    """Return the most memory that a process ever held, in MB."""
    try:
        text = Path(f"/proc/{number}/status").read_text(encoding="ascii")
    except FileNotFoundError:
        return float("nan")
    (line,) = (x for x in text.splitlines() if x.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e6


def ask(place, photo):
    start = time.perf_counter()
    line = HTTPConnection(place, timeout=120)
    line.request("POST", "/predict", photo)
    answer = line.getresponse()
    answer.read()
    line.close()
    if answer.status != 200:
        raise RuntimeError(f"the server answered {answer.status}")
    return 1000 * (time.perf_counter() - start)


def crowd(place, number, photos, clients):
    """Let so many clients send all photos together; return what was seen."""
    before, start = cpu_seconds(number), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = list(pool.map(lambda photo: ask(place, photo), photos))
    seconds = time.perf_counter() - start
    cpu = 1000 * (cpu_seconds(number) - before) / len(photos)
    return {"times": times, "rate": len(photos) / seconds, "cpu": cpu}


def alone(predictor, photos):
    """Ask the predictor without a server."""
    times, before = [], time.process_time()
    start = time.perf_counter()
    for photo in photos:
        begun = time.perf_counter()
        predictor.predict(photo)
        times.append(1000 * (time.perf_counter() - begun))
    seconds = time.perf_counter() - start
    cpu = 1000 * (time.process_time() - before) / len(photos)
    return {"times": times, "rate": len(photos) / seconds, "cpu": cpu}


def summary(runs):
    """Return percentiles over all rounds, medians of the rest."""
    times = sorted(time for run in runs for time in run["times"])
    cuts = statistics.quantiles(times, n=100, method="inclusive")
    return {
        "answers": len(times),
        "p50": cuts[49],
        "p95": cuts[94],
        "p99": cuts[98],
        "rate": statistics.median(run["rate"] for run in runs),
        "cpu": statistics.median(run["cpu"] for run in runs),
    }


def measure(answers, rounds):
    paths = deepsky.load_classes()["path"][:answers]
    photos = [Path(path).read_bytes() for path in paths]
    photos = (photos * (answers // len(photos) + 1))[:answers]
    with tempfile.TemporaryDirectory() as folder:
        bundle = make_bundle(Path(folder) / "sky")
        predictor = Predictor.load(bundle)
        runs = {"predictor, no server": []}
        runs |= {f"{n} client{'s' * (n > 1)}": [] for n in CLIENTS}
        with server(bundle) as (place, number):
            crowd(place, number, photos[:16], 4)  # to warm up
            alone(predictor, photos[:8])
            for _ in range(rounds):
                runs["predictor, no server"].append(alone(predictor, photos))
                for n, name in zip(CLIENTS, list(runs)[1:], strict=True):
                    runs[name].append(crowd(place, number, photos, n))
            memory = peak_memory(number)
    return {name: summary(found) for name, found in runs.items()}, memory


def report(result):
    """Return the Markdown table of one benchmark run."""
    lines = [
        f"# The web app, {result['date']}",
        "",
        "MobileNetV2, 96 pixels, one view, photos of the deep sky; server "
        "and clients on one machine, one worker, one thread. "
        f"{result['rounds']} rounds. Milliseconds a client waits; CPU "
        "milliseconds of the server's process an answer.",
        "",
        ", ".join(f"{k} {v}" for k, v in result["machine"].items()) + ".",
        "",
        "| who asks | p50 | p95 | p99 | answers a second | CPU | answers |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, row in result["runs"].items():
        lines.append(
            f"| {name} | {row['p50']:.1f} | {row['p95']:.1f} | "
            f"{row['p99']:.1f} | {row['rate']:.1f} | {row['cpu']:.1f} | "
            f"{row['answers']} |"
        )
    lines += ["", f"Most memory of the server: {result['memory']:.0f} MB."]
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--answers", type=int, default=192)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if options.answers < 32 or options.rounds < 1:
        parser.error("--answers must be at least 32, --rounds at least 1")
    torch.set_num_threads(1)
    runs, memory = measure(options.answers, options.rounds)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    result = {
        "date": datetime.date.today().isoformat(),
        "rounds": options.rounds,
        "machine": {
            "Python": platform.python_version(),
            "torch": torch.__version__,
            "system": f"{platform.system()} {platform.machine()}",
            "cores": os.cpu_count(),
            "load at the end": round(load, 1),
        },
        "runs": runs,
        "memory": memory,
    }
    text = report(result)
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"app-{result['date']}.md"
    path.write_text(text, encoding="utf-8")
    path.with_suffix(".json").write_text(
        json.dumps(result, indent=1) + "\n", encoding="utf-8"
    )
    print(text)
    print(f"written to benchmarks/results/{path.name} and .json")


if __name__ == "__main__":
    main()
