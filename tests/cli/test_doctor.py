import pytest

from sevenlessons.cli import doctor
from sevenlessons.cli.checks import Finding
from sevenlessons.cli.doctor import examine, show_findings
from sevenlessons.cli.main import main

OK = Finding("ok", "Python", "3.12.1")
WARN = Finding("warn", "data", "0 of the 6 sets", "fetch them")
FAIL = Finding("fail", "torch", "missing", "pip install torch")


def test_this_machine_is_told_in_one_screen(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_DATA", str(tmp_path))
    monkeypatch.delenv("SEVENLESSONS_DEVICE", raising=False)
    main(["doctor"])
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert len(lines) <= 24 and not captured.err
    for what in ("Python", "torch", "device", "memory", "disk", "data"):
        assert any(line[6:].startswith(what) for line in lines)


@pytest.mark.parametrize(
    ("findings", "status", "verdict"),
    [
        ([OK], 0, "This machine can run the book."),
        ([OK, WARN], 0, "This machine can run the book; see `warn` above."),
        (
            [OK, WARN, FAIL],
            1,
            "This machine cannot run the book yet: see `fail` above.",
        ),
    ],
)
def test_only_a_failure_fails(capsys, monkeypatch, findings, status, verdict):
    monkeypatch.setattr(doctor, "examine", lambda: findings)
    assert main(["doctor"]) == status
    assert capsys.readouterr().out.splitlines()[-1] == verdict


def test_a_remedy_stands_below_what_it_cures():
    text = show_findings([FAIL])
    assert text.splitlines()[:2] == [
        "fail  torch        missing",
        "                   -> pip install torch",
    ]


def test_without_torch_the_rest_is_still_examined(monkeypatch):
    def check(module, lowest):
        level = "fail" if module in ("torch", "pandas") else "ok"
        return Finding(level, module, "?")

    monkeypatch.setattr(doctor, "check_package", check)
    found = {finding.what: finding.level for finding in examine()}
    assert found["torch"] == "fail" and found["pandas"] == "fail"
    assert "disk" in found and "device" not in found
