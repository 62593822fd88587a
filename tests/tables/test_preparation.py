import json

import numpy as np
import pandas as pd
import pytest
import torch

from sevenlessons.tables.preparation import Preparation


def frame(seed, rows=80):
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "kind": rng.choice(list("xyz"), rows),
            "gain": np.where(rng.random(rows) < 0.7, 0, rng.integers(1, 99)),
            "years": np.where(
                rng.random(rows) < 0.2, np.nan, rng.random(rows)
            ),
            "income": rng.choice(["low", "high"], rows),
        }
    )


def made():
    return Preparation(["kind"], ["gain", "years"], binned={"gain": 4})


def test_two_tensors_in_the_order_of_the_names():
    prepare = made().fit(frame(0))
    codes, numbers = prepare.tensors(frame(1))
    assert prepare.names == ["kind", "years_missing", "gain_bin"]
    assert codes.shape == (80, 3) and codes.dtype == torch.int64
    assert numbers.shape == (80, 2) and numbers.dtype == torch.float32
    assert (codes.amax(0) < torch.tensor(prepare.sizes)).all()
    flags = torch.tensor(frame(1)["years"].isna().to_numpy())
    assert torch.equal(codes[:, 1] == 2, flags)


def test_later_rows_do_not_leak_into_what_was_learned():
    later = frame(1).assign(gain=10**9, kind="new", years=1e6)
    prepare = made().fit(frame(0))
    before, learned = prepare.tensors(frame(0)), prepare.state_dict()
    prepare.tensors(later)
    assert prepare.state_dict() == learned
    for one, other in zip(before, prepare.tensors(frame(0)), strict=True):
        assert torch.equal(one, other)


def test_rows_are_prepared_one_by_one_or_all_together():
    prepare = made().fit(frame(0))
    table = frame(1)
    codes, numbers = prepare.tensors(table)
    for i in (0, 7, 79):
        row = prepare.row(table.iloc[i].to_dict())
        assert torch.equal(row[0][0], codes[i])
        assert torch.equal(row[1][0], numbers[i])


def test_unseen_categories_and_extra_columns():
    prepare = made().fit(frame(0))
    row = {"kind": "never", "gain": 5, "years": 0.5}
    codes, _ = prepare.row(row)
    assert codes[0, 0] == 0
    assert torch.equal(prepare.row(row | {"shoe": 43})[0], codes)


def test_saved_and_loaded_it_prepares_alike(tmp_path):
    path = tmp_path / "prepare.json"
    prepare = made().fit(frame(0))
    prepare.save(path)
    again = Preparation.load(path)
    assert again.names == prepare.names and again.sizes == prepare.sizes
    for one, other in zip(
        again.tensors(frame(1)), prepare.tensors(frame(1)), strict=True
    ):
        assert torch.equal(one, other)
    assert [p.name for p in tmp_path.iterdir()] == ["prepare.json"]


def test_fitting_again_forgets():
    prepare = made().fit(frame(0)).fit(frame(3))
    assert prepare.state_dict() == made().fit(frame(3)).state_dict()
    full = frame(4).assign(years=1.0)
    assert "years_missing" not in prepare.fit(full).names


@pytest.mark.parametrize(
    "text",
    ["no json", "{}", "[]", json.dumps({"format": "another"})],
)
def test_another_file_is_refused(tmp_path, text):
    path = tmp_path / "prepare.json"
    path.write_text(text)
    with pytest.raises(ValueError, match="no table preparation that this"):
        Preparation.load(path)


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="binned names 'kind', which is none"):
        Preparation(["kind"], ["gain"], binned={"kind": 3})
    with pytest.raises(ValueError, match="name 'gain' more than once"):
        Preparation(["gain"], ["gain"])
    with pytest.raises(RuntimeError, match="has learned nothing yet"):
        made().tensors(frame(0))
    with pytest.raises(RuntimeError, match="has learned nothing yet"):
        _ = made().sizes
    prepare = made().fit(frame(0))
    with pytest.raises(ValueError, match="lacks 2 of 3 columns: gain, years"):
        prepare.row({"kind": "x"})
    with pytest.raises(TypeError, match="'gain' must hold numbers, got 'a lo"):
        prepare.row({"kind": "x", "gain": "a lot", "years": 1.0})
    with pytest.raises(TypeError, match=r"'kind' held str .* got 3 in row 0"):
        prepare.row({"kind": 3, "gain": 1, "years": 1.0})


@pytest.mark.parametrize(
    "categories, numbers, binned",
    [
        (["kind", "gain_bin"], ["gain"], {"gain": 4}),
        (["kind"], ["gain_bin", "gain"], {"gain": 4}),
        (["gain_missing"], ["gain"], None),
        (["kind"], ["gain", "gain_missing"], None),
    ],
)
def test_names_that_the_preparation_gives_are_refused(
    categories, numbers, binned
):
    with pytest.raises(ValueError, match=r"column 'gain_\w+' has a name that"):
        Preparation(categories, numbers, binned=binned)
    Preparation(["kind", "gain_bin"], ["gain"])  # nothing is cut: no clash


@pytest.mark.parametrize(
    "place, name, value, words",
    [
        (0, "medians_", {"gain": 1.0}, "medians_ must hold the columns"),
        (0, "medians_", {"gain": "1", "years": 1.0}, "finite number for 'gai"),
        (0, "flags_", ["gain"], "two lists of columns with gaps differ"),
        (0, "flags_", "years", "lists of columns with gaps differ"),
        (1, "edges_", {"gain": [2, 1]}, "list of rising numbers for 'gain'"),
        (1, "edges_", {"gain": 3}, "list of rising numbers for 'gain'"),
        (2, "categories_", {"kind": []}, "hold the columns"),
        (
            3,
            "stds_",
            {"gain": 0.0, "years": 1.0},
            "positive number for 'gain'",
        ),
        (3, "means_", {"years": 0.0, "gain": 1.0}, "in their order"),
        (3, "means_", [0.0, 1.0], "means_ must hold the columns"),
    ],
)
def test_a_damaged_file_is_refused(tmp_path, place, name, value, words):
    path = tmp_path / "prepare.json"
    made().fit(frame(0)).save(path)
    kept = json.loads(path.read_text())
    kept["state"]["parts"][place][name] = value
    path.write_text(json.dumps(kept))
    with pytest.raises(ValueError, match=words):
        Preparation.load(path)


@pytest.mark.parametrize(
    "change",
    [
        {"parts": []},
        {"parts": [["medians_", "flags_"]]},
        {"flags": ["gain"]},
        {"flags": ["shoe"]},
        {"flags": 3},
    ],
)
def test_a_damaged_state_is_refused(tmp_path, change):
    path = tmp_path / "prepare.json"
    made().fit(frame(0)).save(path)
    kept = json.loads(path.read_text())
    kept["state"] |= change
    path.write_text(json.dumps(kept))
    with pytest.raises(ValueError, match="no table preparation that this"):
        Preparation.load(path)
