import sys
import time

import pytest

from sevenlessons.data.commands import (
    SourceFailed,
    folder_size,
    run_command,
)


def python(code, folder, **options):
    return run_command([sys.executable, "-c", code], folder, **options)


def test_the_output_comes_back(tmp_path):
    assert python("print('hello')", tmp_path) == "hello"


def test_what_a_failing_program_said_is_the_reason(tmp_path):
    with pytest.raises(SourceFailed, match="it broke"):
        python("import sys; sys.exit('it broke')", tmp_path)
    with pytest.raises(SourceFailed, match="exited 3"):
        python("import sys; sys.exit(3)", tmp_path)


def test_a_missing_program_is_named(tmp_path):
    with pytest.raises(SourceFailed, match="cannot run no-such-program"):
        run_command(["no-such-program"], tmp_path)


def test_a_program_that_hangs_is_stopped(tmp_path):
    start = time.monotonic()
    with pytest.raises(SourceFailed, match="stopped after 1 s"):
        python("import time; time.sleep(60)", tmp_path, timeout=1)
    assert time.monotonic() - start < 20


def test_the_growing_folder_is_watched(tmp_path):
    code = "import time; open('f', 'wb').write(bytes(999)); time.sleep(1)"
    seen = []
    python(code, tmp_path, watch=seen.append)
    assert max(seen) == 999 == folder_size(tmp_path)


def test_temporary_files_go_into_the_folder(tmp_path):
    code = "import tempfile; print(tempfile.gettempdir())"
    assert python(code, tmp_path) == str(tmp_path)


def test_nothing_is_asked_from_the_keyboard(tmp_path):
    assert python("import sys; print(sys.stdin.read())", tmp_path) == ""
