"""CPU against GPU: the table says what differs, a lost band is red."""

import json

import pytest
from scripts.compare_results import main, table

BANDS = """\
["lesson1/a"]
min = 0.5
max = 0.9
why = "a test"
cuda = { min = 0.7, why = "larger images" }

["lesson1/b"]
max = 2.0
why = "a test"
"""


def row(key, value, interval=None, device="cpu", **more):
    found = {"key": f"lesson1/{key}", "value": value, "unit": "", "n": 10}
    found |= {"seeds": 1, "interval": interval, "data": "toy", "baselines": {}}
    return found | {"device": device, "page": "lesson1/x"} | more


@pytest.fixture
def run(tmp_path, capsys):
    (tmp_path / "book").mkdir()
    (tmp_path / "book/expected.toml").write_text(BANDS)

    def compare(left, right):
        for name, rows in (("l", left), ("r", right)):
            (tmp_path / name).write_text(json.dumps(rows))
        arguments = [str(tmp_path / "l"), str(tmp_path / "r")]
        status = main([*arguments, "--root", str(tmp_path)])
        return status, capsys.readouterr().out

    return compare


def test_values_bands_and_overlap_stand_side_by_side(run):
    status, shown = run(
        [row("a", 0.8, [0.75, 0.85]), row("b", 1.0, [0.9, 1.1])],
        [
            row("a", 0.84, [0.8, 0.9], "cuda"),
            row("b", 1.4, [1.3, 1.5], "cuda", n=20),
        ],
    )
    assert status == 0
    lines = shown.splitlines()
    assert lines[0] == (
        "| result | cpu | cuda | overlap | band cpu | band cuda | n |"
    )
    assert lines[2] == (
        "| `lesson1/a` | 0.8 (0.75 to 0.85) | 0.84 (0.8 to 0.9) | yes"
        " | 0.5 to 0.9 | 0.7 to | 10 |"
    )
    assert lines[3].endswith("| **no** | to 2 | to 2 | 10 / 20 |")
    assert "All 2 + 2 values lie in their bands." in shown


def test_rows_of_one_side_only_are_shown(run):
    status, shown = run([row("a", 0.8)], [row("b", 1.0, None, "cuda")])
    assert status == 0
    assert (
        "| `lesson1/a` | 0.8 | none | none | 0.5 to 0.9 | none | 10 |" in shown
    )
    assert "| `lesson1/b` | none | 1 | none | none | to 2 | 10 |" in shown


def test_a_value_outside_the_band_of_its_device_is_red(run):
    status, shown = run([row("a", 0.6)], [row("a", 0.6, None, "cuda")])
    assert status == 1  # 0.6 is fine on the CPU alone
    assert "FAULT** on cuda: lesson1/x: lesson1/a: 0.6 is outside" in shown
    assert "on cpu" not in shown


def test_a_value_without_a_band_is_red(run):
    status, shown = run([row("c", 0.6)], [row("a", 0.8, None, "cuda")])
    assert status == 1
    assert "book/expected.toml has no band" in shown


def test_a_ledger_of_two_devices_is_refused(run):
    mixed = [row("a", 0.8), row("b", 1.0, None, "cuda")]
    with pytest.raises(ValueError, match="rows of 2 devices"):
        run(mixed, mixed)
    with pytest.raises(ValueError, match="is no results ledger"):
        run({}, [])


def test_a_bar_in_a_unit_does_not_break_the_table():
    shown = table([row("a", 1, unit="a|b")], [], {}, ("cpu", "cuda"))
    assert "1 a\\|b" in shown
