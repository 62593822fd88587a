from sevenlessons.cli.exercise_tables import lesson_table, progress_table
from sevenlessons.page.registry import exercise_keys, find_exercise, lessons
from sevenlessons.page.solved import note_attempt, progress_file


def test_every_exercise_is_listed_with_its_page_in_80_columns():
    text = progress_table()
    for name in lessons():
        assert f"{name}: 0 of {len(exercise_keys(name))} solved" in text
        for key in exercise_keys(name):
            assert f"    [ ] {key}\n" in text
            assert f"  {find_exercise(key).page}\n" in text
    lines = [x for x in text.splitlines() if str(progress_file()) not in x]
    assert all(len(line) <= 80 for line in lines)


def test_what_is_solved_is_marked_and_counted(monkeypatch):
    monkeypatch.delenv("SEVENLESSONS_PAGE", raising=False)
    note_attempt("start/cost", True)
    note_attempt("start/interval", False)
    note_attempt("start/interval", False)
    text = progress_table()
    assert "start: 1 of 7 solved" in text
    assert "[x] start/cost                      solved 20" in text
    assert ", 1 attempt\n" in text
    assert "[ ] start/interval                  2 attempts\n" in text
    total = sum(len(exercise_keys(name)) for name in lessons())
    assert f"1 of {total} solved\n" in text


def test_a_damaged_file_is_told():
    progress_file().parent.mkdir(exist_ok=True)
    progress_file().write_text("{")
    assert "is damaged" in progress_table()
    assert "is damaged" in lesson_table("start")


def test_a_lesson_shows_every_task():
    text = lesson_table("lesson1")
    words = " ".join(text.split())
    for key in exercise_keys("lesson1"):
        exercise = find_exercise(key)
        assert f"[ ] {key}\n" in text
        assert exercise.asks in words
    assert "label_pattern = ..." in text
    assert "def gentle_rates(head_lr)" in text
    assert all(len(line) <= 80 for line in text.splitlines())
