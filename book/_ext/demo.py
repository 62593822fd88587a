"""Directive `demo`: a model that runs in the reader's own browser.

    ```{demo} photo
    :model: lesson2/deploy/sky
    ```

The model is what the page `lesson2/deploy` published under the name `sky`
(`sevenlessons.page.publish`): `model.onnx`, `bundle.json`, and perhaps
examples. It runs with onnxruntime-web, which `scripts/npm_package.py` fetches
once and which is copied into the site. Nothing of both is loaded before the
reader presses the button, which says how much it will be.
"""

import gzip
import shutil
import sys
from html import escape
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from scripts.npm_package import (  # noqa: E402
    ONNXRUNTIME,
    PackageMissingError,
    fetch,
)

FILES = "_build/files"
VENDOR = f"_static/vendor/{ONNXRUNTIME.name}-{ONNXRUNTIME.version}"
NEEDED = ("model.onnx", "bundle.json")
ABOUT = {
    "photo": "Live demo: give the model a photo",
    "digits": "Live demo: draw a digit",
}
PROMISE = (
    "The model runs in this page, on your own machine. Nothing that you show"
    " it is sent anywhere."
)
NO_SCRIPT = "The demo needs JavaScript, which is switched off here."
ON_PAPER = "In the online book there is a live demo here."


class DemoNode(nodes.General, nodes.Element):
    """The place of a demo; knows its kind, its model and its weight."""


def megabytes(size: int) -> str:
    """Return a number of bytes as a reader wants it.

    >>> megabytes(14_312_951), megabytes(120_000)
    ('14 MB', '0.1 MB')
    """
    millions = size / 1e6
    return f"{millions:.0f} MB" if millions >= 9.5 else f"{millions:.1f} MB"


def sizes(paths: list[Path]) -> tuple[int, int]:
    """Return the bytes of some files, as they are and as servers send them."""
    contents = [path.read_bytes() for path in paths]
    packed = (len(gzip.compress(c, 6, mtime=0)) for c in contents)
    return sum(map(len, contents)), sum(packed)


class Demo(SphinxDirective):
    """A demo of one kind with one published model."""

    required_arguments = 1
    option_spec = {"model": directives.unchanged_required}  # noqa: RUF012

    def run(self) -> list[nodes.Node]:
        kind, model = self.arguments[0], self.options.get("model", "")
        if kind not in ABOUT:
            raise self.error(
                f"there is no demo {kind!r}; known are {', '.join(ABOUT)}"
            )
        root = Path(self.env.app.confdir).resolve()
        home = root / FILES / model
        if not model or home.resolve().parts[:-3] != (root / FILES).parts:
            raise self.error(
                ":model: must be lesson/page/name of something published,"
                f" such as lesson2/deploy/sky, got {model!r}"
            )
        paths = [home / name for name in NEEDED]
        for path in paths:
            self.env.note_dependency(str(path))
        missing = [path.name for path in paths if not path.is_file()]
        if missing:
            raise self.error(
                f"{model} has no {' and no '.join(missing)}: let its page"
                " call publish(), and run it (make book)"
            )
        try:
            vendor = fetch(ONNXRUNTIME, root=root)
        except PackageMissingError as error:
            raise self.error(str(error)) from error
        paths += [vendor / file.base for file in ONNXRUNTIME.files]
        plain, packed = sizes(paths)
        known = self.env.metadata[self.env.docname]
        known["demo"] = number = known.get("demo", 0) + 1
        examples = home / "examples" / "examples.json"
        self.env.note_dependency(str(examples))
        node = DemoNode(
            kind=kind,
            model=model,
            number=number,
            plain=plain,
            packed=packed,
            examples=examples.is_file(),
            progress=sum(p.stat().st_size for p in (paths[0], paths[-1])),
            up="../" * self.env.docname.count("/"),
        )
        self.set_source_info(node)
        return [node]


def visit(self: HTML5Translator, node: DemoNode) -> None:
    """Write the box; without a script it is a sentence and nothing else."""
    about = escape(ABOUT[node["kind"]])
    up, name = node["up"], f"demo-{node['number']}"
    data = {
        "kind": node["kind"],
        "home": f"{up}_files/{node['model']}/",
        "vendor": f"{up}{VENDOR}/",
        "bytes": str(node["progress"]),
        "examples": "yes" if node["examples"] else "no",
    }
    words = "".join(
        f' data-{key}="{escape(text)}"' for key, text in data.items()
    )
    self.body.append(
        f'<div class="demo" id="{name}" role="group"'
        f' aria-labelledby="{name}-title"{words}>\n'
        f'<p class="demo-title" id="{name}-title">{about}</p>\n'
        f'<p class="demo-promise">{PROMISE}</p>\n'
        f'<noscript><p class="demo-none">{NO_SCRIPT}</p></noscript>\n'
        f'<p class="demo-go" hidden><button type="button" class="demo-start">'
        f"Start the demo (loads {megabytes(node['plain'])})</button>"
        f' <span class="demo-weight">{megabytes(node["packed"])} where the'
        " server compresses</span></p>\n"
        '<p class="demo-status" role="status"></p>\n'
        '<div class="demo-stage" hidden></div>\n'
        f'<p class="demo-paper-words">{ON_PAPER}</p>\n'
        "</div>\n"
    )
    raise nodes.SkipNode


def plain(self: object, node: DemoNode) -> None:
    """Write the sentence, where there is no browser."""
    self.body.append(ON_PAPER)  # type: ignore[attr-defined]
    raise nodes.SkipNode


def add_scripts(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    """Load the start script and the look only where there is a demo."""
    if app.env.metadata.get(pagename, {}).get("demo"):
        app.add_js_file("demo.js", loading_method="defer")
        app.add_css_file("demo.css")


def same(first: Path, second: Path) -> bool:
    """Say whether both have the same content."""
    return second.is_file() and first.read_bytes() == second.read_bytes()


def copy(app: Sphinx, error: Exception | None) -> None:
    """Put onnxruntime-web into the site, if any page has a demo."""
    if error or app.builder.format != "html":
        return
    folder = Path(app.outdir, VENDOR)
    demos = [one for one in app.env.metadata.values() if one.get("demo")]
    for other in folder.parent.glob(f"{ONNXRUNTIME.name}-*"):
        if other != folder or not demos:  # the theme has others beside it
            shutil.rmtree(other)
    if not demos:
        return
    folder.mkdir(parents=True, exist_ok=True)
    source = fetch(ONNXRUNTIME, root=Path(app.confdir))
    for file in ONNXRUNTIME.files:
        if not same(source / file.base, folder / file.base):
            shutil.copyfile(source / file.base, folder / file.base)


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_node(DemoNode, html=(visit, None), text=(plain, None))
    app.add_directive("demo", Demo)
    app.connect("html-page-context", add_scripts)
    app.connect("build-finished", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
