"""LibreOffice opens every workbook of the book, and calculates the same.

The stored results are taken out of the files first, so that LibreOffice must
calculate each cell itself.
"""

import importlib
import io
import pkgutil
import shutil
import subprocess

import numpy as np
import openpyxl
import pytest
import torch
from torch import nn

from sevenlessons import page
from sevenlessons.page.average_workbook import average_workbook
from sevenlessons.page.convolution_workbook import convolution_workbook
from sevenlessons.page.descent_workbook import descent_workbook
from sevenlessons.page.entropy_workbook import entropy_workbook
from sevenlessons.page.network_workbook import network_workbook
from sevenlessons.page.ratings_workbook import ratings_workbook
from sevenlessons.page.style_workbook import style_workbook

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def ratings():
    draw = np.random.default_rng(0).standard_normal
    grid = np.where(draw((5, 4)) > -1, 3.0, np.nan)
    users, films = draw((5, 3)), draw((4, 3))
    return ratings_workbook(
        grid,
        [f"user {i}" for i in range(5)],
        ["Metropolis", "M", "Die Nibelungen: Siegfried", "Spione"],
        factors=(users, films),
        biased=(users, films, draw(5), draw(4)),
    )


def convolution():
    torch.manual_seed(0)
    layers = nn.Conv2d(1, 2, 3), nn.Conv2d(2, 2, 3), nn.Linear(288, 10)
    parts = [(layer.weight, layer.bias) for layer in layers]
    return convolution_workbook(torch.rand(28, 28), *parts)


def entropy():
    return entropy_workbook(
        [-4.89, 2.6, 0.59, -2.07, -4.57],
        ["cat", "dog", "plane", "fish", "house"],
        right=1,
        batch=([[0.2, -1.0, 3.0], [1.5, 1.5, -2.0]], [2, 1]),
        binary=([0.3, -4.0, 2.5], [1, 1, 0]),
    )


def network():
    draw = np.random.default_rng(0).standard_normal
    weights = [draw(shape) for shape in ((2, 5), (2,), (2, 2), (2,))]
    return network_workbook(draw(5), 1, weights)


def style():
    draw = np.random.default_rng(0).random
    return style_workbook(draw((7, 6)).tolist(), draw((2, 8)).tolist())


# a workbook of each builder, as large as a reader gets it
EXAMPLES = {
    "average_workbook": average_workbook,
    "convolution_workbook": convolution,
    "descent_workbook": descent_workbook,
    "entropy_workbook": entropy,
    "network_workbook": network,
    "ratings_workbook": ratings,
    "style_workbook": style,
}


def test_every_builder_has_an_example():
    names = [
        module.name
        for module in pkgutil.iter_modules(page.__path__)
        if module.name.endswith("_workbook")
    ]
    for name in names:
        found = importlib.import_module(f"sevenlessons.page.{name}")
        assert name in found.__all__
    assert sorted(EXAMPLES) == sorted(names)


def cells(content):
    """Return what is stored in each cell, by sheet and place."""
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    return {
        (sheet.title, cell.coordinate): (cell.data_type, cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """Return each workbook as built and as LibreOffice calculated it."""
    if OFFICE is None:
        pytest.skip(
            "LibreOffice is not installed here (no soffice), so no workbook "
            "was opened with it; `formulas` calculates them in other tests"
        )
    folder = tmp_path_factory.mktemp("office")
    built, paths = {}, []
    for name, example in EXAMPLES.items():
        built[name] = example()
        book = openpyxl.load_workbook(io.BytesIO(built[name]))
        path = folder / f"{name}.xlsx"
        book.save(path)  # formulas only
        paths.append(str(path))
    profile = (folder / "profile").as_uri()
    subprocess.run(
        [
            OFFICE,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--convert-to",
            "xlsx",
            "--outdir",
            str(folder / "made"),
            *paths,
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return {
        name: (content, (folder / "made" / f"{name}.xlsx").read_bytes())
        for name, content in built.items()
    }


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_cell_is_an_error_and_each_has_its_stored_result(converted, name):
    built, made = map(cells, converted[name])
    errors = [place for place, (kind, _) in made.items() if kind == "e"]
    assert not errors
    assert set(made) >= set(built)
    formulas = openpyxl.load_workbook(io.BytesIO(converted[name][0]))
    count = 0
    for (sheet, place), (_, expected) in built.items():
        if formulas[sheet][place].data_type == "f":
            found = made[sheet, place][1]
            assert found == pytest.approx(expected, rel=1e-6, abs=1e-9)
            count += 1
    assert count > 50
