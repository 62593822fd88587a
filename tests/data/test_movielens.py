import pytest

from sevenlessons.data import movielens
from sevenlessons.data.cache import is_present

HEADS = {
    "inter": "user_id:token\titem_id:token\trating:float\ttimestamp:float",
    "item": "item_id:token\tmovie_title:token_seq\trelease_year:token\t"
    "class:token_seq",
    "user": "user_id:token\tage:token\tgender:token\toccupation:token\t"
    "zip_code:token",
}
present = pytest.mark.skipif(
    not is_present("movielens_100k"),
    reason="the ratings are not in the cache: "
    "python -m sevenlessons data movielens_100k",
)


def rows(kind):
    if kind == "inter":
        return [
            f"{n % 943 + 1}\t{n // 943 + 1}\t{n % 5 + 1}\t8{n:08d}"
            for n in range(100_000)
        ]
    if kind == "item":
        made = [f"{n}\tFilm {n}\t1995\tDrama War" for n in range(1, 1683)]
        made[266] = "267\tunkonwn\tunkonwn\tunknown"
        made[1411] = '1412\tThe "Gift": III (1995)\tV\tDrama'
        return made
    return [f"{n}\t24\tF\tdoctor\tT8H1N" for n in range(1, 944)]


@pytest.fixture
def write(tmp_path):
    def write(kind, change=None, head=None, cut=None):
        made = rows(kind)
        for place, line in (change or {}).items():
            made[place] = line
        text = "\n".join([head or HEADS[kind], *made[:cut]]) + "\n"
        (tmp_path / f"ml-100k.{kind}").write_text(text, encoding="utf-8")
        return tmp_path

    return write


def test_ratings_are_numbered_from_zero(write):
    table = movielens.load_ratings(write("inter"))
    assert list(table.columns) == ["user", "item", "rating", "timestamp"]
    assert table["user"].agg(["min", "max"]).tolist() == [0, 942]
    assert table["item"].iloc[943] == 1
    assert table["rating"].dtype == float
    assert table["rating"].iloc[:6].tolist() == [1, 2, 3, 4, 5, 1]


def test_films_are_repaired(write):
    films = movielens.load_films(write("item"))
    assert films.loc[266].tolist() == ["(no title)", 0, ("unknown",)]
    assert films.loc[1411].tolist() == ['The "Gift": III', 1995, ("Drama",)]
    assert films.loc[0, "genres"] == ("Drama", "War")


def test_users(write):
    users = movielens.load_users(write("user"))
    assert users.iloc[0].tolist() == [24, "F", "doctor", "T8H1N"]
    assert len(users) == 943


@pytest.mark.parametrize(
    "line, words",
    [
        ("944\t1\t3\t1", "line 9: user must be a whole number from 1 to 943"),
        ("0\t1\t3\t1", "from 1 to 943, got '0'"),
        ("1\t1683\t3\t1", "item must be a whole number from 1 to 1682"),
        ("1\t1600\tnan\t1", "rating must be a whole number from 1 to 5, got"),
        ("1\t1600\t\t1", "from 1 to 5, got ''"),
        ("1\t1600\t2.5\t1", "from 1 to 5, got '2.5'"),
        ("1\t1600\t6\t1", "from 1 to 5, got '6'"),
        ("1\t1\t3\t1", "one rating a user and film, got two in line 9"),
    ],
)
def test_a_damaged_rating_is_refused(write, line, words):
    with pytest.raises(ValueError, match=words):
        movielens.load_ratings(write("inter", {7: line}))


@pytest.mark.parametrize(
    "kind, load",
    [
        ("inter", movielens.load_ratings),
        ("item", movielens.load_films),
        ("user", movielens.load_users),
    ],
)
def test_files_of_another_shape_are_refused(write, tmp_path, kind, load):
    with pytest.raises(FileNotFoundError, match="leave the folder out"):
        load(tmp_path)
    with pytest.raises(ValueError, match=r"expected \d+ rows of .*, got"):
        load(write(kind, cut=-1))
    with pytest.raises(ValueError, match=r"got \d+ of a\tb|got \d+ of a, b"):
        load(write(kind, head="a\tb\tc\td" + "\te" * (kind == "user")))
    with pytest.raises(ValueError, match="fetched again"):
        load(write(kind, {3: "1\t1\t1\t1\t1\t1\t1\t1"}))
    (tmp_path / f"ml-100k.{kind}").write_bytes(b"a\tb\n\xe4\t1")
    with pytest.raises(ValueError, match="no table in UTF-8"):
        load(tmp_path)


@pytest.mark.parametrize("kind", ["item", "user"])
def test_numbers_out_of_order_are_refused(write, kind):
    load = {"item": movielens.load_films, "user": movielens.load_users}[kind]
    first, second = rows(kind)[:2]
    with pytest.raises(ValueError, match="in order in the first column"):
        load(write(kind, {0: second, 1: first}))


@present
def test_the_real_ratings():
    ratings = movielens.load_ratings()
    counts = ratings["rating"].value_counts().sort_index()
    assert counts.tolist() == [6110, 11370, 27145, 34174, 21201]
    assert (ratings["user"].nunique(), ratings["item"].nunique()) == (
        943,
        1682,
    )
    assert ratings.groupby("user").size().min() == 20


@present
def test_the_real_films_and_users():
    films, users = movielens.load_films(), movielens.load_users()
    assert films.loc[0].tolist() == [
        "Toy Story",
        1995,
        ("Animation", "Children's", "Comedy"),
    ]
    assert films["title"].str.contains("Misérables").sum() == 1
    assert films.loc[1411, "year"] == 1995
    assert (films["year"] == 0).sum() == 1
    assert films["year"][films["year"] > 0].min() == 1922
    assert users["occupation"].nunique() == 21
    assert users["gender"].value_counts().to_dict() == {"M": 670, "F": 273}
