"""Small archives and a small catalogue, made in a temporary folder."""

import gzip
import hashlib
import io
import json
import struct
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

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
        monkeypatch.setattr(catalogue, "_read", lambda path=None: known)

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


class ToySky:
    """Write a catalogue and a list of photos in the forms that are read."""

    numbers = "ngc ic m c b sh2 vdb rcw ldn lbn cr mel pgc ugc".split()

    def text(self, words):
        if words is None:  # the null string of a Qt stream
            return struct.pack(">I", 0xFFFFFFFF)
        data = words.encode("utf-16-be")
        return struct.pack(">I", len(data)) + data

    def record(self, ident, ra, dec, kind, vmag=9.0, shape="Sb", **numbers):
        """Return the bytes of one object; ra and dec in radians."""
        given = [numbers.get(name, 0) for name in self.numbers]
        return b"".join(
            [
                struct.pack(">IddddI", ident, ra, dec, 99.0, vmag, kind),
                self.text(shape),
                struct.pack(">ddI6d14I", *[1.5] * 2, 7, *[2.5] * 6, *given),
                self.text("cross-reference"),
                struct.pack(">2I", 1, 2),
                *[self.text(word) for word in ("a", None, "", *"bcde")],
                struct.pack(">5I", *range(5)),
            ]
        )

    def catalogue(self, *records, edition=("3.16", "standard")):
        head = b"".join(self.text(words) for words in edition)
        return gzip.compress(head + b"".join(records))

    def tile(self, file, ra, dec, width, credit=None):
        """Return the entry of a photo; all in degrees, near the equator."""
        h = width / 2
        corners = [
            [ra + h, dec - h],
            [ra - h, dec - h],
            [ra - h, dec + h],
            [ra + h, dec + h],
        ]
        return {
            "imageUrl": file,
            "worldCoords": [corners],
            "textureCoords": [[[0, 0], [1, 0], [1, 1], [0, 1]]],
            "imageCredits": credit or {"short": f"A. of {file}"},
        }

    def write(self, folder, records, tiles):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "catalog.dat").write_bytes(self.catalogue(*records))
        text = json.dumps({"subTiles": tiles})
        (folder / "textures.json").write_text(text, encoding="utf-8")
        for number, tile in enumerate(tiles):
            shade = Image.new("RGB", (6, 4), (number, 0, 0))
            shade.save(folder / tile["imageUrl"])
        return folder


@pytest.fixture
def toy_sky():
    return ToySky()
