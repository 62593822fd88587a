"""Small archives and a small catalogue, made in a temporary folder."""

import hashlib
import io
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from sevenlessons.data import catalogue
from sevenlessons.data.catalogue import DataSet
from sevenlessons.data.records import Content, FileSpec, PipSource, TreeSpec


def _digest(data):
    return hashlib.sha256(data).hexdigest()


class Toys:
    """Make archives, and data sets that expect what they hold."""

    def __init__(self, folder):
        self.folder = folder

    digest = staticmethod(_digest)

    def wheel(self, files, name="toy-1-py3-none-any.whl"):
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, data in files.items():
                archive.writestr(member, data)
        return path

    def tar(self, files, name="toy-1.tar.gz", links=(), mode="w:gz"):
        path = self.folder / name
        path.write_bytes(self.tar_bytes(files, links, mode))
        return path

    def tar_bytes(self, files, links=(), mode="w:gz"):
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode=mode) as archive:
            for member, target, kind in links:
                info = tarfile.TarInfo(member)
                info.type, info.linkname = kind, target
                archive.addfile(info)
            for member, data in files.items():
                info = tarfile.TarInfo(member)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return buffer.getvalue()

    def deb(self, files, name="toy_1_all.deb"):
        parts = {
            "debian-binary": b"2.0\n",
            "control.tar.xz": self.tar_bytes({"control": b"x"}, mode="w:xz"),
            "data.tar.xz": self.tar_bytes(files, mode="w:xz"),
        }
        out = b"!<arch>\n"
        for part, data in parts.items():
            head = f"{part:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(data):<10}"
            out += head.encode() + b"`\n" + data + b"\n" * (len(data) % 2)
        path = self.folder / name
        path.write_bytes(out)
        return path

    def files(self, **files):
        specs = {
            name.replace("_", "."): FileSpec(
                size=len(data), sha256=_digest(data)
            )
            for name, data in files.items()
        }
        return Content(files=specs)

    def tree(self, files, keep=("*.txt",)):
        listing = "".join(
            f"{_digest(files[name])}  {name}\n" for name in sorted(files)
        )
        return Content(
            tree=TreeSpec(
                keep=keep,
                count=len(files),
                size=sum(map(len, files.values())),
                sha256=_digest(listing.encode()),
            )
        )

    def pip(self, path, where, **more):
        return PipSource(
            kind="wheel",
            requirement="toy==1",
            archive=path.name,
            sha256=_digest(path.read_bytes()),
            size=path.stat().st_size,
            where=where,
            **more,
        )

    def data_set(self, content, *sources, name="toy"):
        return DataSet(
            name=name,
            title="a toy",
            about="Nothing.",
            made_by="us",
            licence="MIT",
            credit="us",
            rows=1,
            unit="rows",
            known_flaws=("It is a toy.",),
            used_for="tests",
            in_book=True,
            content=content,
            sources=sources,
        )


@pytest.fixture
def toys(tmp_path):
    folder = tmp_path / "archives"
    folder.mkdir()
    return Toys(folder)


@pytest.fixture
def use_catalogue(monkeypatch):
    """Let the data layer know the given sets only."""

    def use(*entries):
        known = {entry.name: entry for entry in entries}
        monkeypatch.setattr(catalogue, "load_catalogue", lambda: known)

    return use


@pytest.fixture
def fake_program(tmp_path, monkeypatch):
    """Put a Python script onto PATH under the name of a program."""

    def make(name, code):
        folder = tmp_path / "bin"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_text(f"#!{sys.executable}\n{code}", encoding="utf-8")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))
        return Path(path)

    return make
