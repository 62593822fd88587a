"""Every name of `scratch` is compared, or listed with what is done instead."""

import ast
from pathlib import Path

import sevenlessons
from sevenlessons.parity.exceptions import without_reference

PACKAGE = Path(sevenlessons.__file__).parent
PARITY = sorted((PACKAGE / "parity").glob("*.py"))
SCRATCH = sorted((PACKAGE / "scratch").glob("[a-z]*.py"))
PREFIX = "sevenlessons.scratch"


def public():
    """Return "module.name" of all that scratch offers."""
    for path in SCRATCH:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.Assign) and (
                getattr(node.targets[0], "id", "") == "__all__"
            ):
                for name in ast.literal_eval(node.value):
                    yield f"{path.stem}.{name}"


def compared():
    """Return "module.name" of all that the room parity names."""
    for path in PARITY:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == PREFIX:
                modules |= {a.asname or a.name: a.name for a in node.names}
            elif (
                isinstance(node, ast.ImportFrom)
                and node.module
                and (node.module.startswith(f"{PREFIX}."))
            ):
                stem = node.module.removeprefix(f"{PREFIX}.")
                yield from (f"{stem}.{alias.name}" for alias in node.names)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and (
                getattr(node.value, "id", None) in modules
            ):
                yield f"{modules[node.value.id]}.{node.attr}"


def test_every_name_is_compared_or_excepted_with_a_reason():
    missing = set(public()) - set(compared()) - without_reference().keys()
    assert not missing, (
        "not in the room parity: compare it there, or say in "
        f"parity/exceptions.py how it is tested: {sorted(missing)}"
    )


def test_no_exception_is_out_of_date():
    listed = without_reference()
    assert listed.keys() <= set(public())
    assert listed.keys() & set(compared()) <= {"descent.make_line"}  # input
    assert all(len(reason) > 10 for reason in listed.values())
