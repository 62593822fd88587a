"""A small site with one of everything, for the tests of launch notebooks."""

import subprocess
import sys
from pathlib import Path

import nbformat
from scripts.bookrun.pages import parse_cells

ROOT = Path(__file__).resolve().parents[2]
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = [
    "myst_nb", "sphinx_book_theme", "sphinx_design", "sphinx_togglebutton",
    "sphinx_exercise", "sphinx_proof", "sphinxcontrib.bibtex",
    "executed", "launch", "receipt", "quoted",
]
html_theme = "sphinx_book_theme"
nb_execution_mode = "off"
include_patterns = ["book/**"]
root_doc = "book/index"
bibtex_bibfiles = ["book/references.bib"]
bibtex_reference_style = "author_year"
numfig = True
myst_enable_extensions = [
    "amsmath", "attrs_inline", "colon_fence", "deflist", "dollarmath",
    "smartquotes", "tasklist",
]
"""
BIB = """\
@inproceedings{yosinski2014,
  author = {Yosinski, Jason and Clune, Jeff},
  title = {How transferable are features?},
  booktitle = {Advances},
  year = {2014},
  doi = {10.1000/xyz},
}
"""
FRONT = """\
---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
  language: python
---

"""
INDEX = (
    FRONT
    + """\
(home)=
# The first page

Words with *stress*, **weight**, `code`, {kbd}`Ctrl+C`, 2 \\* 3, a_b, \\$5.
% a comment that nobody should see

+++

```{code-cell} ipython3
:tags: [remove-cell]

hidden = 1
```

```{code-cell} ipython3
:tags: [remove-cell]

hidden += 1
```

## Section

- one
- two

  still two

1. first
2. second

```{code-cell} ipython3
6 * 7
```

The answer is {glue:text}`answer:.1f`, says {cite:t}`yosinski2014`, as
{cite:p}`yosinski2014` and {doc}`second` and {ref}`the label <there>` and
[](second.md) and {term}`loss` say, not {quoted}`7.1 % <a paper, 2018>`.[^note]
See [the web](https://a.org/b_(c)).

[^note]: A footnote with $x^2$.

```{tip}
A tip with `code`.
```

```{admonition} Trick: look first
:class: tip

Before the model.
```

:::{margin} On the side
A margin note.
:::

```{figure} picture.svg
:alt: A square
:name: square

The caption of the square.
```

{numref}`square` and equation {eq}`line`:

$$
y = a x + b
$$ (line)

| a | b \\| c |
| --- | --- |
| $x$ | **bold** |

Term
: Its definition.

> A quotation.

```{prf:theorem} Small
:label: small

It is true.
```

````{tab-set}
```{tab-item} Left
The left tab.
```
```{tab-item} Right
The right tab.
```
````

```{dropdown} Open me
Inside.
```

```{code-block} markdown
:caption: A file

{ref}`shown as it is`
```

<div class="x">raw <b>html</b></div>

## Exercises

```{exercise} Doubling
:label: ex-double

Write `double(x)`.
```

```{code-cell} ipython3
def double(x):
    ...
```

```{solution-start} ex-double
:label: sol-double
:class: dropdown
```

Add it to itself.

```{code-cell} ipython3
:tags: [raises-exception]

def double(x):
    return x + x
```

```{solution-end}
```

## Last

```{glossary}
loss
  What training makes smaller.
```

```{toctree}
second
bibliography
```
"""
)
SECOND = "# The second page\n\n(there)=\n## There\n\nWords.\n"
BIBLIOGRAPHY = "# Works\n\n## All\n\n```{bibliography}\n:style: plain\n```\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><rect width="1"/></svg>\n'


def outputs(source: str) -> list:
    """Return what the cells of the page are said to have shown."""
    if source != "6 * 7":
        return []
    mime = "application/papermill.record/text/plain"
    meta = {"scrapbook": {"name": "answer", "mime_prefix": mime[:29]}}
    return [
        nbformat.v4.new_output("display_data", {mime: "42"}, metadata=meta),
        nbformat.v4.new_output("execute_result", {"text/plain": "42"}),
    ]


def execute(folder: Path, page: str, text: str) -> None:
    """Leave an executed notebook of a page where a run leaves it."""
    notebook = parse_cells(text, folder)
    for count, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.execution_count = count
            cell.outputs = outputs(cell.source)
    target = folder / f"_build/notebooks/{page}.ipynb"
    target.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, target)


def make(folder: Path, *, repository: str = "", address: str = "") -> Path:
    """Write the sources of a small site into `folder`."""
    book = folder / "book"
    book.mkdir(parents=True)
    (folder / "conf.py").write_text(CONF)
    pages = {"index": INDEX, "second": SECOND, "bibliography": BIBLIOGRAPHY}
    for name, text in pages.items():
        (book / f"{name}.md").write_text(text)
    (book / "references.bib").write_text(BIB)
    (book / "picture.svg").write_text(SVG)
    (book / "site.toml").write_text(
        f'repository = "{repository}"\nbranch = "main"\n'
        f'address = "{address}"\nnotebooks_branch = "notebooks"\n'
    )
    execute(folder, "index", INDEX)
    return folder


def build(folder: Path) -> subprocess.CompletedProcess:
    """Build the site as the book is built: every warning is a failure."""
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q"]
    command += ["-b", "html", str(folder), str(folder / "html")]
    return subprocess.run(command, capture_output=True, text=True, check=False)
