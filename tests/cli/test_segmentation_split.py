from tests.cli.mask_training import options
from tests.data.mask_samples import folders

from sevenlessons.cli.segmentation_split import split_pairs
from sevenlessons.data.mask_pairs import pair_masks


def test_splits(tmp_path):
    pairs = pair_masks(*folders(tmp_path, 10))
    train, valid, note = split_pairs(pairs, options(split="last"))
    assert [p.name for p in valid] == ["s8", "s9"] and len(train) == 8
    assert "the last ones" in note
    one = split_pairs(pairs, options())
    assert one == split_pairs(pairs, options())
    assert one != split_pairs(pairs, options(seed=1))
    path = tmp_path / "list.txt"
    path.write_text("s4\n")
    _, valid, _ = split_pairs(pairs, options(valid_list=path))
    assert [p.name for p in valid] == ["s4"]
    for share in (0.01, 0.99):
        train, valid, _ = split_pairs(pairs, options(valid_share=share))
        assert train and valid
