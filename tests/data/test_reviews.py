import pytest

from sevenlessons.data import reviews
from sevenlessons.data.cache import is_present

RATINGS = (-2.5, -0.5, 0.25, 0.75, 4.0)


def lines(change=None):
    """Return the lines of a file like the real one; `change` by number."""
    made = {
        n: f"{n}\t{RATINGS[n % 5]}\tSentence café {n} \t".removesuffix("\t")
        for n in range(1, 10_606)
    }
    return [*(made | (change or {})).values()]


@pytest.fixture
def write(tmp_path):
    def write(made):
        text = "\n".join(made)
        (tmp_path / "movie.txt").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_sentences_and_ratings_in_the_order_of_the_file(write):
    table = reviews.load(write(lines()))
    assert list(table.columns) == ["text", "rating"]
    assert len(table) == 10_605
    assert table.iloc[0].tolist() == ["Sentence café 1", -0.5]
    assert table["rating"].iloc[4] == -2.5


def test_clear_sentences_have_a_label(write):
    folder = write(lines())
    clear = reviews.load_clear(folder=folder)
    assert set(clear["rating"]) == {-2.5, 0.75, 4.0}  # -0.5 is not beyond it
    assert clear["label"].tolist() == (clear["rating"] > 0).tolist()
    assert clear.index.tolist() == list(range(3 * 2121))
    assert len(reviews.load_clear(0.0, folder)) == 10_605
    assert set(reviews.load_clear(3.0, folder)["rating"]) == {4.0}


@pytest.mark.parametrize("threshold", [-0.1, 4, float("nan")])
def test_a_threshold_that_makes_no_sense_is_refused(threshold):
    with pytest.raises(ValueError, match=r"a rating in \[0, 4\), got"):
        reviews.load_clear(threshold)


def test_a_file_of_another_length_is_refused(write):
    with pytest.raises(ValueError, match="expected 10605 sentences, one a"):
        reviews.load(write(lines()[:-1]))


@pytest.mark.parametrize(
    "line, words",
    [
        ("7 2.0 no tabs", "line 7: expected the number 7"),
        ("8\t2.0\tanother number", "line 7: expected the number 7"),
        ("7\t2.0\t  ", "line 7: expected the number 7"),
        ("7\tgood\ttext", "a number from -4 to 4, got 'good'"),
        ("7\t4.5\ttext", "a number from -4 to 4, got '4.5'"),
        ("7\tnan\ttext", "a number from -4 to 4, got 'nan'"),
    ],
)
def test_a_damaged_line_is_refused(write, line, words):
    with pytest.raises(ValueError, match=words):
        reviews.load(write(lines({7: line})))


@pytest.mark.skipif(
    not is_present("movie_sentences"),
    reason="the sentences are not in the cache: "
    "python -m sevenlessons data movie_sentences",
)
def test_the_real_sentences():
    table = reviews.load()
    assert table["rating"].between(-3.9, 3.95).all()
    assert table["text"].duplicated().sum() == 2
    assert not table["text"].str.contains("Ã").any()  # read as UTF-8
    assert table["text"].str.contains("clichés").any()
    clear = reviews.load_clear()
    assert (len(clear), int(clear["label"].sum())) == (10_043, 4_982)


def test_a_missing_file_and_foreign_letters(tmp_path):
    with pytest.raises(FileNotFoundError, match="leave the folder out"):
        reviews.load(tmp_path)
    (tmp_path / "movie.txt").write_bytes(b"1\t0\t\xe4")
    with pytest.raises(ValueError, match="no text in UTF-8"):
        reviews.load(tmp_path)
