import pytest

from sevenlessons.text.stream_checks import check_streams, check_texts


def test_texts_become_one_line():
    words, lengths = check_texts([[3, 4], [], (5,), range(2)])
    assert words.tolist() == [3, 4, 5, 0, 1]
    assert lengths.tolist() == [2, 0, 1, 2]


def test_too_large_numbers_are_refused():
    with pytest.raises(TypeError, match="must be a list of whole numbers"):
        check_texts([[2**70]])


def test_a_batch_of_one_column_is_enough():
    check_streams(6, batch_size=5, length=70)
    with pytest.raises(ValueError, match="use more text or a smaller"):
        check_streams(5, batch_size=5, length=70)
