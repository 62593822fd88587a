import pytest

from sevenlessons.deploy.schema import BundleError
from sevenlessons.deploy.segmenter_settings import check_meaning, read_settings


@pytest.mark.parametrize(
    "classes",
    [
        [],
        ["a"] * 2,
        ["a", ""],
        ["a", "b" * 101],
        ["a\n\x1b[31m"],
        ["a\udce9"],
        [f"c{i}" for i in range(1001)],
    ],
)
def test_names_that_no_segmenter_has(classes):
    check_meaning(["a b", "straße"], (32, 48), 255)
    with pytest.raises(ValueError, match="need names of their own"):
        check_meaning(classes, (32, 48), None)


@pytest.mark.parametrize("size", [(16, 64), (8192, 8192), (64, 9000)])
def test_sizes_that_no_machine_has(size):
    with pytest.raises(ValueError, match="choose another size"):
        check_meaning(["a", "b"], size, None)


def test_size_and_classes_together():
    names = [f"c{i}" for i in range(500)]
    check_meaning(names, (1024, 1024), None)
    with pytest.raises(ValueError, match="500 classes cannot be kept"):
        check_meaning(names, (2048, 2048), None)
    with pytest.raises(ValueError, match="void must be"):
        check_meaning(names, (32, 32), 2**40)


def test_what_is_no_json(tmp_path):
    with pytest.raises(BundleError, match="is damaged"):
        read_settings(b"[" * 100_000, tmp_path)
