"""Byte-pair encoding, how it learns: join the most frequent pair, repeat.

`pair_counts`, `best_pair` and `join_pair` are one step. `learn_pairs` takes
many of them and counts only anew what a step has changed.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from heapq import heapify, heappop, heappush
from itertools import pairwise

__all__ = ["best_pair", "join_pair", "learn_pairs", "pair_counts"]

Pair = tuple[bytes, bytes]
Piece = tuple[bytes, ...]


def pair_counts(pieces: Mapping[Piece, int]) -> Counter[Pair]:
    """Return how often each pair of neighbors comes.

    Parameters
    ----------
    pieces
        Tokens of each piece of text, and how often the piece comes.

    Examples
    --------
    >>> counts = pair_counts({(b"a", b"b", b"a"): 2, (b"a", b"b"): 1})
    >>> counts[b"a", b"b"], counts[b"b", b"a"]
    (3, 2)

    """
    counts: Counter[Pair] = Counter()
    for piece, times in pieces.items():
        for pair in pairwise(piece):
            counts[pair] += times
    return counts


def best_pair(counts: Mapping[Pair, int]) -> Pair:
    """Return the most frequent pair; of equals, the first by its bytes.

    Raises
    ------
    ValueError
        If there is no pair.

    Examples
    --------
    >>> best_pair({(b"b", b"a"): 3, (b"a", b"c"): 3, (b"a", b"a"): 1})
    (b'a', b'c')

    """
    if not counts:
        raise ValueError(
            "counts is empty: every piece is one token, nothing is left to "
            "join"
        )
    return min(counts, key=lambda pair: (-counts[pair], pair))


def join_pair(piece: Piece, pair: Pair) -> Piece:
    """Return `piece` with each occurrence of `pair` joined, left to right.

    Examples
    --------
    >>> join_pair((b"a", b"a", b"a"), (b"a", b"a"))
    (b'aa', b'a')

    """
    joined, i = [], 0
    while i < len(piece):
        if piece[i : i + 2] == pair:
            joined.append(piece[i] + piece[i + 1])
            i += 2
        else:
            joined.append(piece[i])
            i += 1
    return tuple(joined)


def learn_pairs(pieces: Mapping[Piece, int], num_merges: int) -> list[Pair]:
    """Return the pairs in the order in which they are joined.

    Parameters
    ----------
    pieces
        Tokens of each piece of text, and how often the piece comes.
    num_merges
        How many pairs at most; it ends early when no pair comes twice.

    Notes
    -----
    The same as ``best_pair(pair_counts(...))`` and `join_pair`, again and
    again. A heap hands out the best pair; an entry whose count has changed
    since is thrown away when it comes up.

    Examples
    --------
    >>> learn_pairs({(b"a", b"b", b"c"): 2, (b"b", b"c"): 1}, num_merges=5)
    [(b'b', b'c'), (b'a', b'bc')]

    """
    words, times = list(pieces), list(pieces.values())
    counts = pair_counts(pieces)
    places: defaultdict[Pair, set[int]] = defaultdict(set)
    for k, piece in enumerate(words):
        for pair in pairwise(piece):
            places[pair].add(k)
    heap = [(-count, pair) for pair, count in counts.items()]
    heapify(heap)
    merges: list[Pair] = []
    while heap and len(merges) < num_merges:
        count, pair = heappop(heap)
        if -count != counts[pair]:
            continue
        if -count < 2:
            break
        merges.append(pair)
        changed: Counter[Pair] = Counter()
        for k in places.pop(pair):
            old, new = words[k], join_pair(words[k], pair)
            words[k] = new
            for each in pairwise(old):
                changed[each] -= times[k]
            for each in pairwise(new):
                changed[each] += times[k]
                places[each].add(k)
        for each, change in changed.items():
            if change:
                counts[each] += change
                heappush(heap, (-counts[each], each))
    return merges
