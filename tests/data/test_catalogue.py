import json
import re
import subprocess
import sys

import pytest

from sevenlessons.data.catalogue import (
    find_set,
    load_catalogue,
    sets_for_book,
)
from sevenlessons.data.records import AptSource, GitSource, PipSource

each_set = pytest.mark.parametrize("name", load_catalogue())


def is_digest(text):
    return re.fullmatch("[0-9a-f]{64}", text) is not None


def test_the_sets_of_the_book_are_known():
    assert len(load_catalogue()) == 14
    assert set(sets_for_book()) == {
        "deep_sky",
        "fashion_mnist",
        "brain_mri",
        "mnist_5k",
        "imagenet_20",
        "mobilenet_v2",
        "squeezenet_1_1",
        "efficientnet_lite0",
        "movie_sentences",
        "adult",
        "rossmann",
        "movielens_100k",
        "bbc_news",
        "minilm_l6",
    }


@each_set
def test_every_file_has_a_digest_and_a_place_in_every_source(name):
    entry = find_set(name)
    if entry.content.tree is not None:
        assert is_digest(entry.content.tree.sha256)
        assert all(source.folder for source in entry.sources)
    else:
        files = entry.content.files
        assert all(is_digest(spec.sha256) for spec in files.values())
        assert all(
            source.where.keys() == files.keys() for source in entry.sources
        )


@each_set
def test_every_archive_is_pinned(name):
    for source in find_set(name).sources:
        if isinstance(source, PipSource):
            assert "==" in source.requirement
        if isinstance(source, PipSource | AptSource):
            assert is_digest(source.sha256) and source.size > 0
            assert source.archive


@each_set
def test_every_card_fact_is_there(name):
    entry = find_set(name)
    texts = (entry.title, entry.about, entry.made_by, entry.licence)
    assert all(texts) and entry.credit and entry.used_for and entry.unit
    assert entry.rows > 0 and entry.known_flaws


def test_deep_sky_comes_from_apt_first_then_from_git():
    apt, git = find_set("deep_sky").sources
    assert isinstance(apt, AptSource) and isinstance(git, GitSource)


def test_unknown_name_names_the_closest():
    with pytest.raises(ValueError, match="did you mean 'fashion_mnist'"):
        find_set("fashionmnist")


def test_unknown_name_without_a_close_one_lists_all():
    with pytest.raises(ValueError, match=r"'zzzz'; the data sets are deep_"):
        find_set("zzzz")


def test_a_misspelt_field_is_refused(tmp_path):
    entry = {
        "titel": "x",
        "known_flaws": [],
        "files": {},
        "sources": [],
    }
    path = tmp_path / "catalogue.json"
    path.write_text(json.dumps({"toy": entry}))
    with pytest.raises(TypeError, match="titel"):
        load_catalogue(path)


def test_it_remembers_which_entries_were_asked_for():
    script = (
        "from sevenlessons.data.catalogue import *\n"
        "print(asked_for()); find_set('adult'); print(asked_for())\n"
        "load_catalogue(); print(asked_for())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["[]", "['adult']", "['*', 'adult']"]
