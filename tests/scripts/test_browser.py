"""The search for a browser, on made-up machines."""

import stat

import pytest
from scripts.browser import BrowserMissingError, find, install, main

from scripts import browser


@pytest.fixture
def machine(tmp_path, monkeypatch):
    """Return a function that puts a small program on a PATH of our own."""

    def add(name: str, body: str = "") -> str:
        program = tmp_path / name
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return str(program)

    add.environ = {"PATH": str(tmp_path)}
    add.folder = tmp_path
    return add


def apt(machine, body="echo '#!/bin/sh' > {0}/chromium"):
    """Put an apt-get there that notes how it was called."""
    folder = machine.folder
    lines = [
        f'echo "$@ $DEBIAN_FRONTEND" > {folder}/called',
        body.format(folder),
        f"[ ! -e {folder}/chromium ] || /bin/chmod +x {folder}/chromium",
    ]
    machine("apt-get", "\n".join(lines))


def test_the_first_of_the_names_is_taken(machine):
    machine("google-chrome")
    chromium = machine("chromium")
    assert find(machine.environ) == chromium


def test_the_variable_comes_first(machine):
    machine("chromium")
    other = machine("mine")
    assert find(machine.environ | {"CHROMIUM": other}) == other


def test_a_wrong_variable_is_told(machine):
    machine("chromium")
    with pytest.raises(BrowserMissingError, match="CHROMIUM is /no/where"):
        find(machine.environ | {"CHROMIUM": "/no/where"})


def test_without_a_browser_it_says_what_to_install(machine):
    with pytest.raises(BrowserMissingError) as missing:
        find(machine.environ)
    assert "apt-get install chromium" in str(missing.value)
    assert "set CHROMIUM" in str(missing.value)


def test_nothing_is_installed_where_there_is_a_browser(machine):
    apt(machine)
    chromium = machine("chromium")
    assert install(machine.environ, root=True) == chromium
    assert not (machine.folder / "called").exists()


def test_root_installs_without_a_question(machine):
    apt(machine)
    found = install(machine.environ, root=True)
    assert found == str(machine.folder / "chromium")
    called = (machine.folder / "called").read_text()
    assert called == (
        "-qq install -y --no-install-recommends chromium noninteractive\n"
    )


def test_a_new_machine_asks_for_the_lists_of_packages_first(machine):
    body = (
        "case $2 in update) echo > {0}/lists ;;"
        " *) [ -e {0}/lists ] || exit 100; echo '#!/bin/sh' > {0}/chromium ;;"
        " esac"
    )
    apt(machine, body=body)
    assert install(machine.environ, root=True).endswith("/chromium")


def test_sudo_is_used_where_it_needs_no_password(machine):
    apt(machine)
    machine(
        "sudo", '[ "$1" = "-n" ] || exit 3\nshift\n[ "$1" = true ] || "$@"'
    )
    machine("true")
    assert install(machine.environ, root=False).endswith("/chromium")


@pytest.mark.parametrize("sudo", [None, "exit 1"])
def test_others_are_told_what_to_do(machine, sudo):
    apt(machine)
    if sudo:
        machine("sudo", sudo)
    with pytest.raises(BrowserMissingError, match="apt-get was not tried"):
        install(machine.environ, root=False)
    assert not (machine.folder / "called").exists()


def test_a_machine_without_apt(machine):
    with pytest.raises(BrowserMissingError, match="no apt-get here"):
        install(machine.environ, root=True)


def test_an_apt_that_fails(machine):
    apt(machine, body="exit 100")
    with pytest.raises(BrowserMissingError, match="failed with status 100"):
        install(machine.environ, root=True)


def test_the_command_line(machine, monkeypatch, capsys):
    monkeypatch.setattr(browser, "find", lambda: "/a/chromium")
    assert main([]) == 0
    assert capsys.readouterr().out == "/a/chromium\n"
    assert main(["--instal"]) == 2

    def missing():
        raise BrowserMissingError("none here")

    monkeypatch.setattr(browser, "find", missing)
    assert main([]) == 1
    assert capsys.readouterr().err == "none here\n"
