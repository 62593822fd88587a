"""Checks of page 2.1: near duplicates, precision at k, a gentle verifier."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from sevenlessons.data.duplicates import folder_hash
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = [
    "check_bad_files",
    "check_near_duplicates",
    "check_precision_at_k",
]


@exercise(
    "lesson2/near_duplicates",
    takes="features, threshold",
    asks="Return the pairs (i, j), i < j, whose cosine similarity is at "
    "least the threshold.",
)
def check_near_duplicates(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check planted pairs: all found, none twice, none with itself."""
    for words, count, width, copies in [
        ("12 photos, 3 copies", 12, 40, 3),
        ("30 photos, 8 copies", 30, 64, 8),
        ("9 photos, no copy", 9, 50, 0),
    ]:
        features, planted = _with_copies(trial, count, width, copies)
        got = trial.call(words, answer, [features, 0.9])
        pairs = _as_pairs(trial, words, got)
        itself = [pair for pair in pairs if pair[0] == pair[1]]
        trial.expect(
            "no photo is paired with itself",
            not itself,
            f"You returned {describe(itself)}. A photo is always like itself.",
        )
        once = {tuple(sorted(pair)) for pair in pairs}
        trial.expect(
            "no pair is there twice",
            len(once) == len(pairs),
            "A pair is there twice, perhaps as (i, j) and as (j, i).",
        )
        missing, extra = sorted(planted - once), sorted(once - planted)
        if not trial.expect(
            f"{words}: the pairs, all and only",
            not missing and not [p for p in extra if p[0] != p[1]],
            f"Missing: {describe(missing)}; too many: {describe(extra)}. "
            "Cosine similarity is the product of two rows, each divided by "
            "its length.",
        ):
            return
        trial.expect(
            "sorted, and i < j",
            pairs == sorted(planted),
            f"You returned {describe(pairs)}.",
        )


def _with_copies(
    trial: Trial, count: int, width: int, copies: int
) -> tuple[Tensor, set[tuple[int, int]]]:
    """Return features of unlike lengths, and the pairs that are alike."""
    unlike = torch.linalg.qr(
        torch.randn(width, width, generator=trial.generator)
    ).Q
    features = unlike[:count] + 0.7 * unlike[count]  # a common part
    rows = trial.random.sample(range(count), 2 * copies)
    planted = set()
    for first, second in zip(rows[::2], rows[1::2], strict=True):
        features[second] = features[first] + 0.2 * unlike[second]
        planted.add((min(first, second), max(first, second)))
    lengths = torch.rand(count, 1, generator=trial.generator) + 0.1
    return features * lengths * trial.random.choice([0.5, 5]), planted


def _as_pairs(trial: Trial, words: str, got: Any) -> list[tuple[int, int]]:
    try:
        return [(int(i), int(j)) for i, j in got]
    except (TypeError, ValueError):
        trial.stop(
            words,
            f"A list of pairs (i, j) is asked for, not {describe(got)}.",
        )


@exercise(
    "lesson2/precision_at_k",
    takes="scores, wrong, k",
    asks="Return the share of wrong labels among the k highest scores.",
)
def check_precision_at_k(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check closed cases and random lists."""
    hint = "Sort by the score, the highest first; count among the first k."
    scores, wrong = [0.1, 0.9, 0.5, 0.7], [False, True, False, True]
    for words, k, expected in [
        ("the two highest are wrong", 2, 1.0),
        ("two of the three highest", 3, 2 / 3),
        ("all of them: the base rate", 4, 0.5),
    ]:
        args = [scores, wrong, k]
        trial.equal(words, answer, args, expected, tolerance=1e-6, hint=hint)
    for count in trial.random.sample(range(20, 60), 4):
        scores = trial.random.sample(range(-500, 500), count)
        scores = [score / 100 for score in scores]
        wrong = [trial.random.random() < 0.4 for _ in range(count)]
        k = trial.random.randrange(2, count)
        ranked = sorted(zip(scores, wrong, strict=True), reverse=True)
        expected = sum(is_wrong for _, is_wrong in ranked[:k]) / k
        words = "a random list"
        args = [scores, wrong, k]
        trial.equal(words, answer, args, expected, tolerance=1e-6, hint=hint)


@exercise(
    "lesson2/bad_files",
    takes="folder",
    asks="Return the sorted names of the files that cannot be decoded to "
    "their end, and leave the folder as it is.",
)
def check_bad_files(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a folder with good and bad files: named, and all still there."""
    for words, kinds in [
        ("cut off, empty and no image", ["cut", "empty", "text", "good"]),
        ("several that are cut off", ["cut", "cut", "good", "good"]),
        ("only good ones", ["good", "good"]),
        ("gray and with a palette", ["gray", "palette", "cut"]),
    ]:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            expected = _fill(trial, folder, kinds)
            before = folder_hash(folder)
            returned: Any = None
            returned = trial.call(words, _kept(answer), [folder])
            if not trial.expect(
                "the folder is as it was",
                folder_hash(folder) == before,
                "After your function ran, the folder held other files. "
                "Report; do not delete.",
            ):
                return
            got = returned["value"]
            if got is None:
                trial.stop(
                    words,
                    "Nothing was returned: collect the names, and end in "
                    "`return ...`.",
                )
            try:
                names = [Path(name).name for name in got]
            except TypeError:
                trial.stop(words, f"Names are asked for, not {describe(got)}.")
            if not trial.expect(
                words,
                names == expected,
                f"You returned {describe(names)}; in the folder are "
                f"{describe(sorted(p.name for p in folder.iterdir()))}. To "
                "know whether a photo is whole, decode it: `image.load()`.",
            ):
                return


def _kept(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Return the answer, its None wrapped: the folder is looked at first."""

    def run(folder: Path) -> dict[str, Any]:
        return {"value": answer(folder)}

    return run


def _fill(trial: Trial, folder: Path, kinds: list[str]) -> list[str]:
    """Write one file of each kind and return the names of the bad ones."""
    bad = []
    numbers = trial.random.sample(range(1000), len(kinds))
    for number, kind in zip(numbers, kinds, strict=True):
        path = folder / f"photo_{number:03d}.jpg"
        size = (trial.random.randrange(40, 90), 64)
        noise = torch.randint(
            256, (*size, 3), generator=trial.generator, dtype=torch.uint8
        )
        image = Image.fromarray(noise.numpy())
        if kind == "gray":
            image = image.convert("L")
        if kind == "palette":
            path, image = path.with_suffix(".png"), image.quantize(16)
        buffer = io.BytesIO()
        image.save(buffer, "PNG" if path.suffix == ".png" else "JPEG")
        content = buffer.getvalue()
        if kind == "cut":
            content = content[: len(content) * 2 // 3]
        if kind == "empty":
            content = b""
        if kind == "text":
            content = b"<html>no photo</html>"
        path.write_bytes(content)
        if kind in ("cut", "empty", "text"):
            bad.append(path.name)
    return sorted(bad)
