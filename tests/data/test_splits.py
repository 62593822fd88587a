import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data.splits import (
    check_disjoint,
    group_folds,
    group_split,
    random_split,
    time_split,
)

shares = st.floats(0.01, 0.99)
seeds = st.integers(0, 1000)
groups = st.lists(st.integers(0, 12), min_size=2, max_size=60).filter(
    lambda values: len(set(values)) > 1
)


def frame(values):
    # an index that is not 0, 1, 2: splits go by place, and keep the index
    index = [f"row{i}" for i in range(len(values))]
    return pd.DataFrame({"g": values}, index=index)


def is_a_split(table, train, valid):
    assert len(train) and len(valid)
    assert set(train.index).isdisjoint(valid.index)
    both = pd.concat([train, valid]).loc[table.index]
    pd.testing.assert_frame_equal(both, table)
    for part in (train, valid):  # the old order
        places = [table.index.get_loc(row) for row in part.index]
        assert places == sorted(places)


@given(st.integers(2, 80), shares, seeds)
def test_random_is_complete_and_of_the_size_asked_for(rows, share, seed):
    table = frame(range(rows))
    train, valid = random_split(table, valid=share, seed=seed)
    is_a_split(table, train, valid)
    assert len(valid) == np.clip(np.floor(share * rows + 0.5), 1, rows - 1)
    again = random_split(table, valid=share, seed=seed)
    assert again[1].index.equals(valid.index)


def test_other_seed_other_split_and_global_state_untouched():
    state = np.random.get_state()[1].copy()
    a, b = (random_split(frame(range(50)), seed=seed)[1] for seed in (0, 1))
    assert not a.index.equals(b.index)
    assert (np.random.get_state()[1] == state).all()


def test_every_row_is_as_likely_to_be_valid():
    table, times = frame(range(10)), np.zeros(10)
    for seed in range(400):
        _, valid = random_split(table, seed=seed)
        times[valid["g"]] += 1
    # 400 draws of 2 in 10: 80 each; 3.9 standard deviations are 31
    assert abs(times - 80).max() < 31


@given(groups, shares, seeds)
def test_groups_stay_together(values, share, seed):
    table = frame(values)
    train, valid = group_split(table, "g", valid=share, seed=seed)
    is_a_split(table, train, valid)
    check_disjoint(train, valid, "g")
    largest = table["g"].value_counts().max()
    assert abs(len(valid) - share * len(table)) <= largest
    again = group_split(table, values, valid=share, seed=seed)
    assert again[1].index.equals(valid.index)


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.integers(2, 9), min_size=1, max_size=4
    ),
    shares,
    seeds,
)
def test_stratified_groups_put_every_class_on_both_sides(
    class_groups, share, seed
):
    rows = [
        (label, f"{label}{number}")
        for label, count in class_groups.items()
        for number in range(count)
        for _ in range(1 + number % 3)
    ]
    table = pd.DataFrame(rows, columns=["label", "g"])
    train, valid = group_split(
        table, "g", valid=share, seed=seed, stratify="label"
    )
    is_a_split(table, train, valid)
    check_disjoint(train, valid, "g")
    wanted = share * table["label"].value_counts()
    for label in class_groups:
        assert (train["label"] == label).any()
        # a group has 3 rows at most, and a share is rounded by at most 1
        assert abs((valid["label"] == label).sum() - wanted[label]) <= 4


def test_stratified_random_keeps_the_shares():
    table = pd.DataFrame({"label": ["a"] * 80 + ["b"] * 15 + ["c"] * 5})
    _, valid = random_split(table, valid=0.2, stratify="label")
    assert valid["label"].value_counts().to_dict() == {"a": 16, "b": 3, "c": 1}


def test_a_group_of_two_classes_stays_together():
    table = pd.DataFrame({"g": [0, 0, 1, 2, 3, 4], "label": list("abbaab")})
    for seed in range(20):
        train, valid = group_split(
            table, "g", valid=0.5, seed=seed, stratify="label"
        )
        check_disjoint(train, valid, "g")


