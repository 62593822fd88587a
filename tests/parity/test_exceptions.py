"""Every name of `scratch` is compared, or listed with what is done instead."""

import ast
from pathlib import Path

import sevenlessons
from sevenlessons.parity.exceptions import without_reference

PACKAGE = Path(sevenlessons.__file__).parent
PARITY = sorted((PACKAGE / "parity").glob("*.py"))
SCRATCH = sorted((PACKAGE / "scratch").glob("[a-z]*.py"))
PREFIX = "sevenlessons.scratch"


def tree(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def public():
    """Return "module.name" of all that scratch offers."""
    for path in SCRATCH:
        for node in tree(path).body:
            if isinstance(node, ast.Assign) and (
                getattr(node.targets[0], "id", "") == "__all__"
            ):
                for name in ast.literal_eval(node.value):
                    yield f"{path.stem}.{name}"


def named():
    """Return "module.name" of all of scratch that the room parity names."""
    for path in PARITY:
        modules = {}
        nodes = list(ast.walk(tree(path)))
        for node in nodes:
            if not isinstance(node, ast.ImportFrom):
                continue
            if node.module == PREFIX:
                modules |= {a.asname or a.name: a.name for a in node.names}
            elif (node.module or "").startswith(f"{PREFIX}."):
                stem = node.module.removeprefix(f"{PREFIX}.")
                yield from (f"{stem}.{alias.name}" for alias in node.names)
        read = {  # the modules whose names stand in a table of words
            getattr(node.args[0], "id", None)
            for node in nodes
            if isinstance(node, ast.Call)
            and getattr(node.func, "id", None) == "getattr"
        }
        for node in nodes:
            if isinstance(node, ast.Attribute) and (
                getattr(node.value, "id", None) in modules
            ):
                yield f"{modules[node.value.id]}.{node.attr}"
            # a table of names, read with getattr
            elif isinstance(node, ast.Constant) and (
                isinstance(node.value, str) and node.value.isidentifier()
            ):
                yield from (
                    f"{modules[m]}.{node.value}" for m in read & modules.keys()
                )


def used():
    """Return, for each definition of scratch, what its text names."""
    graph = {}
    for path in SCRATCH:
        body = tree(path).body
        here = {
            n.name: f"{path.stem}.{n.name}" for n in body if hasattr(n, "name")
        }
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                for alias in node.names:
                    here[alias.name] = f"{node.module}.{alias.name}"
        for node in body:
            if hasattr(node, "name"):
                words = {getattr(n, "id", "") for n in ast.walk(node)}
                graph[here[node.name]] = {
                    here[word] for word in words & here.keys()
                }
    return graph


def compared():
    """Return what the room parity names, and what that is made of."""
    graph, found = used(), set()
    waiting = set(named())
    while waiting:
        found |= waiting
        waiting = {n for m in waiting for n in graph.get(m, ())} - found
    return found


def test_every_name_is_compared_or_excepted_with_a_reason():
    missing = set(public()) - compared() - without_reference().keys()
    assert not missing, (
        "not in the room parity: compare it there, or say in "
        f"parity/exceptions.py how it is tested: {sorted(missing)}"
    )


def test_no_exception_is_out_of_date():
    listed = without_reference()
    assert listed.keys() <= set(public())
    assert listed.keys() & compared() <= {"descent.make_line"}  # input
    assert all(len(reason) > 10 for reason in listed.values())
