"""All pages in order: reuse or execute, judge, write the ledger."""

import asyncio
import platform
import shutil
import time
from dataclasses import dataclass, field
from typing import Any

from . import files, gates, keys, numbers, results, store
from .execute import Outcome, execute
from .glued import glued_faults
from .layout import PACKAGE, Book
from .pages import Page, page_names, read_page
from .schedule import default_jobs, longest_first

__all__ = ["Report", "run"]

SECONDS, MEMORY_MB = 90, 1536  # a page's budget on two cores


@dataclass
class Report:
    """What a run of the book found."""

    faults: list[str] = field(default_factory=list)
    executed: list[str] = field(default_factory=list)
    reused: list[str] = field(default_factory=list)
    receipts: list[dict[str, Any]] = field(default_factory=list)
    rows: list[dict[str, Any]] = field(default_factory=list)


def _settings(device: str) -> dict[str, str]:
    version = ".".join(platform.python_version_tuple()[:2])
    return {"device": device, "python": version}


def reusable(
    book: Book, page: Page, device: str
) -> tuple[Any | None, list[str]]:
    """Return the earlier run of `page`, or why there is none to use."""
    old = store.load(book, page.name)
    if old is None:
        return None, ["not run before"]
    before = old.metadata[PACKAGE]["inputs"]
    modules = [name for name in before if name.endswith(".py")]
    data = [
        name.removeprefix(keys.DATA)
        for name in before
        if name.startswith(keys.DATA)
    ]
    now = keys.inputs(book, page, modules, _settings(device), data)
    listed = old.metadata[PACKAGE].get("files", {})
    changed = keys.changes(before, now)
    changed += files.differences(book.files(page.name), listed)
    return (None, changed) if changed else (store.merge(page, old), [])


def _keep(
    book: Book,
    page: Page,
    outcome: Outcome,
    device: str,
    state: dict[str, str],
) -> None:
    """Store a sound run with everything that it depended on.

    Modules count as they were before the run: one that was edited meanwhile
    makes the page run again.
    """
    modules = keys.module_files(book, page, outcome.loaded)
    data = keys.data_sets(page, outcome.data)
    inputs = keys.inputs(book, page, modules, _settings(device), data)
    inputs |= {name: state.get(name, "new") for name in modules}
    outcome.notebook.metadata[PACKAGE] = {
        "page": page.name,
        "inputs": inputs,
        "device": device,
        "receipt": outcome.receipt,
        "files": files.keep(book, page.name, outcome.staged),
    }
    store.save(book, page.name, outcome.notebook)


def _say(name: str, receipt: dict[str, Any]) -> None:
    line = f"{name:<28} {receipt['seconds']:6.1f} s"
    line += f" {receipt['peak_memory_mb']:6.0f} MB"
    if receipt["seconds"] > SECONDS:
        line += f"  WARNING: more than {SECONDS} s"
    if receipt["peak_memory_mb"] > MEMORY_MB:
        line += f"  WARNING: more than {MEMORY_MB} MB"
    print(line, flush=True)


async def _execute_one(
    book: Book, page: Page, why: list[str], device: str, report: Report
) -> None:
    reason = ", ".join(why[:3]) + (" ..." if len(why) > 3 else "")
    print(f"{page.name:<28} running ({reason})", flush=True)
    state = keys.package_state(book)
    outcome = await execute(book, page, device)
    faults = [outcome.error] if outcome.error else []
    faults = faults or gates.run_faults(outcome.notebook)
    faults = faults or glued_faults(page.text, outcome.notebook)
    faults = faults or files.faults(outcome.staged)
    if faults:
        store.forget(book, page.name)
        shutil.rmtree(outcome.staged, ignore_errors=True)
        report.faults += [f"{page.name}: {fault}" for fault in faults]
        print(f"{page.name:<28} FAILED", flush=True)
        return
    _keep(book, page, outcome, device, state)
    shutil.rmtree(outcome.staged, ignore_errors=True)
    report.executed.append(page.name)
    _say(page.name, outcome.receipt)


