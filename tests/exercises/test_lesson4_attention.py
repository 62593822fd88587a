"""Right and wrong answers of subwords and attention."""

from collections import Counter
from itertools import pairwise

import torch

MERGE = "lesson4/merge_step"
CAUSAL = "lesson4/causal_attention"
STEP = "lesson4/adamw_step"


def join(word, pair):
    made, i = [], 0
    while i < len(word):
        both = tuple(word[i : i + 2]) == pair
        made.append("".join(pair) if both else word[i])
        i += 2 if both else 1
    return made


def counted(words):
    return Counter(pair for word in words for pair in pairwise(word))


def merge(words, key=None, counts=counted, join=join):
    found = counts(words)
    best = min(found, key=key(found) if key else lambda p: (-found[p], p))
    return [join(word, best) for word in words]


def by_sorting(words):
    pairs = sorted(pair for word in words for pair in pairwise(word))
    best = max(dict.fromkeys(pairs), key=pairs.count)
    return [join(word, best) for word in words]


def once_a_word(words):
    return Counter(p for w in words for p in dict.fromkeys(pairwise(w)))


def without_overlap(words):
    found = Counter()
    for word in words:
        last = None
        for pair in pairwise(word):
            last = None if pair == last and pair[0] == pair[1] else pair
            found[pair] += last is not None
    return found


def over_the_border(words):
    return Counter(pairwise([token for word in words for token in word]))


def all_at_once(word, pair):
    flags = [p == pair for p in pairwise(word)] + [False]
    kept = [not f for f in [False, *flags[:-1]]]
    return [
        word[i] + word[i + 1] if flags[i] else word[i]
        for i in range(len(word))
        if kept[i]
    ]


def as_text(word, pair):
    return list("".join(word).replace("".join(pair), "#"))


def first_only(word, pair):
    for i in range(len(word) - 1):
        if (word[i], word[i + 1]) == pair:
            return [*word[:i], "".join(pair), *word[i + 2 :]]
    return word


def causal(query, key, value, hide=1, fill=-torch.inf, width=None, axis=-1):
    scores = query @ key.transpose(1, 2) / (width or query.shape[-1]) ** 0.5
    hidden = torch.ones(scores.shape[1:], dtype=torch.bool).triu(hide)
    return scores.masked_fill(hidden, fill).softmax(axis) @ value


def by_loop(query, key, value):
    rows = []
    for i in range(query.shape[1]):
        scores = (query[:, i : i + 1] * key[:, : i + 1]).sum(-1)
        shares = (scores / query.shape[-1] ** 0.5).softmax(-1)
        rows.append((shares[..., None] * value[:, : i + 1]).sum(1))
    return torch.stack(rows, 1)


def after_softmax(query, key, value):
    scores = query @ key.transpose(1, 2) / query.shape[-1] ** 0.5
    return scores.softmax(-1).tril() @ value


def turned(query, key, value):
    scores = query @ key.transpose(1, 2) / query.shape[-1] ** 0.5
    hidden = torch.ones(scores.shape[1:], dtype=torch.bool).tril(-1)
    return scores.masked_fill(hidden, -torch.inf).softmax(-1) @ value


def step(
    weight,
    grad,
    first,
    second,
    step,
    lr,
    weight_decay,
    correct=True,
    inside=False,
    eps=1e-8,
    decay="own",
    root=True,
    returned="means",
):
    if decay == "gradient":
        grad = grad + weight_decay * weight
    first = 0.9 * first + 0.1 * grad
    second = 0.999 * second + 0.001 * grad**2
    m = first / (1 - 0.9**step) if correct else first
    v = second / (1 - 0.999**step) if correct else second
    below = (v + eps).sqrt() if inside else v.sqrt() + eps
    if not root:
        below = v + eps
    shrink = {"own": lr * weight_decay, "no lr": weight_decay}.get(decay, 0)
    weight = weight * (1 - shrink) - lr * m / below
    if returned == "corrected":
        return weight, m, v
    return (weight, first, second) if returned == "means" else weight


