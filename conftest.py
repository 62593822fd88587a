"""What every test needs, the examples in `code/` included."""

import pytest


@pytest.fixture(autouse=True)
def own_progress_file(tmp_path_factory, request, monkeypatch):
    """Keep what a test solves out of the developer's own progress."""
    folder = tmp_path_factory.getbasetemp() / "progress"
    path = folder / f"{abs(hash(request.node.nodeid)):x}.json"
    path.unlink(missing_ok=True)
    monkeypatch.setenv("SEVENLESSONS_PROGRESS", str(path))
    return path
