"""The cache of verified files: `ensure` is what every data set calls.

`ensure("deep_sky")` returns the folder that holds the files. On the first
call it fetches them, checks every byte and moves the folder into place in one
step, under a lock; later calls compare a stamp and the sizes of the files.
`verify` reads every byte again.
"""

import os
from pathlib import Path

import platformdirs

from .catalogue import find_set
from .fetch import Fetch
from .reports import FetchReporter, Report
from .stamps import is_stamped, remove_stamp
from .unpack import differences

__all__ = ["cache_root", "ensure", "is_present", "verify"]

Folder = str | os.PathLike[str] | None


def cache_root(root: Folder = None) -> Path:
    """Return the cache folder: argument, ``SEVENLESSONS_DATA``, user cache.

    Examples
    --------
    >>> cache_root("some/folder").as_posix()
    'some/folder'

    """
    given = root or os.environ.get("SEVENLESSONS_DATA")
    return Path(
        given or platformdirs.user_cache_dir("sevenlessons")
    ).expanduser()


def is_present(name: str, *, root: Folder = None) -> bool:
    """Tell whether the files of data set `name` lie in the cache.

    Examples
    --------
    >>> is_present("adult", root="no such folder")
    False

    """
    return is_stamped(find_set(name).content, cache_root(root) / name)


def verify(name: str, *, root: Folder = None) -> list[str]:
    """Read every byte of data set `name` again; return what is wrong.

    A set with a difference loses its stamp: the next `ensure` fetches it
    again.

    Returns
    -------
    list of str
        One line a difference; empty when all is well.

    Examples
    --------
    >>> verify("adult", root="no such folder")
    ['adult.data is missing']

    """
    folder = cache_root(root) / name
    wrong = differences(find_set(name).content, folder)
    if wrong:
        remove_stamp(folder)
    return wrong


def ensure(
    name: str,
    *,
    root: Folder = None,
    archives: Folder = None,
    report: Report | None = None,
) -> Path:
    """Return the folder with the verified files of data set `name`.

    Parameters
    ----------
    name
        A name of the catalogue; ``python -m sevenlessons data`` lists them.
    root
        Cache folder; see `cache_root`.
    archives
        Folder of archives brought by hand; ``SEVENLESSONS_ARCHIVES`` when
        None.
    report
        Called with each `FetchEvent`; writes to standard output when None.

    Raises
    ------
    ValueError
        If there is no such data set.
    sevenlessons.data.fetch.DataUnavailable
        If no source could deliver, or the cache cannot be written.

    Examples
    --------
    >>> ensure("mnist5k")
    Traceback (most recent call last):
    ValueError: unknown data set 'mnist5k'; did you mean 'mnist_5k'? ...

    """
    entry, home = find_set(name), cache_root(root)
    if is_stamped(entry.content, home / name):
        return home / name
    by_hand = archives or os.environ.get("SEVENLESSONS_ARCHIVES")
    folder = Path(by_hand).expanduser() if by_hand else None
    return Fetch(entry, home, folder, report or FetchReporter()).run()
