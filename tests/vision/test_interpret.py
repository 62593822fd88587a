import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from sevenlessons.vision.interpret import (
    Confusion,
    confusion_matrix,
    most_confused,
    top_losses,
)


def scores(count, classes, seed=0):
    generator = torch.Generator().manual_seed(seed)
    logits = torch.randn(count, classes, generator=generator) * 3
    target = torch.randint(classes, (count,), generator=generator)
    return logits, target


def test_top_losses_equal_a_sort():
    logits, target = scores(50, 4)
    losses = torch.nn.functional.cross_entropy(
        logits, target, reduction="none"
    )
    order = sorted(range(50), key=lambda i: -losses[i].item())[:9]
    rows = top_losses(logits, target)
    assert [row.index for row in rows] == order
    for row in rows:
        probabilities = logits[row.index].softmax(0)
        assert row.loss == pytest.approx(losses[row.index].item(), abs=1e-5)
        assert row.actual == target[row.index]
        assert row.predicted == logits[row.index].argmax()
        assert row.probability == pytest.approx(
            probabilities[row.actual].item(), abs=1e-6
        )
        assert row.confidence == pytest.approx(
            probabilities[row.predicted].item(), abs=1e-6
        )


def test_top_losses_of_few_and_of_equal():
    logits, target = torch.zeros(3, 2), torch.zeros(3, dtype=torch.long)
    assert [row.index for row in top_losses(logits, target)] == [0, 1, 2]
    assert top_losses(logits[:0], target[:0]) == []


def test_top_losses_messages():
    logits, target = scores(5, 3)
    with pytest.raises(ValueError, match="k must be at least 1, got 0"):
        top_losses(logits, target, k=0)
    with pytest.raises(ValueError, match=r"got \(5, 3\) and \(4,\)"):
        top_losses(logits, target[:4])
    with pytest.raises(ValueError, match=r"class numbers in \[0, 3\), got 3"):
        top_losses(logits, torch.full((5,), 3))
    logits[1:3] = float("nan")
    with pytest.raises(ValueError, match="scores of 2 pictures are not num"):
        top_losses(logits, target)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(2, 6), st.integers(0, 1000))
def test_confusion_matrix_equals_scikit_learn(count, classes, seed):
    logits, target = scores(count, classes, seed)
    predicted = logits.argmax(1)
    expected = metrics.confusion_matrix(
        target, predicted, labels=range(classes)
    )
    matrix = confusion_matrix(target, predicted, classes)
    assert matrix.tolist() == expected.tolist()
    smaller = confusion_matrix(target, predicted)
    size = len(smaller)
    assert smaller.tolist() == expected[:size, :size].tolist()
    assert smaller.sum() == count


def test_confusion_matrix_messages():
    numbers = torch.tensor([0, 1])
    with pytest.raises(ValueError, match=r"take logits.argmax\(1\) first"):
        confusion_matrix(numbers, torch.zeros(2, 3))
    with pytest.raises(ValueError, match="no predictions; pass num_classes"):
        confusion_matrix(numbers[:0], numbers[:0])
    with pytest.raises(ValueError, match=r"predicted must hold .* got 5"):
        confusion_matrix(numbers, torch.tensor([0, 5]), 2)
    with pytest.raises(ValueError, match=r"target must hold .* got -1"):
        confusion_matrix(torch.tensor([0, -1]), numbers, 2)
    empty = confusion_matrix(numbers[:0], numbers[:0], 2)
    assert empty.tolist() == [[0, 0], [0, 0]]


def test_most_confused_order_and_threshold():
    matrix = torch.tensor([[9, 2, 0], [5, 9, 2], [1, 3, 9]])
    assert most_confused(matrix, "abc") == [
        Confusion("b", "a", 5),
        Confusion("c", "b", 3),
        Confusion("a", "b", 2),
        Confusion("b", "c", 2),
    ]
    assert most_confused(matrix, "abc", minimum=4) == [Confusion("b", "a", 5)]
    assert most_confused(matrix, "abc", minimum=6) == []


def test_most_confused_messages():
    matrix = torch.zeros(2, 2)
    with pytest.raises(ValueError, match=r"shape \(3, 3\), a row and a colu"):
        most_confused(matrix, "abc")
    with pytest.raises(ValueError, match="minimum must be at least 1, got 0"):
        most_confused(matrix, "ab", minimum=0)
