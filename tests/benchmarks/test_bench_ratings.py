import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[2] / "benchmarks" / "bench_ratings.py"


@pytest.fixture(scope="module")
def bench():
    spec = importlib.util.spec_from_file_location("bench_ratings", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def made(theirs):
    row = {"train_loss": 1.0}
    found = {
        "ours": {"seconds": [1.0, 1.1, 0.9]} | row,
        "bare loop": {"seconds": [1.0, 1.0, 1.0]} | row,
        "fastai": {"seconds": theirs} | row,
    }
    return {
        "date": "2026-11-21",
        "rounds": 3,
        "first": 64,
        "machine": {"torch": "2"},
        "batch_sizes": {"64": found},
    }


def test_each_run_begins_as_often(bench, monkeypatch):
    begun = []

    def maker(name):
        return lambda *given: lambda: begun.append(name) or 0.0

    names = ["ours", "bare loop", "fastai"]
    monkeypatch.setattr(bench, "held_out", lambda: (None, None))
    bench.measure(3, 64, {name: maker(name) for name in names})
    rounds = [begun[i : i + 3] for i in range(0, 12, 3)]
    assert all(sorted(one) == sorted(names) for one in rounds)
    assert {one[0] for one in rounds[1:]} == set(names)


def test_the_median_round_decides_on_the_bar(bench):
    assert bench.meets_bar(made([4.0, 4.0, 9.0]))
    assert not bench.meets_bar(made([3.4, 3.4, 90.0]))


def test_the_report_says_that_the_bare_loop_does_not_validate(bench):
    assert "the bare loop does not" in bench.report(made([4.0, 4.0, 9.0]))


@pytest.mark.parametrize("theirs, status", [([9.0] * 3, 0), ([1.0] * 3, 1)])
def test_a_missed_bar_is_told_by_the_exit_status(
    bench, theirs, status, monkeypatch, tmp_path
):
    found = made(theirs)["batch_sizes"]["64"]
    monkeypatch.setattr(bench, "measure", lambda *given: found)
    monkeypatch.setattr(bench, "RESULTS", tmp_path)
    monkeypatch.setattr(bench.importlib.util, "find_spec", lambda name: True)
    monkeypatch.setattr(bench.importlib.metadata, "version", lambda name: "2")
    monkeypatch.setattr(bench.sys, "argv", ["bench_ratings.py"])
    assert bench.main() == status
    assert len(list(tmp_path.iterdir())) == 2
