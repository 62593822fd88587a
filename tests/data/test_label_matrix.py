import pytest
import torch
from sklearn.preprocessing import MultiLabelBinarizer

from sevenlessons.data.label_matrix import (
    cooccurrence,
    label_matrix,
    labels_of,
    tags,
    untag,
)

CLASSES = ["dark nebula", "galaxy", "open cluster"]
LABELS = [["galaxy"], [], ["dark nebula", "open cluster"], ["galaxy"]]


def random_matrix(n, k, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return (torch.rand(n, k, generator=generator) > 0.6).float()


def test_the_matrix_is_scikit_learns():
    theirs = MultiLabelBinarizer(classes=CLASSES).fit_transform(LABELS)
    ours = label_matrix(LABELS, CLASSES)
    assert ours.dtype == torch.float32
    assert torch.equal(ours, torch.from_numpy(theirs).float())


def test_there_and_back():
    assert labels_of(label_matrix(LABELS, CLASSES), CLASSES) == LABELS
    matrix = random_matrix(40, 3)
    assert torch.equal(
        label_matrix(labels_of(matrix, CLASSES), CLASSES), matrix
    )


def test_no_photo_at_all():
    assert label_matrix([], CLASSES).shape == (0, 3)
    assert labels_of(torch.zeros(0, 3), CLASSES) == []


def test_cooccurrence_is_counted_pair_by_pair():
    matrix = random_matrix(50, 4)
    table = cooccurrence(matrix)
    for i in range(4):
        for j in range(4):
            both = (matrix[:, i] == 1) & (matrix[:, j] == 1)
            assert table[i, j] == both.sum()
    assert torch.equal(table, table.T)
    assert torch.equal(cooccurrence(matrix > 0.5), table)


def test_tags_there_and_back():
    for names in (*LABELS, CLASSES):
        assert untag(tags(names)) == names


@pytest.mark.parametrize("bad", ["", "a_b", "a  b", " a", "a\tb", "a\nb"])
def test_a_label_that_would_not_come_back_is_refused(bad):
    with pytest.raises(ValueError, match="would not come back"):
        tags([bad])


def test_bad_input_is_named():
    with pytest.raises(TypeError, match=r"row 1 holds the text 'galaxy'"):
        label_matrix([["galaxy"], "galaxy"], CLASSES)
    with pytest.raises(ValueError, match=r"row 0 has the label 'comet'"):
        label_matrix([["comet"]], CLASSES)
    with pytest.raises(ValueError, match="names a label twice"):
        label_matrix([], ["a", "a"])
    with pytest.raises(ValueError, match="one name for each of the 3"):
        labels_of(torch.zeros(2, 3), ["a", "b"])
    with pytest.raises(ValueError, match=r"shape \(N, K\), got \(3,\)"):
        cooccurrence(torch.zeros(3))
    with pytest.raises(ValueError, match="compare probabilities"):
        labels_of(torch.full((2, 3), 0.5), CLASSES)
