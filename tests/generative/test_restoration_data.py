import pandas as pd
import pytest
import torch

from sevenlessons.data.cache import is_present
from sevenlessons.generative import restoration_data
from sevenlessons.generative.restoration_data import load_pairs, make_pairs
from sevenlessons.generative.spoil import Spoiling, enlarge, spoil


@pytest.fixture
def clean():
    generator = torch.Generator().manual_seed(1)
    images = torch.randint(256, (3, 3, 16, 16), generator=generator)
    return images.to(torch.uint8)


def table(count):
    return pd.DataFrame({"group": [f"g{i}" for i in range(count)]})


def test_pairs_belong_together(clean):
    how = Spoiling(seed=4)
    pairs = make_pairs(clean, table(3).iloc[::-1], how)
    assert torch.equal(pairs.small, spoil(clean, how))
    assert torch.equal(pairs.spoiled, enlarge(pairs.small, 2))
    assert torch.equal(pairs.clean, clean)
    assert pairs.table["group"].tolist() == ["g2", "g1", "g0"]
    assert pairs.table.index.tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="one row of the table"):
        make_pairs(clean, table(2))


def test_tiles_are_the_pictures_cut_up(clean):
    pairs = make_pairs(clean, table(3))
    tiles = pairs.tiles(8)
    assert len(tiles) == 12 and len(tiles.table) == 12
    assert tiles.table["group"].tolist()[:5] == ["g0"] * 4 + ["g1"]
    assert torch.equal(tiles.clean[4], clean[1, :, :8, :8])
    assert torch.equal(tiles.clean[5], clean[1, :, :8, 8:])
    assert torch.equal(tiles.clean[10], clean[2, :, 8:, :8])
    assert torch.equal(tiles.spoiled[6], pairs.spoiled[1, :, 8:, :8])
    assert torch.equal(tiles.small[7], pairs.small[1, :, 4:, 4:])
    assert torch.equal(pairs.tiles(16).clean, clean)


@pytest.mark.parametrize("size", [0, 1, 5, 32])
def test_tiles_that_do_not_fill_the_picture(clean, size):
    with pytest.raises(ValueError, match="do not fill"):
        make_pairs(clean, table(3)).tiles(size)


def test_no_group_is_in_two_parts(monkeypatch):
    rows = pd.DataFrame(
        {
            "file": [f"{i}.png" for i in range(60)],
            "group": [f"g{i // 2}" for i in range(60)],
            "credit": "somebody",
            "link": "",
        }
    )
    images = torch.arange(60, dtype=torch.uint8).view(-1, 1, 1, 1)
    images = images.expand(60, 3, 8, 8).contiguous()
    monkeypatch.setattr(
        restoration_data.deepsky, "load_labels", lambda folder: rows
    )
    monkeypatch.setattr(
        restoration_data.deepsky,
        "load_images",
        lambda files, size, folder: images,
    )
    parts = load_pairs(8, seed=2)
    groups = [set(part.table["group"]) for part in parts]
    assert [len(part) for part in parts] == [42, 6, 12]
    assert not groups[0] & groups[1] and not groups[2] & (
        groups[0] | groups[1]
    )
    for part in parts:  # rows and pictures stay together
        names = [f"{int(one)}.png" for one in part.clean[:, 0, 0, 0]]
        assert part.table["file"].tolist() == names
    again = load_pairs(8, seed=2)
    assert torch.equal(again.test.small, parts.test.small)
    other = load_pairs(8, seed=3)
    assert set(other.test.table["group"]) != groups[2]


@pytest.mark.skipif(
    not is_present("deep_sky"),
    reason="the deep-sky photos are not in the cache: "
    "python -m sevenlessons data deep_sky",
)
def test_the_real_parts():
    parts = load_pairs(64)
    assert [len(part) for part in parts] == [388, 56, 111]
    assert parts.test.small.shape == (111, 3, 32, 32)
