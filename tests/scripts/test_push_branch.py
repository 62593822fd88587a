"""The branch holds the newest generated files and nothing else."""

import subprocess

import pytest
from scripts.push_branch import _environment, main, push

ONE, TWO = "1" * 40, "2" * 40


def git(folder, *words):
    done = subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


@pytest.fixture
def remote(tmp_path):
    folder = tmp_path / "remote.git"
    folder.mkdir()
    git(folder, "init", "--quiet", "--bare")
    return folder


@pytest.fixture
def made(tmp_path):
    folder = tmp_path / "made"
    (folder / "lesson1").mkdir(parents=True)
    (folder / "lesson1/a.ipynb").write_text("one")
    (folder / ".gitignore").write_text("*.ipynb\n")  # must not hide them
    return folder


def files(remote):
    return git(remote, "ls-tree", "-r", "--name-only", "notebooks").split()


def test_the_branch_is_made_and_replaced(remote, made, tmp_path):
    binder = tmp_path / "environment.yml"
    binder.write_text("x")
    takes = [(made, "."), (binder, ".binder/environment.yml")]
    assert push(str(remote), "notebooks", ONE, takes)
    assert files(remote) == [
        ".binder/environment.yml",
        ".gitignore",
        "lesson1/a.ipynb",
    ]
    (made / "lesson1/a.ipynb").rename(made / "lesson1/b.ipynb")
    assert push(str(remote), "notebooks", TWO, takes[:1])
    assert files(remote) == [".gitignore", "lesson1/b.ipynb"]
    log = git(remote, "log", "--format=%s %an", "notebooks").splitlines()
    assert log == [
        f"Notebooks of {TWO} github-actions[bot]",
        f"Notebooks of {ONE} github-actions[bot]",
    ]


def test_a_script_stays_executable(remote, tmp_path):
    script = tmp_path / "start"
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    push(str(remote), "notebooks", ONE, [(script, ".binder/start")])
    assert git(remote, "ls-tree", "-r", "notebooks").startswith("100755")


def test_the_same_files_make_no_commit(remote, made, capsys):
    words = ["--branch", "notebooks", "--remote", str(remote)]
    words += ["--take", f"{made}=."]
    assert main([*words, "--commit", ONE]) == 0
    assert main([*words, "--commit", TWO]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown == ["notebooks: pushed", "notebooks: unchanged"]


def test_what_is_missing_or_outside_is_refused(remote, made, tmp_path):
    with pytest.raises(FileNotFoundError, match="nothing to push"):
        push(str(remote), "notebooks", ONE, [(tmp_path / "no", ".")])
    with pytest.raises(ValueError, match="outside of the branch"):
        push(str(remote), "notebooks", ONE, [(made, "../x")])
    with pytest.raises(ValueError, match="received 'main'"):
        push(str(remote), "notebooks", "main", [(made, ".")])
    (made / "link").symlink_to("/etc")
    with pytest.raises(ValueError, match="is a link"):
        push(str(remote), "notebooks", ONE, [(made, ".")])


def test_the_token_is_a_header_and_no_argument(monkeypatch):
    monkeypatch.setenv("GH_TOKEN", "secret")
    env = _environment("https://hub.example/o/r", "secret")
    assert "secret" not in env.values()
    assert env["GIT_CONFIG_KEY_0"].startswith("http.https://hub.example/o/r.")
    assert env["GIT_CONFIG_VALUE_0"].startswith("AUTHORIZATION: basic ")
