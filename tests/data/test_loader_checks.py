import pytest
import torch

from sevenlessons.data.loader_checks import (
    check_batch_size,
    check_callable,
    check_samples,
    check_tensors,
)


def test_what_is_right_passes():
    check_batch_size(1)
    check_samples(1, batch_size=1, drop_last=True)
    check_samples(1, batch_size=9, drop_last=False)
    check_tensors((torch.ones(2), torch.ones(2, 3)))
    check_callable("transform", None, "a batch")
    check_callable("transform", len, "a batch")


@pytest.mark.parametrize("wrong", [True, 2.0, "2"])
def test_batch_sizes_are_whole_numbers(wrong):
    with pytest.raises(TypeError, match="batch_size must be a whole number"):
        check_batch_size(wrong)


def test_words():
    with pytest.raises(ValueError, match="at least 1, got -1"):
        check_batch_size(-1)
    with pytest.raises(ValueError, match="no sample to serve"):
        check_samples(0, batch_size=1, drop_last=False)
    with pytest.raises(ValueError, match="2 samples are fewer than batch_si"):
        check_samples(2, batch_size=3, drop_last=True)
    with pytest.raises(ValueError, match=r"got lengths \[\]"):
        check_tensors(())
    with pytest.raises(TypeError, match="function of a batch, got int"):
        check_callable("transform", 3, "a batch")
