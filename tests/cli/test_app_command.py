import importlib
import json
import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from tests.deploy.samples import bad, good
from tests.deploy.serving import running

from sevenlessons.cli.main import main
from sevenlessons.deploy.export import export
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.vision.small_cnn import SmallCNN

CODE = os.fspath(importlib.import_module("sevenlessons").__path__[0] + "/..")


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bundles") / "digits"
    classes = [f"digit {k}" for k in range(10)]
    return export(SmallCNN(10), folder, classes=classes, size=28)


@pytest.fixture
def served(monkeypatch):
    """Catch what would be served."""
    calls = []
    server = importlib.import_module("sevenlessons.deploy.server")

    def serve(app, **options):
        calls.append(SimpleNamespace(app=app, **options))
        return 0

    monkeypatch.setattr(server, "serve", serve)
    monkeypatch.delenv("PORT", raising=False)
    return calls


def test_a_bundle_is_served_and_answers_as_the_predictor(bundle):
    with running("-m", "sevenlessons", "app", bundle, "--port", 0) as server:
        told = json.loads(server.ask("GET", "/version")[2])
        assert told["model"] == "digits"
        assert told["classes"][3] == "digit 3"
        expected = Predictor.load(bundle).predict(good("jpeg"))
        status, answer = server.predict(good("jpeg"))
        assert status == 200
        shares = {
            row["label"]: row["probability"] for row in answer["probabilities"]
        }
        assert shares == pytest.approx(expected.probabilities, abs=1e-6)
        assert answer["label"] == expected.label
        assert server.predict(bad("html")[0])[0] == 415
        why = ("POST", "/explain?label=digit%203", good("jpeg"))
        status, headers, content = server.ask(*why)
        assert (status, headers["content-type"]) == (200, "image/png")
        assert content.startswith(b"\x89PNG")
        assert server.stop() == 0


def test_options_reach_the_server(bundle, served):
    words = ["--port", "81", "--host", "0.0.0.0", "--workers", "3"]
    words += ["--max-megabytes", "2.5", "--max-megapixels", "3", "--open"]
    assert main(["app", str(bundle), *words]) == 0
    (call,) = served
    assert (call.host, call.port, call.open_browser) == ("0.0.0.0", 81, True)
    assert call.limits.max_bytes == 2_500_000
    assert call.limits.max_pixels == 3_000_000
    assert call.limits.workers == 3


def test_reasons_can_be_left_out(bundle, served):
    assert main(["app", str(bundle), "--no-why"]) == 0
    assert main(["app", str(bundle)]) == 0
    without, with_reasons = (
        {route.path for route in call.app.routes} for call in served
    )
    assert with_reasons - without == {"/explain"}


def test_only_this_machine_by_default(bundle, served):
    assert main(["app", str(bundle)]) == 0
    assert (served[0].host, served[0].port) == ("127.0.0.1", 8000)


def test_the_port_may_come_from_the_environment(
    bundle, served, monkeypatch, capsys
):
    monkeypatch.setenv("PORT", "7860")
    assert main(["app", str(bundle)]) == 0
    assert main(["app", str(bundle), "--port", "0"]) == 0
    assert [call.port for call in served] == [7860, 0]
    monkeypatch.setenv("PORT", "many")
    assert main(["app", str(bundle)]) == 1
    assert "PORT must be a number, got 'many'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--workers", "0"], "workers must be above 0"),
        (["--max-megabytes", "0"], "max_bytes must be above 0"),
        (["--max-megapixels", "900"], "max_pixels must be at most"),
        (["--max-megapixels", "inf"], "--max-megapixels must be a number"),
        (["--max-megabytes", "inf"], "--max-megabytes must be a number"),
        (["--max-megabytes", "nan"], "--max-megabytes must be a number"),
        (["--frame-ancestors", "*"], "frame_ancestors must be"),
        (["--port", "70000"], "port must be from 0 to 65535"),
    ],
)
def test_wrong_options_are_said_in_words(bundle, capsys, words, message):
    assert main(["app", str(bundle), *words]) == 1
    assert message in capsys.readouterr().out


def test_a_folder_without_a_model(tmp_path, capsys):
    assert main(["app", str(tmp_path)]) == 1
    assert "bundle.json" in capsys.readouterr().out
    assert main(["app", str(tmp_path / "no")]) == 1
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize("missing", ["starlette", "uvicorn"])
def test_without_the_extra_it_says_what_to_install(tmp_path, missing):
    code = (
        f"import sys; sys.modules['{missing}'] = None;"
        "from sevenlessons.cli.main import main; sys.exit(main(['app', '.']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": CODE},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert f"needs {missing}, which is not installed" in done.stdout
    assert 'pip install "sevenlessons[app]"' in done.stdout
    assert done.stderr == ""


def test_another_missing_module_is_no_matter_of_the_extra(monkeypatch):
    def fail(name):
        raise ModuleNotFoundError("no such thing", name="torch")

    monkeypatch.setattr("sevenlessons.cli.app_command._load", fail)
    with pytest.raises(ModuleNotFoundError):
        main(["app", "."])
