from sevenlessons.page.fits import fit


def test_every_group_and_curve_is_in_the_key():
    svg = fit(
        {"seen": ([0, 1], [0, 1]), "kept out": ([2], [2])},
        {"flat": ([0, 2], [1, 1]), "wild": ([0, 1, 2], [0, 900, 2])},
        x="x in m",
        y="y in s",
        y_range=(-1, 3),
        alt="A flat and a wild curve.",
    ).svg
    for words in ("seen", "kept out", "flat", "wild", "x in m", "y in s"):
        assert f">{words}</text>" in svg
    assert ">800</text>" not in svg  # the axis is as asked for
