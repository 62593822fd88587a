"""Rules about the package: small modules, one direction, nothing hidden."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

NAME = "sevenlessons"
TESTS = Path(__file__).parent
PACKAGE = TESTS.parent / "code" / NAME
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.stem != "__init__")
ROOMS_BELOW = {  # what a room may import besides itself
    "data": set(),
    "training": set(),
    "scratch": set(),
    "vision": {"data", "training"},
    "text": {"data", "training"},
    "tables": {"data", "training"},
    "generative": {"data", "training", "vision"},
    "parity": {
        "data",
        "training",
        "scratch",
        "vision",
        "text",
        "generative",
    },
    "deploy": {"data", "vision", "text", "tables"},
    "page": {"training"},
    "exercises": {
        "data",
        "training",
        "scratch",
        "vision",
        "text",
        "tables",
        "generative",
        "page",
    },
    "homework": {"page", "exercises"},
    "cli": {
        "data",
        "training",
        "vision",
        "text",
        "tables",
        "deploy",
        "page",
        "exercises",
        "homework",
    },
    "__main__": {"cli"},
}
each_module = pytest.mark.parametrize(
    "path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix()
)


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def dotted(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def runtime_imports(path):
    """Modules of the package that are imported when `path` runs."""
    room = dotted(path).rpartition(".")[0]
    body = [node for node in tree(path).body if not isinstance(node, ast.If)]
    for node in (n for statement in body for n in ast.walk(statement)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            yield f"{room}.{node.module}"
        elif isinstance(node, ast.ImportFrom):
            if node.module.startswith(f"{NAME}."):
                yield node.module.removeprefix(f"{NAME}.")
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith(f"{NAME}."):
                    yield alias.name.removeprefix(f"{NAME}.")


def test_no_import_cycles():
    graph = {dotted(path): set(runtime_imports(path)) for path in MODULES}
    list(TopologicalSorter(graph).static_order())  # raises CycleError


@each_module
def test_imports_point_downwards(path):
    room = dotted(path).split(".")[0]
    used = {name.split(".")[0] for name in runtime_imports(path)}
    assert used - {room} <= ROOMS_BELOW[room]


@each_module
def test_reads_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 250


@each_module
def test_no_star_import(path):
    names = [
        alias.name
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    ]
    assert "*" not in names


@each_module
def test_all_lists_exactly_the_public_definitions(path):
    body = tree(path).body
    kinds = (ast.ClassDef, ast.FunctionDef)
    public = {n.name for n in body if isinstance(n, kinds)}
    listed = next(
        ast.literal_eval(n.value)
        for n in body
        if isinstance(n, ast.Assign) and n.targets[0].id == "__all__"
    )
    assert listed == sorted(n for n in public if not n.startswith("_"))


@each_module
def test_has_a_test_file(path):
    room = path.relative_to(PACKAGE).parent
    assert (TESTS / room / f"test_{path.stem}.py").exists()


def test_rooms_are_listed_and_package_files_hold_no_code():
    rooms = {p.parent.name for p in PACKAGE.glob("*/__init__.py")}
    assert rooms <= ROOMS_BELOW.keys()
    for init in PACKAGE.glob("*/__init__.py"):
        (docstring,) = tree(init).body
        assert isinstance(docstring.value.value, str)


def test_the_folder_named_code_is_no_package():
    assert not (PACKAGE.parent / "__init__.py").exists()
