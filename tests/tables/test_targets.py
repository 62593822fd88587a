import numpy as np
import pandas as pd
import pytest
import torch

from sevenlessons.tables.targets import class_target, number_target

CLASSES = ["no", "yes"]


def test_classes_by_their_place_in_the_list():
    table = pd.DataFrame({"y": pd.Categorical(["yes", "no", "yes"])})
    assert class_target(table, "y", CLASSES).tolist() == [1, 0, 1]
    assert class_target(table, "y", ["yes", "no"]).tolist() == [0, 1, 0]
    assert class_target(table, "y", CLASSES).dtype == torch.int64


def test_numbers_as_a_column():
    found = number_target(pd.DataFrame({"y": [1, 2.5]}), "y")
    assert torch.equal(found, torch.tensor([[1.0], [2.5]]))


@pytest.mark.parametrize("gap", [None, np.nan, pd.NA])
def test_a_missing_target_is_never_guessed(gap):
    texts = pd.DataFrame({"y": ["yes", gap]}, index=[4, 9])
    words = r"missing in 1 of 2 rows, first in row 9; .*dropna\(subset=\['y'"
    with pytest.raises(ValueError, match=words):
        class_target(texts, "y", CLASSES)
    numbers = pd.DataFrame({"y": [1, gap]}, index=[4, 9])
    with pytest.raises(ValueError, match=words):
        number_target(numbers, "y")


def test_what_makes_no_sense_is_refused():
    table = pd.DataFrame({"y": ["yes", "maybe"]})
    with pytest.raises(ValueError, match="got 'maybe' in row 1; correct"):
        class_target(table, "y", CLASSES)
    with pytest.raises(TypeError, match="must hold numbers, got 'yes'"):
        number_target(table, "y")
    with pytest.raises(ValueError, match="lacks 1 of 1 columns: z"):
        class_target(table, "z", CLASSES)
    with pytest.raises(ValueError, match="is infinite in row 0"):
        number_target(pd.DataFrame({"y": [np.inf]}), "y")


@pytest.mark.parametrize("large", [1e300, -1e39])
def test_a_target_too_large_for_float32_is_refused(large):
    table = pd.DataFrame({"y": [1.0, large]}, index=[4, 9])
    with pytest.raises(ValueError, match=r"fit into float32, got .* in row 9"):
        number_target(table, "y")
