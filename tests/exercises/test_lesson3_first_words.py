"""Right and wrong answers of the first look at text."""

from collections import Counter

VOCABULARY = "lesson3/vocabulary"
UNKNOWN = "lesson3/unknown_share"
PAIRS = "lesson3/with_pairs"


def vocabulary(texts, min_count, key=lambda item: (-item[1], item[0])):
    counts = Counter()
    for text in texts:
        counts.update(token for token in text if token != "xxunk")
    ordered = sorted(counts.items(), key=key)
    return ["xxunk"] + [token for token, n in ordered if n >= min_count]


def by_two_sorts(texts, min_count):
    tokens = sorted(token for text in texts for token in text)
    unique = sorted(set(tokens), key=lambda token: -tokens.count(token))
    unique = sorted(set(tokens))
    unique.sort(key=tokens.count, reverse=True)
    enough = [t for t in unique if tokens.count(t) >= min_count]
    return ["xxunk", *[t for t in enough if t != "xxunk"]]


def share(texts, vocabulary):
    flags = [token not in vocabulary for text in texts for token in text]
    return sum(flags) / max(len(flags), 1)


def share_of_texts(texts, vocabulary):
    shares = [share([text], vocabulary) for text in texts]
    return sum(shares) / len(shares)


def share_of_types(texts, vocabulary):
    return share([sorted({t for text in texts for t in text})], vocabulary)


def pairs(tokens):
    found = list(tokens)
    for i in range(1, len(tokens)):
        found.append(tokens[i - 1] + "_" + tokens[i])
    return found


RIGHT = {
    VOCABULARY: [vocabulary, by_two_sorts],
    UNKNOWN: [share],
    PAIRS: [pairs],
}
WRONG = {
    VOCABULARY: [
        (lambda x, n: vocabulary(x, n)[1:], 'Put "xxunk" first'),
        (
            lambda x, n: vocabulary(x, n, key=lambda item: -item[1]),
            "in the order of the alphabet",
        ),
        (lambda x, n: vocabulary(x, n + 1), "NOT every token counts"),
        (
            lambda x, n: vocabulary([sorted(set(t)) for t in x], n),
            "NOT every token counts",
        ),
        (
            lambda x, n: vocabulary([t for t in x if len(t) != 2], n),
            "Count over all texts",
        ),
        (
            lambda x, n: [
                "xxunk",
                *[
                    t
                    for t, _ in Counter(t for y in x for t in y).most_common()
                ],
            ],
            "order of the alphabet",
        ),
        (lambda x, n: ["xxunk", "b", "a"], "NOT as often: by letter"),
    ],
    UNKNOWN: [
        (share_of_texts, "a long text counts for more"),
        (share_of_types, "Each token counts alike"),
        (lambda x, v: 1 - share(x, v), "NOT a long and a short text"),
        (lambda x, v: 100 * share(x, v), "NOT one of two"),
        (lambda x, v: 0.5, "NOT a long and a short text"),
        (lambda x, v: sum(t not in v for y in x for t in y), "NOT one of"),
    ],
    PAIRS: [
        (lambda tokens: pairs(tokens)[len(tokens) :], "First all tokens"),
        (lambda tokens: pairs(sorted(tokens)), "First all tokens"),
        (lambda tokens: list(dict.fromkeys(pairs(tokens))), "Each pair count"),
        (lambda tokens: [t.replace("_", " ") for t in pairs(tokens)], "NOT"),
        (lambda tokens: ["not", "so", "bad", "not_so", "so_bad"], "must matt"),
    ],
}