async def _execute_all(
    book: Book,
    waiting: list[tuple[Page, list[str]]],
    device: str,
    jobs: int,
    report: Report,
) -> None:
    gate = asyncio.Semaphore(jobs)

    async def one(page: Page, why: list[str]) -> None:
        async with gate:
            await _execute_one(book, page, why, device, report)

    await asyncio.gather(*(one(page, why) for page, why in waiting))


def _collect(
    book: Book, names: list[str], device: str, report: Report
) -> None:
    """Write receipts and ledger from the runs that are still good."""
    for name in names:
        if not book.source(name).is_file():
            continue
        page = read_page(book, name)
        if page.notebook is None:
            continue
        notebook, why = reusable(book, page, device)
        if notebook is None:
            if name in report.executed + report.reused:
                report.faults.append(
                    f"{name}: changed while the book ran"
                    f" ({', '.join(why[:3])}); run it again"
                )
            continue
        store.save(book, name, notebook)  # words may have changed
        if name in report.executed + report.reused:
            typed = numbers.matched_faults(page.text, notebook)
            report.faults += [f"{name}: {fault}" for fault in typed]
        report.receipts.append(notebook.metadata[PACKAGE]["receipt"])
        report.rows += results.rows_of(notebook, name, device)
    store.write_json(book.receipts, report.receipts)
    store.write_json(book.results, report.rows)


def run(
    book: Book,
    pages: list[str] | None = None,
    *,
    device: str = "cpu",
    fresh: bool = False,
    jobs: int | None = None,
    reuse_only: bool = False,
) -> Report:
    """Run `pages` where needed, judge them, write all that others read.

    Parameters
    ----------
    book
        The book.
    pages
        Names of pages; all pages of the table of contents by default.
    device
        `cpu` or `cuda`.
    fresh
        Whether to run pages whose earlier run could be used.
    jobs
        How many pages run at once; by default as the machine allows.
    reuse_only
        Whether a page that would have to run is a fault instead. So a site
        is built from runs that other machines made.

    Returns
    -------
    Report
        Its `faults` are empty if everything is sound.

    """
    start, report = time.perf_counter(), Report()
    names = page_names(book)
    waiting: dict[str, tuple[Page, list[str]]] = {}
    for name in pages or names:
        try:
            page = read_page(book, name)
        except FileNotFoundError as error:
            report.faults.append(str(error))
            continue
        faults = gates.source_faults(page)
        typed = numbers.typed_faults(page.text)  # no reason not to run
        report.faults += [f"{name}: {fault}" for fault in faults + typed]
        if faults:
            store.forget(book, name)
        if faults or page.notebook is None:
            continue
        old, why = reusable(book, page, device)
        if old is not None and not fresh:
            report.reused.append(name)
            faults = gates.run_faults(old) + glued_faults(page.text, old)
            report.faults += [f"{name}: {fault}" for fault in faults]
        else:
            waiting[name] = (page, why or ["asked for"])
    if reuse_only:
        report.faults += [
            f"{name}: no run of it can be reused ({', '.join(why[:3])})"
            for name, (_, why) in waiting.items()
        ]
        waiting = {}
    queue = [waiting[name] for name in longest_first(book, waiting)]
    jobs = jobs or default_jobs()
    asyncio.run(_execute_all(book, queue, device, jobs, report))
    if pages is None:
        store.prune(book, names)
    listed = names + [name for name in pages or [] if name not in names]
    _collect(book, listed, device, report)
    try:
        bands = results.load_bands(book.expected)
        judged = report.rows
        if pages is not None:
            judged = [row for row in report.rows if row["page"] in pages]
        whole = pages is None and not report.faults  # else all say the same
        report.faults += results.judge(judged, bands, device, whole=whole)
    except ValueError as error:
        report.faults.append(str(error))
    print(
        f"pages: {len(report.executed)} executed, {len(report.reused)}"
        f" unchanged, {len(report.rows)} results,"
        f" {time.perf_counter() - start:.0f} s"
    )
    return report
