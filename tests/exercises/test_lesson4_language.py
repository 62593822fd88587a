"""Right and wrong answers of the page on models of language."""

import math
import re

from sevenlessons.text.marks import mark
from sevenlessons.text.streams import StreamLoader

EMOTICONS = "lesson4/emoticons"
STREAMS = "lesson4/streams"
PERPLEXITY = "lesson4/perplexity"
FACE = r"[:;]-?[()D]"


def faces(text, keep=str):
    tokens, waiting = ["xxbos"], []
    for piece in text.split():
        if re.fullmatch(FACE, piece):
            tokens += [*mark(" ".join(waiting))[1:], keep(piece)]
            waiting = []
        else:
            waiting.append(piece)
    return tokens + mark(" ".join(waiting))[1:]


def faces_anywhere(text):
    tokens = ["xxbos"]
    for piece in re.split(f"({FACE})", text):
        tokens += [piece] if re.fullmatch(FACE, piece) else mark(piece)[1:]
    return tokens


def faces_by(pattern):
    def answer(text):
        tokens = ["xxbos"]
        for piece in re.split(f"({pattern})", text):
            face = re.fullmatch(pattern, piece)
            tokens += [piece] if face else mark(piece)[1:]
        return tokens

    return answer


def word_by_word(text):
    tokens = ["xxbos"]
    for w in text.split():
        tokens += [w] if re.fullmatch(FACE, w) else mark(w)[1:]
    return tokens


def without_noses(text):
    return [] if not text else faces(text.replace(":-", ": -"))


def streams(line, batch_size, length):
    loader = StreamLoader([line], batch_size, length, shuffle=False)
    return [(x.tolist(), y.tolist()) for x, y in loader]


def by_columns(line, batch_size, length):
    each = (len(line) - 1) // batch_size
    starts = [row * each for row in range(batch_size)]
    batches = []
    for first in range(0, each, length):
        wide = min(length, each - first)
        inputs = [[line[s + first + t] for t in range(wide)] for s in starts]
        ahead = [
            [line[s + first + t + 1] for t in range(wide)] for s in starts
        ]
        batches.append((inputs, ahead))
    return batches


def text_after_text(line, batch_size, length):
    size = batch_size * length
    batches = []
    for first in range(0, len(line) - 1 - size, size):
        rows = [
            line[first + r * length : first + (r + 1) * length]
            for r in range(batch_size)
        ]
        batches.append((rows, rows))
    return batches


def targets_within_rows(line, batch_size, length):
    each = len(line) // batch_size
    rows = [line[r * each : (r + 1) * each] for r in range(batch_size)]
    return [
        (
            [row[i : min(i + length, each - 1)] for row in rows],
            [row[i + 1 : i + length + 1] for row in rows],
        )
        for i in range(0, each - 1, length)
    ]


def perplexity(losses, counts):
    total = sum(a * b for a, b in zip(losses, counts, strict=True))
    return math.exp(total / sum(counts))


def mean_of_perplexities(losses, counts):
    total = sum(math.exp(a) * b for a, b in zip(losses, counts, strict=True))
    return total / sum(counts)


RIGHT = {
    EMOTICONS: [faces, faces_by(rf"(?<!\S){FACE}(?!\S)")],
    STREAMS: [streams, by_columns],
    PERPLEXITY: [perplexity],
}
WRONG = {
    EMOTICONS: [
        (mark, "An emoticon is one token"),
        (lambda text: faces(text)[1:], "NOT a face at the end"),
        (lambda text: faces(text, str.lower), "A face is no word"),
        (faces_anywhere, "NOT"),
        (without_noses, "NOT"),
        (word_by_word, "not word by word"),
        (faces_by(rf"(?<!\S){FACE}"), "on its right side too"),
        (faces_by(rf"(?<!\S){FACE}(?!\w)"), "on its right side too"),
        (faces_by(rf"(?<!\w){FACE}(?!\S)"), "on its left side too"),
        (faces_by(r"(?<!\S)[:;].?[()D](?!\S)"), "A nose is -"),
        (faces_by(r"(?<!\S)[:;][\w-]?[()D](?!\S)"), "A nose is -"),
        (faces_by(r"(?<!\S)[:;][^\w\s]?[()D](?!\S)"), "A nose is -"),
        (faces_by(r"(?<!\S)[:;]-?[()DP](?!\S)"), "A nose is -"),
        (lambda text: ["xxbos", *text.split()], "NOT"),
        (lambda text: faces(text.lower()), "NOT"),
    ],
    STREAMS: [
        (text_after_text, "cut the line first"),
        (targets_within_rows, "NOT"),
        (lambda a, b, c: streams(a, b, c)[:-1], "NOT"),
        (lambda a, b, c: streams(a[:-1], b, c), "NOT"),
        (lambda a, b, c: [(x, x) for x, _ in streams(a, b, c)], "NOT"),
        (lambda a, b, c: [(y, x) for x, y in streams(a, b, c)], "NOT"),
        (lambda a, b, c: streams(a, b, c + 1), "NOT"),
    ],
    PERPLEXITY: [
        (lambda a, n: math.exp(sum(a) / len(a)), "counts by its words"),
        (mean_of_perplexities, "NOT"),
        (lambda a, n: math.log(perplexity(a, n)), "NOT"),
        (lambda a, n: 2 ** math.log(perplexity(a, n)), "NOT"),
        (lambda a, n: math.exp(max(a)), "NOT"),
        (lambda a, n: 50.0, "NOT"),
    ],
}
