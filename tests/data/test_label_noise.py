import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data.label_noise import plant_wrong_labels


@given(
    st.lists(st.sampled_from("abcd"), min_size=2).filter(
        lambda names: len(set(names)) > 1
    ),
    st.floats(0.01, 1),
    st.integers(0, 99),
)
def test_just_the_planted_labels_are_wrong(names, share, seed):
    before = list(names)
    noisy, wrong = plant_wrong_labels(names, share, seed=seed)
    assert names == before
    assert [a != b for a, b in zip(noisy, names, strict=True)] == (
        wrong.tolist()
    )
    assert wrong.sum() == max(1, round(share * len(names)))
    assert set(noisy) <= set(names)


def test_a_seed_decides_and_every_other_class_is_likely():
    names = list("abc") * 400
    first, _ = plant_wrong_labels(names, 0.5, seed=3)
    again, _ = plant_wrong_labels(names, 0.5, seed=3)
    other, wrong = plant_wrong_labels(names, 0.5, seed=4)
    assert first == again != other
    of_a = [n for n, t in zip(other, names, strict=True) if t == "a" != n]
    assert abs(of_a.count("b") / len(of_a) - 0.5) < 0.12
    assert abs(wrong.reshape(-1, 3).mean(axis=0) - 0.5).max() < 0.1
    assert wrong.dtype == np.bool_


def test_bad_input():
    with pytest.raises(ValueError, match="at least two classes are needed"):
        plant_wrong_labels(["a", "a"], 0.5)
    for share in (0, 1.5):
        with pytest.raises(ValueError, match=r"share must be in \(0, 1\]"):
            plant_wrong_labels(["a", "b"], share)
