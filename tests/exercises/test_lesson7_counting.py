"""Right and wrong answers of the page of the best counter."""

from itertools import pairwise

ON = "lesson7/counted_on"
PAIRS = "lesson7/memorized"
MEAN = "lesson7/averaged"


def numbers_of(line, *, unfinished=False):
    numbers, words = [], []
    for word in line:
        if word == ",":
            numbers.append(words)
            words = []
        else:
            words.append(word)
    return [*numbers, words] if unfinished and words else numbers


def counted_on(written, expected, *, stop=True, unfinished=False, whole=True):
    right = []
    for line, run in zip(written, expected, strict=True):
        made = numbers_of(line, unfinished=unfinished)
        count = 0
        for one, other in zip(made, run, strict=False):
            same = one == other if whole else one[: len(other)] == other
            if same:
                count += 1
            elif stop:
                break
        right.append(count)
    full = [n == len(run) for n, run in zip(right, expected, strict=True)]
    n = len(written)
    return sum(full) / n, sum(right) / n


def counted_strictly(written, expected):
    """More than was asked for counts as wrong."""
    _, mean = counted_on(written, expected)
    full = [numbers_of(w) == e for w, e in zip(written, expected, strict=True)]
    return sum(full) / len(full), mean


def rows_begun(written, expected):
    """Leave out rows in which nothing is right."""
    share, mean = counted_on(written, expected)
    begun = sum(
        numbers_of(w)[:1] == e[:1]
        for w, e in zip(written, expected, strict=True)
    )
    return share, mean * len(written) / max(begun, 1)


def memorized(learned, line):
    known = set(pairwise(learned))
    return sum(p in known for p in pairwise(line)) / (len(line) - 1)


def memorized_slowly(learned, line):
    count = 0
    for i in range(1, len(line)):
        count += any(
            learned[j - 1 : j + 1] == line[i - 1 : i + 1]
            for j in range(1, len(learned))
        )
    return count / (len(line) - 1)


def known_words(learned, line):
    return sum(w in learned for w in line[1:]) / (len(line) - 1)


def either_way(learned, line):
    known = set(pairwise(learned)) | {(b, a) for a, b in pairwise(learned)}
    return sum(p in known for p in pairwise(line)) / (len(line) - 1)


def kinds_of_pairs(learned, line):
    known, new = set(pairwise(learned)), set(pairwise(line))
    return len(known & new) / len(new)


def averaged(states, keep, *, begin=0, turned=False):
    if turned:
        keep = 1 - keep
    average = states[0] * (1 - begin)
    for state in states[1 - begin :]:
        average = keep * average + (1 - keep) * state
    return average


def averaged_by_shares(states, keep):
    last = len(states) - 1
    shares = [keep**last] + [
        (1 - keep) * keep ** (last - i) for i in range(1, last + 1)
    ]
    return sum(s * state for s, state in zip(shares, states, strict=True))


def plain_mean(states, keep):
    return sum(states) / len(states)


RIGHT = {
    ON: [counted_on],
    PAIRS: [memorized, memorized_slowly],
    MEAN: [averaged, averaged_by_shares],
}
WRONG = {
    PAIRS: [
        (known_words, "NOT"),
        (either_way, "not 1 after 2"),
        (kinds_of_pairs, "NOT"),
        (lambda a, b: memorized(b, a), "NOT"),
        (lambda a, b: 1 - memorized(a, b), "NOT"),
        (lambda a, b: memorized(a, b) * (len(b) - 1) / len(b), "NOT"),
        (lambda a, b: 1.0, "NOT"),
    ],
    MEAN: [
        (lambda s, k: averaged(s, k, turned=True), "share 1 - keep"),
        (lambda s, k: averaged(s, k, begin=1), "begins as the first"),
        (plain_mean, "share 1 - keep"),
        (lambda s, k: s[-1], "share 1 - keep"),
        (lambda s, k: s[0], "share 1 - keep"),
        (lambda s, k: 2 * averaged(s, k), "NOT"),
    ],
    ON: [
        (lambda *a: counted_on(*a, stop=False), "first wrong number"),
        (lambda *a: counted_on(*a, unfinished=True), "may go on"),
        (lambda *a: counted_on(*a, whole=False), "is not nine"),
        (counted_strictly, "does not matter"),
        (rows_begun, "Every row counts alike"),
        (lambda *a: counted_on(*a)[::-1], "NOT"),
        (lambda *a: counted_on(*a)[0], "NOT"),
        (lambda *a: (1.0, 5.0), "NOT"),
    ],
}
