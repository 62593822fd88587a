"""The glossary leads back to the pages, and both agree on the terms."""

import doctest
import re
import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "book/back/glossary.md"
# In the glossary, and first used by the lesson of this number.
LATER: dict[str, int] = {}
CODE = re.compile(r"```python\n(.*?)```", re.S)
VOCABULARY = {  # the words of training, and how the prose writes them
    "architecture": r"architectures?",
    "cross-entropy": r"cross-entropy",
    "epoch": r"epochs?",
    "learning rate": r"learning rates?",
    "loss": r"loss(?:es)?",
    "mini-batch": r"mini-batch(?:es)?",
    "model": r"models?",
    "overfitting": r"overfit\w*",
    "parameter": r"parameters?",
    "regularization": r"regulariz\w*",
    "stochastic gradient descent": r"SGD|stochastic gradient descent",
    "underfitting": r"underfit\w*",
    "validation set": r"validation (?:set|rows|photos|data|loss)",
}
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "glossary"]
nitpicky = True
numfig = True
"""
INDEX = """\
# Home

```{toctree}
:numbered:
one
two
terms
```
"""
TERMS = """\
# Glossary

```{glossary}
Batch
  Samples that go together; see {term}`loss`.

loss
  What training makes smaller.

momentum
  A running average of the gradients.
```
"""
ONE = "# Page one\n\nWords.\n\nThe {term}`batches <batch>`, a {term}`batch`.\n"
TWO = "# Page two\n\nOne {term}`loss` and one {term}`Batch`.\n"


@pytest.fixture
def site(tmp_path):
    pages = {"index": INDEX, "terms": TERMS, "one": ONE, "two": TWO}
    (tmp_path / "conf.py").write_text(CONF)
    for name, text in pages.items():
        (tmp_path / f"{name}.md").write_text(text)
    return tmp_path


def build(site, *options):
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-W", "-q"]
    command += ["--keep-going", *options, str(site), str(site / "html")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def ways_back(site, *options):
    """Build, and return address and words of the links under each entry."""
    done = build(site, *options)
    assert done.returncode == 0, done.stderr
    html = (site / "html/terms.html").read_text()
    entries = html.split('<dt id="term-')[1:]
    link = re.compile(r'href="([^"]+)">([^<]+)</a>')
    return {
        entry.split('"')[0]: [
            found
            for line in re.findall(r'"glossary-uses">.*?</p>', entry)
            for found in link.findall(line)
        ]
        for entry in entries
    }


@pytest.mark.parametrize("options", [(), ("-j", "2")])
def test_each_entry_links_to_the_first_use_on_each_page(site, options):
    for number in range(6):  # enough pages for Sphinx to share them out
        (site / f"more{number}.md").write_text("---\norphan: true\n---\n# X\n")
    found = ways_back(site, *options)
    one = ("one.html#use-batch", "1. Page one")
    two = ("two.html#use-batch", "2. Page two")
    assert found["Batch"] == [one, two]
    assert found["loss"] == [("two.html#use-loss", "2. Page two")]
    assert found["momentum"] == []
    html = (site / "html/one.html").read_text()
    assert html.count('id="use-batch"') == 1
    assert 'id="use-batch">batches<' in html


def test_an_entry_without_uses_has_no_empty_line(site):
    assert ways_back(site)["momentum"] == []
    html = (site / "html/terms.html").read_text()
    assert html.count("On the pages: ") == html.count("On the page: ") == 1


def test_a_second_build_follows_what_changed(site):
    assert len(ways_back(site)["Batch"]) == 2
    (site / "one.md").write_text("# Page one\n\nNothing.\n")
    assert [words for _, words in ways_back(site)["Batch"]] == ["2. Page two"]
    (site / "one.md").write_text("# First\n\nA {term}`momentum`.\n")
    found = ways_back(site)
    assert found["momentum"] == [("one.html#use-momentum", "1. First")]
    (site / "one.md").write_text("# Renamed\n\nA {term}`momentum`.\n")
    assert ways_back(site)["momentum"][0][1] == "1. Renamed"


def test_a_removed_page_vanishes_and_numbers_follow(site):
    assert len(ways_back(site)["Batch"]) == 2
    (site / "one.md").unlink()
    (site / "index.md").write_text(INDEX.replace("one\n", ""))
    found = ways_back(site)
    assert found["Batch"] == [("two.html#use-batch", "1. Page two")]


def test_only_a_changed_use_writes_the_glossary_anew(site):
    ways_back(site)
    written = site / "html/terms.html"
    before = written.stat().st_mtime_ns
    (site / "one.md").write_text(ONE.replace("Words.", "Other words."))
    ways_back(site)
    assert written.stat().st_mtime_ns == before
    (site / "one.md").write_text(ONE + "\nA {term}`momentum`.\n")
    ways_back(site)
    assert written.stat().st_mtime_ns > before


def test_a_page_ends_with_its_words(site):
    ways_back(site)
    html = (site / "html/two.html").read_text()
    foot = html.split('<nav class="page-words"')[1].split("</nav>")[0]
    links = re.findall(r'<a href="([^"]+)">([^<]+)</a>', foot)
    assert links == [
        ("terms.html#term-Batch", "Batch"),
        ("terms.html#term-loss", "loss"),
    ]
    assert "page-words" not in (site / "html/index.html").read_text()
    assert "page-words" not in (site / "html/terms.html").read_text()


def test_an_id_of_the_page_itself_is_not_taken_twice(site):
    (site / "one.md").write_text("# One\n\n## Use batch\n\nA {term}`batch`.\n")
    address, _ = ways_back(site)["Batch"][0]
    assert address == "one.html#use-batch-2"


def test_an_unknown_term_is_red(site):
    (site / "two.md").write_text("# Page two\n\nOne {term}`los`.\n")
    done = build(site)
    assert done.returncode != 0
    assert "los" in done.stderr and "two.md" in done.stderr


def sections():
    """Return letters, term and text of each real entry."""
    text = GLOSSARY.read_text(encoding="utf-8")
    block = r"^## ([^\n]+)\n\n````\{glossary\}\n(.+?)\n````$"
    return [
        (letters, *entry.split("\n", 1))
        for letters, body in re.findall(block, text, flags=re.M | re.S)
        for entry in re.split(r"\n\n(?=\S)", body)
    ]


def entries():
    """Return the letters, term and definition of each real entry."""
    return [
        (letters, term, " ".join(CODE.sub("", text).split()))
        for letters, term, text in sections()
    ]


def examples():
    """Return the example of each entry that has one, by its term."""
    found = {term: CODE.findall(text) for _, term, text in sections()}
    return {t: textwrap.dedent(one[0]) for t, one in found.items() if one}


def pages():
    folder = ROOT / "book"
    return sorted(p for p in folder.rglob("*.md") if p != GLOSSARY)


def terms_used(page):
    """Return the terms that the roles of a page name, in small letters."""
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"\{term\}`([^`]+)`", text)
    return [
        " ".join(re.sub(r"^.*<(.+)>$", r"\1", one, flags=re.S).split()).lower()
        for one in named
    ]


def test_the_glossary_is_sorted_and_names_each_term_once():
    terms = [term.lower() for _, term, _ in entries()]
    assert terms == sorted(terms)
    assert len(set(terms)) == len(terms) >= 60


def test_each_entry_stands_under_its_letter():
    wrong = {
        term: letters
        for letters, term, _ in entries()
        if not letters[0] <= term[0].upper() <= letters[-1]
    }
    assert wrong == {}


def test_definitions_are_short():
    lengths = {term: len(words.split()) for _, term, words in entries()}
    assert {t: n for t, n in lengths.items() if not 5 <= n <= 80} == {}


def test_each_term_is_used_or_belongs_to_a_later_lesson():
    terms = {term.lower() for _, term, _ in entries()}
    used = {term for page in pages() for term in terms_used(page)}
    assert terms - used == set(LATER)
    written = {
        int(path.name.removeprefix("lesson"))
        for path in (ROOT / "book").glob("lesson*")
    }
    late = {t for t, lesson in LATER.items() if lesson < max(written)}
    assert not late, f"their lesson is written: use them there: {late}"


@pytest.mark.parametrize(
    "page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_a_page_links_terms_that_the_glossary_has(page):
    known = {term.lower() for _, term, _ in entries()}
    assert set(terms_used(page)) - known == set()


@pytest.mark.parametrize(
    "page", pages(), ids=lambda page: page.relative_to(ROOT).as_posix()
)
def test_a_page_links_a_term_once(page):
    often = {t: n for t, n in Counter(terms_used(page)).items() if n > 1}
    assert often == {}


def test_each_word_of_training_has_an_example():
    assert set(VOCABULARY) <= set(examples())


@pytest.mark.parametrize("term", sorted(examples()))
def test_an_example_runs_alone(term):
    """Each after the lines at the top of the glossary, and none other."""
    text = GLOSSARY.read_text(encoding="utf-8")
    code = CODE.search(text)[1] + examples()[term]
    test = doctest.DocTestParser().get_doctest(code, {}, term, None, 0)
    said = []
    runner = doctest.DocTestRunner(verbose=False)
    runner.run(test, out=said.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(said)


def prose(page):
    """Return the words of a page outside of code, roles and formulas."""
    kept, fences = [], []
    for line in page.read_text(encoding="utf-8").splitlines():
        fence = re.match(r"(`{3,}|:{3,})\s*(.*)$", line)
        if fence and fences and (fence[1], fence[2]) == (fences[-1][0], ""):
            fences.pop()
        elif fence:
            words = re.match(r"\{(?!code-cell|literal|figure|math)", fence[2])
            fences.append((fence[1], bool(words)))
        elif all(words for _, words in fences):
            kept.append(line)
    roles = r"\{[\w:-]+\}`[^`]*`|`[^`]*`|\$[^$]*\$"
    return re.sub(roles, "", "\n".join(kept))


@pytest.mark.parametrize(
    "page",
    [p for p in pages() if p.parent.name != "back"],
    ids=lambda page: page.relative_to(ROOT).as_posix(),
)
def test_a_page_that_uses_a_word_of_training_links_it(page):
    words, linked = prose(page), terms_used(page)
    missing = [
        term
        for term, form in VOCABULARY.items()
        if term not in linked and re.search(rf"\b(?:{form})\b", words, re.I)
    ]
    assert missing == []