@given(groups, st.integers(2, 5), seeds)
def test_folds_judge_every_row_once(values, num_folds, seed):
    table = frame(values)
    if len(set(values)) < num_folds:
        with pytest.raises(ValueError, match="groups are needed"):
            group_folds(table, "g", num_folds=num_folds)
        return
    folds = group_folds(table, "g", num_folds=num_folds, seed=seed)
    assert len(folds) == num_folds
    for train, valid in folds:
        is_a_split(table, train, valid)
        check_disjoint(train, valid, "g")
    judged = pd.concat([valid for _, valid in folds]).index
    assert sorted(judged) == sorted(table.index)


def test_folds_are_even_in_size_and_classes():
    table = pd.DataFrame({"label": ["a"] * 33 + ["b"] * 12, "g": range(45)})
    folds = group_folds(table, "g", stratify="label", seed=1)
    assert [len(valid) for _, valid in folds] == [9] * 5
    assert {(v["label"] == "b").sum() for _, v in folds} == {2, 3}
    other = group_folds(table, "g", stratify="label", seed=2)
    assert not folds[0][1].index.equals(other[0][1].index)


@given(
    st.lists(st.integers(0, 9), min_size=2, max_size=40).filter(
        lambda values: len(set(values)) > 1
    ),
    shares,
)
def test_time_judges_the_future(days, share):
    table = frame(pd.to_datetime("2020-01-01") + pd.to_timedelta(days, "D"))
    train, valid = time_split(table, "g", valid=share)
    is_a_split(table, train, valid)
    assert train["g"].max() < valid["g"].min()


def test_time_cuts_as_near_as_possible():
    table = pd.DataFrame({"year": [1, 1, 1, 2, 2, 3, 4, 4, 4, 4]})
    assert len(time_split(table, "year", valid=0.2)[1]) == 4
    assert len(time_split(table, "year", valid=0.5)[1]) == 5
    assert len(time_split(table, "year", valid=0.9)[1]) == 7


def test_shared_values_are_found():
    train, valid = frame([1, 2, 3]), frame([3, 2, 9])
    with pytest.raises(ValueError, match="2 values of 'g' are on both sides"):
        check_disjoint(train, valid, "g")
    check_disjoint(train, frame([4]), "g")
    with pytest.raises(ValueError, match="no column 'h'; the table has: g"):
        check_disjoint(train, valid, "h")


@pytest.mark.parametrize("valid", [0, 1, -0.1, 20, float("nan")])
def test_valid_is_a_share(valid):
    for split in (random_split, time_split, group_split):
        names = [] if split is random_split else ["g"]
        with pytest.raises(ValueError, match=r"share of the rows in \(0, 1\)"):
            split(frame([1, 2]), *names, valid=valid)


def test_messages():
    with pytest.raises(TypeError, match="pandas DataFrame, got list"):
        random_split([1, 2])
    with pytest.raises(ValueError, match="at least 2 rows, the table has 1"):
        random_split(frame([1]))
    with pytest.raises(ValueError, match="2 groups are needed, got 1"):
        group_split(frame([5, 5, 5]), "g")
    with pytest.raises(ValueError, match="no column 'object'"):
        group_split(frame([1, 2]), "object")
    with pytest.raises(ValueError, match="got 3 values for 2 rows"):
        group_split(frame([1, 2]), [1, 2, 3])
    with pytest.raises(ValueError, match="groups is missing in 1 rows"):
        group_split(frame([1, None, 2]), "g")
    with pytest.raises(ValueError, match="num_folds must be at least 2"):
        group_folds(frame([1, 2]), "g", num_folds=1)
    with pytest.raises(ValueError, match=r"same 'g' .7.*needs two times"):
        time_split(frame([7, 7]), "g")
    with pytest.raises(ValueError, match="time is missing in 1 rows"):
        time_split(frame([7, None]), "g")


def test_a_class_that_cannot_be_split_is_named():
    table = pd.DataFrame({"label": list("aab"), "g": [1, 2, 3]})
    with pytest.raises(ValueError, match="class 'b' has 1 photo, at least 2"):
        random_split(table, stratify="label")
    table = pd.DataFrame({"label": list("aabb"), "g": [1, 2, 3, 3]})
    with pytest.raises(ValueError, match="class 'b' has 1 groups of its own"):
        group_split(table, "g", stratify="label")
