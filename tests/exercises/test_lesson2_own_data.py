"""Right and wrong answers of page 2.1, your own data set."""

from pathlib import Path

import torch
from PIL import Image

NEAR = "lesson2/near_duplicates"
PRECISION = "lesson2/precision_at_k"
FILES = "lesson2/bad_files"


def near_duplicates(features, threshold):
    unit = torch.nn.functional.normalize(features, dim=1)
    alike = (unit @ unit.T >= threshold).triu(diagonal=1)
    return [(i, j) for i, j in alike.nonzero().tolist()]


def by_loops(features, threshold):
    cosine = torch.nn.functional.cosine_similarity
    return [
        (i, j)
        for i in range(len(features))
        for j in range(i + 1, len(features))
        if cosine(features[i], features[j], dim=0) >= threshold
    ]


def with_itself(features, threshold):
    unit = torch.nn.functional.normalize(features, dim=1)
    alike = (unit @ unit.T >= threshold).triu()
    return [(i, j) for i, j in alike.nonzero().tolist()]


def both_ways(features, threshold):
    pairs = near_duplicates(features, threshold)
    return sorted(pairs + [(j, i) for i, j in pairs])


def not_unit(features, threshold):
    alike = (features @ features.T >= threshold).triu(diagonal=1)
    return [(i, j) for i, j in alike.nonzero().tolist()]


def precision(scores, wrong, k):
    order = sorted(range(len(scores)), key=lambda row: -scores[row])
    return sum(wrong[row] for row in order[:k]) / k


def bad_files(folder):
    bad = []
    for path in Path(folder).iterdir():
        try:
            with Image.open(path) as image:
                image.load()
        except Exception:
            bad.append(path.name)
    return sorted(bad)


def only_verified(folder):
    bad = []
    for path in Path(folder).iterdir():
        try:
            with Image.open(path) as image:
                image.verify()
        except Exception:
            bad.append(path.name)
    return sorted(bad)


def deletes(folder):
    for path in Path(folder).iterdir():
        try:
            with Image.open(path) as image:
                image.verify()
        except Exception:
            path.unlink()


def names_and_deletes(folder):
    names = bad_files(folder)
    for name in names:
        (Path(folder) / name).unlink()
    return names


def empties(folder):
    names = bad_files(folder)
    for name in names:
        (Path(folder) / name).write_bytes(b"")
    return names


RIGHT = {
    NEAR: [near_duplicates, by_loops],
    PRECISION: [precision],
    FILES: [bad_files],
}
WRONG = {
    NEAR: [
        (with_itself, "A photo is always like itself"),
        (both_ways, "perhaps as (i, j) and as (j, i)"),
        (not_unit, "each divided by its length"),
        (lambda f, t: [], "Missing"),
        (lambda f, t: near_duplicates(f, t)[::-1], "NOT sorted, and i < j"),
        (lambda f, t: 7, "A list of pairs"),
    ],
    PRECISION: [
        (lambda s, w, k: sum(w) / len(w), "Sort by the score"),
        (lambda s, w, k: precision([-x for x in s], w, k), "highest first"),
        (lambda s, w, k: precision(s, w, k) * k / sum(w), "too large"),
        (lambda s, w, k: 1.0, "NOT two of the three highest"),
    ],
    FILES: [
        (deletes, "Report; do not delete"),
        (names_and_deletes, "Report; do not delete"),
        (empties, "Report; do not delete"),
        (only_verified, "decode it"),
        (lambda folder: [], "decode it"),
        (lambda folder: print("fine"), "Nothing was returned"),
        (lambda folder: 3, "Names are asked for"),
    ],
}
