"""The built site hands out notebooks in plain Markdown, and right links."""

import html
import json
import re
from pathlib import Path

import nbformat
import pytest
from scripts.launch.address import COLAB
from scripts.launch.raw import raw_myst
from tests.scripts import launch_site

REPOSITORY = "https://github.com/some/where"
ADDRESS = "https://some.example/book/"


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Return the same small site, with an address and without."""
    folders = {}
    for name, given in {
        "known": {"repository": REPOSITORY, "address": ADDRESS},
        "unknown": {},
    }.items():
        folder = launch_site.make(tmp_path_factory.mktemp(name) / "s", **given)
        done = launch_site.build(folder)
        assert done.returncode == 0, done.stderr
        folders[name] = folder
    return folders


def launch(folder):
    return nbformat.read(folder / "_build/launch/index.ipynb", as_version=4)


def text_of(notebook):
    cells = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    return "\n\n".join(cells)


def code_of(notebook):
    return [c for c in notebook.cells if c.cell_type == "code"]


def hrefs(folder, page="index"):
    text = (folder / f"html/book/{page}.html").read_text()
    return [html.unescape(x) for x in re.findall(r'href="([^"]*)"', text)]


@pytest.mark.parametrize(
    "words",
    [
        "Words with *stress*, **weight**, `code`, <kbd>Ctrl+C</kbd>, 2 \\* 3",
        "a_b, \\$5.",
        "- two\n\n  still two",
        "1. first\n2. second",
        "The answer is 42.0, says Yosinski and Clune [2014]",
        f"and [The second page]({ADDRESS}book/second.html)",
        f"[the label]({ADDRESS}book/second.html#there)",
        f"[loss]({ADDRESS}book/index.html#term-loss) say, not 7.1 %."
        "<sup>1</sup>",
        "[the web](<https://a.org/b_(c)>)",
        "> **Tip**\n>\n> A tip with `code`.",
        "> **Trick: look first**\n>\n> Before the model.",
        "> **On the side**\n>\n> A margin note.",
        "![A square](data:image/svg+xml;base64,PHN2",
        "*Fig. 1.* The caption of the square.",
        "$$\ny = a x + b \\tag{1}\n$$",
        "| a | b \\| c |\n| --- | --- |\n| $x$ | **bold** |",
        "- **Term**: Its definition.",
        "> A quotation.",
        "> **Theorem 1 (Small)**\n>\n> It is true.",
        "**Left**\n\nThe left tab.\n\n**Right**",
        "**Open me**\n\nInside.",
        "`A file`\n\n```markdown\n{ref}`shown as it is`\n```",
        '<div class="x">raw <b>html</b></div>',
        "### Exercise 1 (Doubling)\n\nWrite `double(x)`.",
        "Add it to itself.",
        "<sup>1</sup> A footnote with $x^2$.",
        "## References\n\n- Jason Yosinski and Jeff Clune.",
        "[doi:10.1000/xyz](https://doi.org/10.1000/xyz)",
    ],
)
def test_everything_on_a_page_becomes_plain_markdown(sites, words):
    assert words in text_of(launch(sites["known"]))


def test_no_myst_and_no_comment_is_left(sites):
    for folder in sites.values():
        notebook = launch(folder)
        assert raw_myst(notebook) == []
        assert "nobody should see" not in text_of(notebook)
        assert "sevenlessons-code-cell" not in text_of(notebook)
        shown = (folder / "html/book/index.html").read_text()
        assert "sevenlessons-code-cell" not in shown


def test_code_stands_where_it_stood_hidden_cells_too(sites):
    codes = code_of(launch(sites["known"]))
    assert [c.id for c in codes] == [
        "install",
        *(f"code-{n}" for n in range(5)),
    ]
    hidden, more, answer, empty, solution = codes[1:]
    assert hidden.source == "#@title Behind the page\nhidden = 1"
    assert hidden.metadata.jupyter.source_hidden
    assert more.source.endswith("hidden += 1")
    assert answer.source == "6 * 7"
    assert "jupyter" not in answer.metadata | empty.metadata
    assert solution.source.startswith("#@title Solution\ndef double")
    assert solution.metadata.cellView == "form"
    assert solution.metadata.tags == ["raises-exception"]
    cells = launch(sites["known"]).cells
    head, words = cells[cells.index(solution) - 2 : cells.index(solution)]
    assert head.source.startswith("#### Solution to [Exercise 1 (Doubling)]")
    assert head.source.endswith(")")
    assert head.metadata["jp-MarkdownHeadingCollapsed"]
    assert words.source == "Add it to itself."


def test_only_the_download_has_outputs(sites):
    folder = sites["known"]
    assert not any(c.outputs for c in code_of(launch(folder)))
    path = folder / "html/_sources/book/index.ipynb"
    full = nbformat.read(path, as_version=4)
    (output,) = code_of(full)[3].outputs
    assert output.data == {"text/plain": "42"}
    assert text_of(full).replace(
        " Its outputs are those that the page shows.", ""
    ) == text_of(launch(folder))
    assert any(x.endswith("_sources/book/index.ipynb") for x in hrefs(folder))


def test_metadata_for_colab(sites):
    meta = launch(sites["known"]).metadata
    assert meta.accelerator == "GPU"
    assert meta.colab.name == "index.ipynb"
    assert meta.colab.provenance == []
    assert meta.kernelspec.name == "python3"


def test_every_link_derives_from_the_one_place(sites):
    found = hrefs(sites["known"])
    page = "blob/notebooks/index.ipynb"
    assert f"{COLAB}/some/where/{page}" in found
    binder = "v2/gh/some/where/notebooks?urlpath=lab%2Ftree%2Findex.ipynb"
    assert f"https://mybinder.org/{binder}" in found
    assert f"{REPOSITORY}/edit/main/book/index.md" in found
    assert f"{REPOSITORY}/blob/main/book/index.md?plain=1" in found
    install = code_of(launch(sites["known"]))[0].source
    assert f"sevenlessons[lessons] @ git+{REPOSITORY}.git@main" in install
    hosts = "github|colab|mybinder"
    for url in found:
        if re.search(rf"//[\w.]*({hosts})\.", url):
            assert "some/where" in url, url


def test_a_page_without_code_has_no_launch_button(sites):
    found = hrefs(sites["known"], "second")
    assert not any("colab" in x or "mybinder" in x for x in found)
    assert f"{REPOSITORY}/edit/main/book/second.md" in found
    assert not (sites["known"] / "_build/launch/second.ipynb").exists()


def test_buttons_have_names(sites):
    text = (sites["known"] / "html/book/index.html").read_text()
    assert 'aria-label="Run this page"' in text
    for name in ("Open in Colab", "Open in Binder", ".ipynb"):
        assert f'<span class="btn__text-container">{name}</span>' in text


def test_without_an_address_nothing_leads_to_a_repository(sites):
    folder = sites["unknown"]
    for url in hrefs(folder) + hrefs(folder, "second"):
        assert not re.search(r"github|colab|mybinder|/edit/|/blob/", url), url
    notebook = launch(folder)
    everything = json.dumps(notebook)
    assert "git+" not in everything
    assert "some.example" not in everything
    assert "as\n[Yosinski and Clune, 2014] and *The second page*" in text_of(
        notebook
    )
    install = code_of(notebook)[0].source
    assert 'pip install ".[lessons]"' in install
    assert any(x.endswith("_sources/book/index.ipynb") for x in hrefs(folder))


@pytest.fixture
def site(tmp_path):
    return launch_site.make(tmp_path / "s", repository=REPOSITORY)


def snapshot(folder):
    files = [*folder.glob("_build/launch/**/*.ipynb")]
    files += folder.glob("html/_sources/**/*.ipynb")
    return {str(p.relative_to(folder)): p.read_bytes() for p in files}


def test_notebooks_repeat_byte_for_byte_and_stay(site):
    """A second build, an incremental one, a deleted and a vanished page."""
    assert launch_site.build(site).returncode == 0
    first = snapshot(site)
    assert len(first) == 2
    page = site / "book/second.md"
    page.write_text(page.read_text() + "\nMore.\n")
    assert launch_site.build(site).returncode == 0
    assert snapshot(site) == first

    (site / "_build/launch/index.ipynb").unlink()
    stray = site / "_build/launch/old/page.ipynb"
    stray.parent.mkdir()
    stray.write_bytes(first["_build/launch/index.ipynb"])
    assert launch_site.build(site).returncode == 0
    assert snapshot(site) == first

    text = (site / "book/site.toml").read_text()
    (site / "book/site.toml").write_text(text.replace("some", "other"))
    assert launch_site.build(site).returncode == 0
    changed = snapshot(site)["_build/launch/index.ipynb"].decode()
    assert "github.com/other/where" in changed
    assert "some/where" not in changed


def test_what_cannot_be_translated_turns_the_build_red(site):
    """Raw MyST that no reader of the site would notice, a lost picture."""
    page = site / "book/index.md"
    bad = launch_site.INDEX.replace(
        "Its definition.", "An escaped \\{ref}`x`."
    )
    bad = bad.replace(":alt: A square\n", "")
    page.write_text(bad)
    launch_site.execute(site, "index", bad)
    done = launch_site.build(site)
    assert done.returncode != 0
    assert "a role is left: - **Term**: An escaped {ref}" in done.stderr
    assert "has no alt text" in done.stderr


def test_the_notebooks_of_the_book_are_as_readers_need_them():
    """Where the book was built: no raw MyST in any of them."""
    folder = Path(__file__).resolve().parents[2] / "_build/launch"
    for path in folder.rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        assert raw_myst(notebook) == [], path
        assert notebook.cells[0].source.startswith("# ")
        assert code_of(notebook)[0].id == "install"
