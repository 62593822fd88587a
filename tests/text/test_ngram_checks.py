import pytest

from sevenlessons.text.ngram_checks import check_line, check_past, check_share


def test_a_line_comes_back_as_a_tensor():
    assert check_line([2, 0, 1], 3).tolist() == [2, 0, 1]


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="size must be at least 1, got 0"):
        check_line([0, 0], 0)
    with pytest.raises(ValueError, match="join the texts first"):
        check_line([[0, 1], [1, 0]], 3)
    with pytest.raises(ValueError, match="share"):
        check_share(0)


def test_words_before_the_next():
    assert check_past((2, 0), 3) == [2, 0]
    with pytest.raises(ValueError, match="'xxbos' begins a text"):
        check_past([], 3)
    for wrong in (-1, 3):
        with pytest.raises(
            ValueError, match=rf"in \[0, 3\), got {wrong}; use"
        ):
            check_past([0, wrong, 1], 3)
