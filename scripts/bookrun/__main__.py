"""Command line: `python -m scripts.bookrun [pages|book] [options]`."""

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from .bundle import bundle
from .layout import Book
from .pages import page_names
from .repeat import repeat
from .run import Report, run
from .site import build_site

ROOT = Path(__file__).resolve().parents[2]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m scripts.bookrun",
        description="Execute the pages whose inputs changed and judge them.",
    )
    found.add_argument(
        "what",
        nargs="?",
        choices=("pages", "book", "repeat"),
        default="pages",
        help="pages: execute and judge (default); book: data, pages, HTML;"
        " repeat: execute once more, compare",
    )
    found.add_argument("--page", action="append", help="such as start/run")
    found.add_argument("--lesson", help="a number, or start or back")
    found.add_argument("--root", type=Path, default=ROOT, help="of the book")
    found.add_argument("--fresh", action="store_true", help="reuse no run")
    found.add_argument(
        "--reuse-only",
        action="store_true",
        help="fail where a page would have to run",
    )
    found.add_argument("--jobs", type=int, help="pages at a time")
    found.add_argument(
        "--device",
        choices=("cpu", "cuda"),
        default=os.environ.get("SEVENLESSONS_DEVICE", "cpu"),
    )
    return found


def chosen(book: Book, args: argparse.Namespace) -> list[str] | None:
    """Return the pages asked for; `None` stands for all."""
    if args.page:
        return [
            name.removeprefix("book/").removesuffix(".md")
            for name in args.page
        ]
    if args.lesson is None:
        return None
    folder = args.lesson if not args.lesson.isdigit() else ""
    folder = folder or (
        "start" if args.lesson == "0" else f"lesson{args.lesson}"
    )
    names = [n for n in page_names(book) if n.startswith(f"{folder}/")]
    if not names:
        raise SystemExit(f"no page of {folder}/ in {book.toc.name}")
    return names


def show(report: Report, pages: list[str] | None) -> None:
    """Print the results of `pages`, then every fault."""
    for row in report.rows:
        if pages is not None and row["page"] in pages:
            low, high = row["interval"] or (None, None)
            span = "" if low is None else f"  [{low:.4g}, {high:.4g}]"
            beside = ", ".join(
                f"{name} {value:.4g}"
                for name, value in row["baselines"].items()
            )
            print(f"  {row['key']} = {row['value']:.4g} {row['unit']}{span}")
            print(f"    n={row['n']}, {row['data']}; beside: {beside}")
    for fault in report.faults:
        print(f"FAULT  {fault}")


def fetch_data() -> None:
    """Fetch what the pages read, before any page waits for it."""
    command = [sys.executable, "-m", "sevenlessons", "data", "--for-book"]
    done = subprocess.run(command, check=False)
    if done.returncode:
        raise SystemExit("the data could not be fetched; see above")


def main(argv: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    args = parser().parse_args(argv)
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    book, seconds = Book(args.root.resolve()), {}
    installed = book.build / "install.seconds"
    if installed.is_file():
        seconds["install"] = float(installed.read_text())
    start = time.perf_counter()
    if args.what == "book" and not args.reuse_only:
        fetch_data()
        seconds["data"] = time.perf_counter() - start
        start = time.perf_counter()
    pages = chosen(book, args)
    if args.device == "cpu" and shutil.which("nvidia-smi"):
        print("running at the CPU settings; `make gpu` uses the GPU")
    if args.what == "repeat":
        found = repeat(book, pages, device=args.device, jobs=args.jobs)
        for fault in found:
            print(f"FAULT  {fault}")
        return 1 if found else 0
    report = run(
        book,
        pages,
        device=args.device,
        fresh=args.fresh,
        jobs=args.jobs,
        reuse_only=args.reuse_only,
    )
    seconds["pages"] = time.perf_counter() - start
    show(report, pages)
    if report.faults:
        print(f"red: {len(report.faults)} faults")
        return 1
    if args.what == "book":
        start = time.perf_counter()
        if not build_site(book):
            return 1
        seconds["html"] = time.perf_counter() - start
        for archive in bundle(book):
            print(f"archive: {archive}, {archive.stat().st_size / 1e6:.1f} MB")
        installed.unlink(missing_ok=True)
        spent = ", ".join(f"{name} {s:.0f} s" for name, s in seconds.items())
        print(f"book: {book.build / 'html' / 'index.html'}")
        print(f"seconds: {spent}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
