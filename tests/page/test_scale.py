import pytest

from sevenlessons.page import scale
from sevenlessons.page.scale import at_course_scale


def test_a_cpu_runs_nothing_and_says_so(monkeypatch, capsys):
    monkeypatch.setattr(scale, "pick_device", lambda: "cpu")
    ran = []
    assert not at_course_scale(lambda: ran.append(1), needs="the pets")
    assert ran == []
    assert "Not run here: needs the pets" in capsys.readouterr().out


def test_a_gpu_runs_it_and_shows_its_text(monkeypatch, capsys):
    monkeypatch.setattr(scale, "pick_device", lambda: "cuda")
    assert at_course_scale(lambda: "error rate 0.05", needs="the pets")
    assert "scale: error rate 0.05" in capsys.readouterr().out


@pytest.mark.parametrize(
    "error, words",
    [
        (OSError("no route to host"), "no route to host"),
        (RuntimeError("no pretrained weights\nat all"), "pretrained weights)"),
        (OSError(), "it stopped (OSError)"),
    ],
)
def test_a_missing_network_is_no_crash(monkeypatch, capsys, error, words):
    def run():
        raise error

    monkeypatch.setattr(scale, "pick_device", lambda: "cuda")
    assert not at_course_scale(run, needs="the pets")
    assert words in capsys.readouterr().out


def test_a_bug_in_the_code_is_shown(monkeypatch):
    monkeypatch.setattr(scale, "pick_device", lambda: "cuda")
    with pytest.raises(TypeError):
        at_course_scale(lambda: len(3), needs="the pets")
