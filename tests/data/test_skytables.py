import numpy as np

from sevenlessons.data.skytables import build_rows


def sky(toy_sky, folder):
    at = np.radians
    record, tile = toy_sky.record, toy_sky.tile
    records = [
        record(1, at(10), at(0), 3, m=31),
        record(2, at(10.3), at(0.2), 7, vmag=12),  # in the photo of m31
        record(3, at(10.2), at(0.1), 3, vmag=16),  # too faint to show
        record(4, at(10.1), at(0.1), 12, vmag=99),  # extended: shows
        record(5, at(10.495), at(0), 11),  # too near to the edge
        record(6, at(10), at(90), 6),  # elsewhere
        record(7, at(50), at(0), 18, m=1),  # a label, but no class
        record(8, at(81), at(0), 10, ngc=5),  # beside its photo
        record(9, at(120), at(0), 9, m=73),  # stars, of no kind of ours
    ]
    tiles = [
        tile("m31.png", 10, 0, 1),
        tile("m1.png", 50.1, 0.2, 1),
        tile("n5.png", 80, 0, 1),
        tile("m73.png", 120, 0, 1),
        tile("nothing.png", 200, 0, 1),
    ]
    return build_rows(toy_sky.write(folder, records, tiles))


def test_tables_of_a_small_sky(tmp_path, toy_sky):
    rows = {row["file"]: row for row in sky(toy_sky, tmp_path)}
    assert list(rows) == sorted(rows)
    assert rows["m31.png"]["labels"] == [
        "dark nebula",
        "galaxy",
        "globular cluster",
    ]
    assert rows["nothing.png"]["labels"] == []
    assert {file: row["class"] for file, row in rows.items()} == {
        "m31.png": "galaxy",
        "m1.png": None,
        "n5.png": "nebula",
        "m73.png": None,
        "nothing.png": None,
    }
    assert {file: row["kind"] for file, row in rows.items()} == {
        "m31.png": "galaxy",
        "m1.png": "supernova remnant",
        "n5.png": None,
        "m73.png": "other",
        "nothing.png": None,
    }
    assert rows["n5.png"]["x"] is None
    xy = [rows["m1.png"]["x"], rows["m1.png"]["y"]]
    assert np.allclose(xy, [0.6, 0.7], atol=0.01)
    assert rows["m31.png"]["credit"] == "A. of m31.png"
