import pytest
import torch

from sevenlessons.data.classes import check_classes, encode_labels


def test_enough_of_each_passes_silently():
    assert check_classes(["a", "b", "a", "b"]) is None
    assert check_classes(["a"], minimum=1) is None


def test_a_small_class_is_named_with_what_to_do():
    with pytest.raises(ValueError, match="class 'b' has 1 photo, at least 2"):
        check_classes(["a", "a", "b"])
    with pytest.raises(ValueError, match="collect more, merge the class"):
        check_classes(["a", "a", "b"])
    with pytest.raises(ValueError, match=r"2 photos.*and 1 more classes"):
        check_classes(["a"] * 4 + ["b"] * 2 + ["c"] * 3, minimum=4)
    with pytest.raises(ValueError, match="no label: the list is empty"):
        check_classes([])


def test_numbers_and_back():
    numbers, classes = encode_labels(["dog", "cat", "dog"])
    assert classes == ["cat", "dog"]
    assert numbers.dtype == torch.int64
    assert [classes[i] for i in numbers] == ["dog", "cat", "dog"]
    again, _ = encode_labels(["dog"], ["dog", "cat"])
    assert again.tolist() == [0]


def test_a_label_unknown_in_training_is_refused():
    with pytest.raises(ValueError, match="unknown labels pug, owl; the class"):
        encode_labels(["cat", "pug", "owl", "pug"], ["cat", "dog"])
    with pytest.raises(ValueError, match="2, 3, 4 and 1 more"):
        encode_labels([1, 2, 3, 4, 5], [1])
    with pytest.raises(ValueError, match="a name twice"):
        encode_labels(["cat"], ["cat", "cat"])
