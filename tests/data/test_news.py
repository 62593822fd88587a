import pytest

from sevenlessons.data import news
from sevenlessons.data.cache import is_present


def written(root, monkeypatch, **changes):
    """Two articles a topic, the second of each topic a copy of sports'."""
    monkeypatch.setattr(news, "_FILES", 10)
    for topic in news.TOPICS:
        (root / topic).mkdir()
        first = f"Title of {topic}\n\nBody.\n".encode()
        (root / topic / "001.txt").write_bytes(first)
        (root / topic / "002.txt").write_bytes(b"Same\n\nBody.")
    for name, content in changes.items():
        topic, _, number = name.partition("_")
        (root / topic / f"{number}.txt").write_bytes(content)
    return root


def test_copies_are_removed_and_the_first_is_kept(tmp_path, monkeypatch):
    table = news.load(written(tmp_path, monkeypatch))
    assert len(table) == 6 and table["text"].is_unique
    same = table[table["text"] == "Same\n\nBody."]
    assert same["file"].tolist() == ["business/002.txt"]
    assert table.index.tolist() == list(range(6))
    assert list(table.columns) == ["text", "topic", "file"]


def test_both_encodings_are_read(tmp_path, monkeypatch):
    folder = written(
        tmp_path,
        monkeypatch,
        tech_001="It cost £5".encode(),
        tech_002="It cost £6".encode("latin-1"),
    )
    texts = news.load(folder)["text"].tolist()
    assert "It cost £5" in texts and "It cost £6" in texts


def test_bad_folders_are_refused(tmp_path, monkeypatch):
    with pytest.raises(FileNotFoundError, match=r"no articles in .*business"):
        news.load(tmp_path)
    folder = written(tmp_path, monkeypatch, tech_002=b" \n")
    with pytest.raises(ValueError, match=r"002\.txt is empty; delete"):
        news.load(folder)
    (folder / "tech" / "002.txt").unlink()
    with pytest.raises(ValueError, match="expected 10 articles, got 9"):
        news.load(folder)


@pytest.mark.skipif(
    not is_present("bbc_news"),
    reason="the articles are not in the cache: "
    "python -m sevenlessons data bbc_news",
)
def test_the_real_articles():
    table = news.load()
    assert len(table) == 2127 and table["text"].is_unique
    counts = table["topic"].value_counts()
    assert counts.to_dict() == {
        "sports": counts["sports"],
        "business": counts["business"],
        "politics": counts["politics"],
        "entertainment": counts["entertainment"],
        "tech": counts["tech"],
    }
    assert not table["text"].str.contains("\u00c2\u00a3").any()