def with_torch(weight, grad, first, second, step, lr, weight_decay):
    weight = weight.clone()
    weight.grad = grad
    one = torch.optim.AdamW([weight], lr=lr, weight_decay=weight_decay)
    first, second = first.clone(), second.clone()
    one.state[weight] = {
        "step": torch.tensor(float(step - 1)),
        "exp_avg": first,
        "exp_avg_sq": second,
    }
    one.step()
    return [weight, first, second]


RIGHT = {
    MERGE: [merge, by_sorting],
    CAUSAL: [causal, by_loop],
    STEP: [step, with_torch],
}
WRONG = {
    MERGE: [
        (
            lambda w: merge(w, key=lambda found: lambda p: -found[p]),
            "first by letter",
        ),
        (
            lambda w: merge(
                w, key=lambda found: lambda p: (-found[p], p[1], p[0])
            ),
            "first by letter",
        ),
        (lambda w: merge(w, counts=once_a_word), "second one in a word"),
        (lambda w: merge(w, counts=over_the_border), "NOT"),
        (lambda w: merge(w, counts=without_overlap), "equal tokens are two"),
        (
            lambda w: merge(
                w, key=lambda found: lambda p: (-found[p], p[0] + p[1])
            ),
            "not by what is joined",
        ),
        (
            lambda w: merge(
                w,
                key=lambda found: (
                    lambda p: (
                        -found[p],
                        -max(map(len, p)),
                        p,
                    )
                ),
            ),
            "tuples of texts",
        ),
        (
            lambda w: merge(
                w, key=lambda found: lambda p: (-found[p], len("".join(p)), p)
            ),
            "tuples of texts",
        ),
        (
            lambda w: merge(w, key=lambda found: lambda p: (-found[p], p[0])),
            "the second half of the pair decides",
        ),
        (lambda w: merge(w, join=all_at_once), "from left to right"),
        (lambda w: merge(w, join=as_text), "Join every occurrence"),
        (lambda w: merge(w, join=first_only), "NOT"),
        (lambda w: w, "Join every occurrence"),
        (lambda w: [[*"l", "ow"], [*"sl", "ow"], [*"lot"]], "NOT"),
        (lambda w: ["".join(word) for word in merge(w)], "NOT"),
    ],
    CAUSAL: [
        (lambda q, k, v: causal(q, k, v, hide=99), "changes no earlier"),
        (lambda q, k, v: causal(q, k, v, hide=2), "changes no earlier"),
        (lambda q, k, v: causal(q, k, v, hide=0), "NOT"),
        (lambda q, k, v: causal(q, k, v, fill=0.0), "minus infinity"),
        (turned, "changes no earlier"),
        (after_softmax, "changes no earlier"),
        (lambda q, k, v: causal(q, k, v, width=1), "root of the width"),
        (lambda q, k, v: causal(q, k, v, width=64), "root of the width"),
        (lambda q, k, v: causal(q, k, v, axis=1), "NOT"),
        (lambda q, k, v: torch.zeros_like(v), "add up to one"),
        (lambda q, k, v: v, "add up to one"),
        (lambda q, k, v: causal(q, k, v)[0], "NOT"),
    ],
    STEP: [
        (lambda *a: step(*a, correct=False), "divide by"),
        (lambda *a: step(*a, decay="gradient"), "stays out of the gradient"),
        (lambda *a: step(*a, decay="no lr"), "Decay shrinks"),
        (lambda *a: step(*a, decay="none"), "Decay shrinks"),
        (lambda *a: step(*a, inside=True), "eps is added"),
        (lambda *a: step(*a, eps=0.0), "eps is added"),
        (lambda *a: step(*a, root=False), "NOT"),
        (lambda *a: step(*a, returned="corrected"), "NOT"),
        (lambda *a: step(*a, returned="weight"), "NOT"),
        (lambda w, g, *a: (w - a[3] * g, a[0], a[1]), "NOT the first"),
        (lambda w, *a: (w, a[1], a[2]), "NOT"),
    ],
}
