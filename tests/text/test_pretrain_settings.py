import pytest

from sevenlessons.text.pretrain_settings import PretrainSettings


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"lr": 0}, "lr must be positive, got 0"),
        ({"epochs": 0}, "epochs must be positive, got 0"),
        ({"dropout": 3}, r"dropout must be a factor in \[0, 2\], got 3"),
    ],
)
def test_bad_settings_are_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        PretrainSettings(**changes)
