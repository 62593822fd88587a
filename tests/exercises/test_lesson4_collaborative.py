"""Right and wrong answers of the page on ratings."""

import torch

RANKED = "lesson4/ranked_by_bias"
RANGE = "lesson4/in_range"
NEIGHBORS = "lesson4/neighbors"


def ranked(bias, counts, min_count):
    kept = (counts >= min_count).nonzero()[:, 0]
    return kept[bias[kept].argsort(descending=True)]


def ranked_list(bias, counts, min_count):
    order = sorted(range(len(bias)), key=lambda i: -bias[i].item())
    return [i for i in order if counts[i] >= min_count]


def places(bias, counts, min_count):
    kept = counts >= min_count
    return bias[kept].argsort(descending=True)


def more_than(bias, counts, min_count):
    return ranked(bias, counts - 1, min_count)


def in_range(scores, low, high):
    return low + (high - low) * scores.sigmoid()


def by_tanh(scores, low, high):
    return low + (high - low) * (1 + torch.tanh(scores / 2)) / 2


def naive(scores, low, high):
    return low + (high - low) * torch.exp(scores) / (1 + torch.exp(scores))


def neighbors(factors, film, k):
    lengths = factors.norm(dim=1)
    cosine = factors @ factors[film] / lengths / lengths[film]
    cosine[film] = -2
    return cosine.argsort(descending=True)[:k]


def neighbors_list(factors, film, k):
    unit = torch.nn.functional.normalize(factors, dim=1)
    order = (unit @ unit[film]).argsort(descending=True).tolist()
    return [i for i in order if i != film][:k]


def by_product(factors, film, k):
    order = (factors @ factors[film]).argsort(descending=True)
    return order[order != film][:k]


def by_distance(factors, film, k):
    order = (factors - factors[film]).norm(dim=1).argsort()
    return order[order != film][:k]


def with_itself(factors, film, k):
    unit = torch.nn.functional.normalize(factors, dim=1)
    return (unit @ unit[film]).argsort(descending=True)[:k]


def without_first(factors, film, k):
    return neighbors(factors, film, k + 1)[1:]


def by_size(factors, film, k):
    unit = torch.nn.functional.normalize(factors, dim=1)
    order = (unit @ unit[film]).abs().argsort(descending=True)
    return order[order != film][:k]


RIGHT = {
    RANKED: [ranked, ranked_list],
    RANGE: [in_range, by_tanh],
    NEIGHBORS: [neighbors, neighbors_list],
}
WRONG = {
    RANKED: [
        (places, "not their places"),
        (more_than, "min_count itself is enough"),
        (lambda b, n, m: ranked(-b, n, m), "highest bias comes first"),
        (lambda b, n, m: b.argsort(descending=True), "NOT one film has too"),
        (lambda b, n, m: ranked(b, n, 20), "NOT another minimum"),
        (lambda b, n, m: ranked(b, n, m)[:10], "NOT many films"),
        (lambda b, n, m: torch.tensor([2, 0, 3, 1]), "NOT one film has"),
        (lambda b, n, m: ranked(b, n, m).float(), "is a whole number"),
        (lambda b, n, m: list(ranked(b, n, m).double()), "is a whole number"),
        (lambda b, n, m: b[ranked(b, n, m)], "NOT all films are kept"),
        (lambda b, n, m: ranked(n.float(), n, m), "NOT all films are kept"),
    ],
    RANGE: [
        (naive, "exp of a large number"),
        (lambda s, low, high: s.clamp(low, high), "NOT a score of 0"),
        (lambda s, low, high: high * s.sigmoid(), "NOT a score of 0"),
        (
            lambda s, low, high: low + (high - low) * (2 * s).sigmoid(),
            "NOT the scores of known ratings",
        ),
        (
            lambda s, low, high: ((low + high) / 2 + s).clamp(low, high),
            "NOT the scores of known ratings",
        ),
        (
            lambda s, low, high: in_range(s.detach(), low, high),
            "no gradient flows back",
        ),
        (
            lambda s, low, high: in_range(s.clamp(-2, 1), low, high),
            "NOT scores far out",
        ),
        (
            lambda s, low, high: torch.full_like(s, (low + high) / 2),
            "NOT scores far out",
        ),
    ],
    NEIGHBORS: [
        (by_product, "Divide by the lengths"),
        (by_distance, "NOT"),
        (with_itself, "The film itself does not count"),
        (without_first, "NOT a long vector"),
        (by_size, "NOT"),
        (lambda f, i, k: neighbors(f, i, k).flip(0), "NOT a long vector"),
        (lambda f, i, k: neighbors(f, i, 2), "NOT the opposite direction"),
        (lambda f, i, k: [2, 1], "NOT the opposite direction"),
    ],
}
