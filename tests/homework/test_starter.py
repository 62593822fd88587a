import pytest

from sevenlessons.homework.answers import answers_in
from sevenlessons.homework.starter import starter_text, write_starter
from sevenlessons.page.registry import exercise_keys, find_exercise, lessons


@pytest.mark.parametrize("lesson", lessons())
def test_the_file_holds_a_stub_for_every_exercise(tmp_path, lesson):
    path = write_starter(tmp_path / "new", lesson)
    assert path.name == f"{lesson}.py"
    found = answers_in(path, exercise_keys(lesson))
    assert [a.key for a in found] == exercise_keys(lesson)
    assert all(answer.missing for answer in found)
    for answer in found:
        exercise = find_exercise(answer.key)
        if exercise.takes is not None:
            words = " ".join(answer.value.__doc__.split())
            assert words == exercise.asks


@pytest.mark.parametrize("lesson", lessons())
def test_the_file_reads_well(lesson):
    text = starter_text(lesson, "mine")
    assert max(map(len, text.splitlines())) <= 79
    assert text.endswith("...\n")
    assert f"exercises {lesson} --solutions mine" in text
    compile(text, "x", "exec")


def test_answers_are_never_overwritten(tmp_path):
    path = write_starter(tmp_path, "start")
    path.write_text("my work")
    with pytest.raises(FileExistsError, match="is left as it is; name anoth"):
        write_starter(tmp_path, "start")
    assert path.read_text() == "my work"
