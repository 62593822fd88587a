import pandas as pd
import pytest

from sevenlessons.tables.processor import Processor


class Center(Processor):
    learned = ("means_",)

    def learn(self, table):
        self.means_ = table[self.columns].mean().to_dict()

    def change(self, table):
        return table.assign(
            **{c: table[c] - self.means_[c] for c in self.columns}
        )


TRAIN = pd.DataFrame({"a": [1.0, 3.0], "other": ["x", "y"]})


def test_learns_once_and_changes_any_rows():
    center = Center(["a"])
    assert center.fit(TRAIN) is center
    later = pd.DataFrame({"a": [100.0]})
    assert center.transform(later)["a"].tolist() == [98.0]
    assert later["a"].tolist() == [100.0]  # the table stays as it is
    assert center.means_ == {"a": 2.0}  # and so does what was learned
    found = Center(["a"]).fit_transform(TRAIN)
    assert found["a"].tolist() == [-1.0, 1.0]
    assert found["other"].tolist() == ["x", "y"]


def test_the_state_goes_to_another_one():
    other = Center(["a"])
    other.load_state_dict(Center(["a"]).fit(TRAIN).state_dict())
    assert other.transform(TRAIN)["a"].tolist() == [-1.0, 1.0]


def test_what_makes_no_sense_is_refused():
    with pytest.raises(RuntimeError, match="this Center has learned nothing"):
        Center(["a"]).transform(TRAIN)
    with pytest.raises(RuntimeError, match=r"call fit\(train\) first"):
        Center(["a"]).state_dict()
    with pytest.raises(ValueError, match="with means_, got x"):
        Center(["a"]).load_state_dict({"x": 1})
    with pytest.raises(ValueError, match="lacks 1 of 1 columns: a"):
        Center(["a"]).fit(TRAIN).transform(TRAIN[["other"]])
    with pytest.raises(NotImplementedError, match=r"needs learn\(table\)"):
        Processor(["a"]).fit(TRAIN)
    with pytest.raises(NotImplementedError, match=r"needs change\(table\)"):
        Processor(["a"]).transform(TRAIN)
