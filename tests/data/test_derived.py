import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch

from sevenlessons.data.derived import (
    content_key,
    derived_folder,
    kept_json,
    kept_tensor,
    listing_key,
)


class Recipe:
    """Count how often something is made."""

    def __init__(self, result):
        self.result, self.times = result, 0

    def __call__(self):
        self.times += 1
        return self.result


CASES = [
    (kept_json, {"a": [1, None, "ä"]}, lambda a, b: a == b),
    (kept_tensor, torch.arange(12).reshape(3, 4), torch.equal),
]
each_kind = pytest.mark.parametrize(("keep", "result", "same"), CASES)


@each_kind
def test_made_once_for_each_key(tmp_path, keep, result, same):
    path, recipe = tmp_path / "new" / "kept", Recipe(result)
    for key, times in (("a", 1), ("a", 1), ("b", 2), ("b", 2), ("a", 3)):
        assert same(keep(path, key, recipe), result)
        assert recipe.times == times
    left = {file.name for file in path.parent.iterdir()}
    assert left <= {"kept", ".kept.lock"}


@each_kind
@pytest.mark.parametrize("part", [0.0, 0.5, 0.97])
def test_a_cut_file_is_made_again(tmp_path, keep, result, same, part):
    path, recipe = tmp_path / "kept", Recipe(result)
    keep(path, "a", recipe)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    assert same(keep(path, "a", recipe), result)
    assert recipe.times == 2
    assert keep(path, "a", Recipe(None)) is not None  # and kept


def test_changed_bytes_are_noticed(tmp_path):
    path, recipe = tmp_path / "kept", Recipe(torch.arange(12))
    kept_tensor(path, "a", recipe)
    data = bytearray(path.read_bytes())
    data[-5] ^= 1
    path.write_bytes(data)
    assert torch.equal(kept_tensor(path, "a", recipe), torch.arange(12))
    path, recipe = tmp_path / "rows", Recipe(["galaxy"])
    kept_json(path, "a", recipe)
    path.write_text(path.read_text().replace("galaxy", "nebula"))
    assert kept_json(path, "a", recipe) == ["galaxy"]
    path.write_text("[]")
    assert kept_json(path, "a", recipe) == ["galaxy"]


@each_kind
def test_where_nothing_can_be_written_it_is_made_each_time(
    tmp_path, keep, result, same
):
    (tmp_path / "file").touch()
    path, recipe = tmp_path / "file" / "kept", Recipe(result)
    for _ in range(2):
        assert same(keep(path, "a", recipe), result)
    assert recipe.times == 2


def test_a_failure_is_passed_on_and_leaves_nothing(tmp_path):
    def fail():
        raise ValueError("no such photo")

    path = tmp_path / "kept"
    with pytest.raises(ValueError, match="no such photo"):
        kept_tensor(path, "a", fail)
    assert not path.exists()
    assert kept_tensor(path, "a", lambda: torch.ones(1)) == 1


def test_many_at_once_make_it_once(tmp_path):
    path, recipe = tmp_path / "kept", Recipe(torch.arange(3))
    with ThreadPoolExecutor(4) as pool:
        jobs = [pool.submit(kept_tensor, path, "a", recipe) for _ in range(8)]
        assert all(job.result().tolist() == [0, 1, 2] for job in jobs)
    assert recipe.times == 1


def test_keys_follow_content_and_listing(tmp_path):
    file = tmp_path / "a.txt"
    file.write_text("one")
    content, listing = content_key([file], "r"), listing_key([file], "r")
    assert content != content_key([file], "s")
    assert listing != listing_key([file], "s")
    os.utime(file, (1, 1))
    assert content == content_key([file], "r")
    assert listing != listing_key([file], "r")
    file.write_text("two")
    assert content != content_key([file], "r")


def test_results_lie_beside_the_data_not_among_them():
    folder = derived_folder(Path("root/deep_sky"))
    assert folder == Path("root/derived/deep_sky")
