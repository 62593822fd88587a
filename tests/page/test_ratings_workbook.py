import io

import formulas
import numpy as np
import openpyxl
import pytest
import torch

from sevenlessons.page.ratings_workbook import ratings_workbook

USERS = ["user 7", "user 9", "user 4"]
FILMS = ["Metropolis", "M", "Die Nibelungen: Siegfried", "Spione"]
RATINGS = np.array(
    [[4, 5, np.nan, 1], [3, np.nan, 2, 2], [np.nan, 1, 5, 4]], dtype=float
)


def parts(seed=0, num_users=3, num_films=4, rank=2):
    draw = np.random.default_rng(seed).standard_normal
    plain = draw((num_users, rank)), draw((num_films, rank))
    biased = draw((num_users, rank)), draw((num_films, rank))
    return plain, (*biased, draw(num_users), draw(num_films))


def made(**change):
    plain, biased = parts()
    given = {"factors": plain, "biased": biased} | change
    return ratings_workbook(RATINGS, USERS, FILMS, **given)


def rmse(predictions):
    return np.sqrt(np.nanmean((RATINGS - predictions) ** 2))


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """Return every cell of the file, calculated by an independent program."""
    path = tmp_path_factory.mktemp("book") / "ratings.xlsx"
    path.write_bytes(made())
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    cells = {}
    for name, found in solution.items():
        if isinstance(name, str) and ":" not in name and "!" in name:
            sheet, cell = name.rsplit("!", 1)
            sheet = sheet.partition("]")[2].strip("'").lower()
            cells[sheet, cell] = found.value[0, 0]
    return cells


def test_every_formula_gives_what_is_stored_with_it(calculated):
    content = io.BytesIO(made())
    alive = openpyxl.load_workbook(content)
    stored = openpyxl.load_workbook(content, data_only=True)
    count = 0
    for sheet in alive:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                there = stored[sheet.title][cell.coordinate].value
                found = calculated[sheet.title, cell.coordinate]
                assert float(found) == pytest.approx(there, abs=1e-12)
                count += 1
    # 12 predictions twice; 9 rated rows with 1 + 4 + 2, once with 7 more
    assert count == 2 * 12 + 9 * (7 + 14) + 4


def test_one_hot_and_look_up_are_the_same(calculated):
    plain, _ = parts()
    expected = rmse(plain[0] @ plain[1].T)
    for sheet in ("dot product", "one-hot", "embedding look-up"):
        assert float(calculated[sheet, "B3"]) == pytest.approx(expected)


def test_biases_are_added(calculated):
    _, (users, films, user_bias, film_bias) = parts()
    expected = rmse(users @ films.T + user_bias[:, None] + film_bias)
    assert float(calculated["bias", "B3"]) == pytest.approx(expected)


def test_the_look_up_is_torchs_embedding(calculated):
    plain, _ = parts()
    table = torch.nn.Embedding.from_pretrained(torch.from_numpy(plain[0]))
    rated = np.argwhere(np.isfinite(RATINGS))
    fetched = table(torch.from_numpy(rated[:, 0].copy())).numpy()
    for row, expected in enumerate(fetched, 6):
        for column, number in zip("DE", expected, strict=True):
            found = calculated["embedding look-up", f"{column}{row}"]
            assert float(found) == pytest.approx(number)


def test_the_same_numbers_give_the_same_bytes():
    assert made() == made()


def test_a_changed_factor_moves_all_three_sheets_alike(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(made()))
    sheet = book["dot product"]
    row = 15  # ratings from row 6, films' factors from 11, then users'
    assert sheet.cell(row, 1).value == "user 7"
    sheet.cell(row, 2).value = 2.0
    path = tmp_path / "changed.xlsx"
    book.save(path)
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    plain, _ = parts()
    changed = plain[0].copy()
    changed[0, 0] = 2.0
    expected = rmse(changed @ plain[1].T)
    for name in ("DOT PRODUCT", "ONE-HOT", "EMBEDDING LOOK-UP"):
        found = solution[f"'[changed.xlsx]{name}'!B3"].value[0, 0]
        assert float(found) == pytest.approx(expected)


@pytest.mark.parametrize(
    "ratings, words",
    [
        ([1.0, 2.0], r"grid of users and films .* got shape \(2,\)"),
        (np.full((3, 4), np.nan), "at least one rating"),
        (np.ones((4, 4)), "of 3 users and 4 films, got shape"),
    ],
)
def test_odd_grids_are_refused(ratings, words):
    plain, biased = parts()
    with pytest.raises(ValueError, match=words):
        ratings_workbook(ratings, USERS, FILMS, factors=plain, biased=biased)


def test_factors_that_do_not_fit_are_refused():
    (users, films), biased = parts()
    with pytest.raises(ValueError, match=r"of shapes .* got \[\(4, 2\)"):
        made(factors=(films, users))
    with pytest.raises(ValueError, match="of shapes"):
        made(biased=(*biased[:2], biased[3], biased[2]))
    with pytest.raises(ValueError, match="must be finite numbers"):
        made(factors=(users * np.nan, films))


@pytest.mark.parametrize("place", [0, 1])
def test_a_name_that_looks_like_a_formula_is_refused(place):
    plain, biased = parts()
    names = [list(USERS), list(FILMS)]
    names[place][1] = "=7up"
    with pytest.raises(ValueError, match="not begin with '=', got '=7up'"):
        ratings_workbook(np.ones((3, 4)), *names, factors=plain, biased=biased)
