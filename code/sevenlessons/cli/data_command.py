"""``python -m sevenlessons data``: list, fetch and check the data sets."""

import argparse
import json
import sys
from dataclasses import asdict

from sevenlessons.data.cache import cache_root, ensure, is_present, verify
from sevenlessons.data.cards import DataCard, all_cards, card
from sevenlessons.data.catalogue import load_catalogue, sets_for_book
from sevenlessons.data.fetch import DataUnavailable
from sevenlessons.data.reports import FetchEvent, FetchReporter

from .tables import data_table

__all__ = ["add_data_command", "run_data"]

_DESCRIPTION = """\
Without a name: list every data set. With names: fetch them, check every byte
against the recorded SHA-256, and keep them in the cache. A set that is there
already is not fetched again.
"""
_EPILOG = """\
environment:
  SEVENLESSONS_DATA      the cache folder (default: your user cache)
  SEVENLESSONS_ARCHIVES  a folder with archives fetched before; they are
                         taken from there, without a network

examples:
  python -m sevenlessons data                     what there is
  python -m sevenlessons data mnist_5k deep_sky   fetch two sets
  python -m sevenlessons data --for-book          fetch what the book reads
  python -m sevenlessons data --verify            read every byte again
  python -m sevenlessons data --card deep_sky     licence, credit, flaws
"""


def add_data_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``data`` to the commands of a parser."""
    parser = commands.add_parser(
        "data",
        help="list, fetch and check the data sets and weights",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="data sets to fetch")
    add("--all", action="store_true", help="every data set (about 0.35 GB)")
    add(
        "--for-book",
        action="store_true",
        help=f"what the pages read: {', '.join(sets_for_book())}",
    )
    add(
        "--verify",
        action="store_true",
        help="read every byte again: of the sets named, or of all present",
    )
    add("--card", action="store_true", help="print the cards, fetch nothing")
    add("--json", action="store_true", help="print JSON for other programs")
    parser.set_defaults(run=run_data)


def run_data(options: argparse.Namespace) -> int:
    """Do what the options of ``data`` say; return the exit status."""
    try:
        cards = _chosen(options)
    except ValueError as error:
        print(error)
        return 2
    if options.card:
        return _show_cards(cards or all_cards(), options.json)
    status = 0
    if options.verify:
        status = _verify(cards or _present(), quiet=options.json)
    elif cards:
        status = _fetch(cards, quiet=options.json)
    if options.json:
        print(json.dumps([_facts(c) for c in cards or all_cards()], indent=1))
    elif not cards and not options.verify:
        _show_list()
    return status


def _chosen(options: argparse.Namespace) -> list[DataCard]:
    """Return the cards of the sets that the options name, each once."""
    names = list(options.names)
    if options.for_book:
        names += sets_for_book()
    if options.all:
        names += load_catalogue()
    return [card(name) for name in dict.fromkeys(names)]


def _present() -> list[DataCard]:
    return [c for c in all_cards() if is_present(c.name)]


def _facts(c: DataCard) -> dict[str, object]:
    where = {"present": is_present(c.name), "path": cache_root() / c.name}
    return asdict(c) | where | {"path": str(where["path"])}


def _show_cards(cards: list[DataCard], as_json: bool) -> int:
    if as_json:
        print(json.dumps([_facts(c) for c in cards], indent=1))
    else:
        print("\n".join(c.to_markdown() for c in cards), end="")
    return 0


def _show_list() -> None:
    cards = all_cards()
    present = {c.name for c in cards if is_present(c.name)}
    print(data_table(cards, present))
    print(f"\nCache: {cache_root()} ({len(present)} of {len(cards)} present)")
    print("Fetch: python -m sevenlessons data NAME ..., or --for-book")


def _silent(event: FetchEvent) -> None:
    """Say nothing, so that the JSON stands alone."""


def _fetch(cards: list[DataCard], quiet: bool) -> int:
    status = 0
    for c in cards:
        if is_present(c.name):
            if not quiet:
                print(f"{c.name}: present")
            continue
        try:
            ensure(c.name, report=_silent if quiet else FetchReporter())
        except DataUnavailable as error:
            print(error, file=sys.stderr if quiet else sys.stdout)
            status = 1
    return status


def _verify(cards: list[DataCard], quiet: bool) -> int:
    status = 0
    for c in cards:
        wrong = verify(c.name)
        if wrong:
            status = 1
        if not quiet:
            print(f"{c.name}: {'; '.join(wrong) or 'every byte is right'}")
    if status and not quiet:
        print("Fetch these again: python -m sevenlessons data NAME ...")
    return status
