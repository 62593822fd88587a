import pytest
import torch

from sevenlessons.scratch.chain_rule import cross_entropy_backward
from sevenlessons.scratch.class_numbers import class_numbers
from sevenlessons.scratch.cross_entropy import cross_entropy_gradient
from sevenlessons.scratch.layered import LayeredNetwork, LinearLayer

WHOLE = [torch.int64, torch.int32, torch.uint8]


@pytest.mark.parametrize("dtype", WHOLE)
def test_whole_numbers_become_places(dtype):
    target = torch.tensor([2, 0, 2], dtype=dtype)
    found = class_numbers(torch.zeros(3, 3), target)
    assert found.dtype == torch.int64 and found.tolist() == [2, 0, 2]


def test_a_number_may_be_left_out():
    target = torch.tensor([-100, 1])
    found = class_numbers(torch.zeros(2, 2), target, ignored=-100)
    assert found.tolist() == [-100, 1]
    with pytest.raises(ValueError, match="got -100; count"):
        class_numbers(torch.zeros(2, 2), target)


@pytest.mark.parametrize("dtype", WHOLE)
def test_on_paper_a_byte_is_no_mask(dtype):
    scores = torch.eye(3)
    target = torch.tensor([2, 1, 2])
    wanted = cross_entropy_gradient(scores, target)
    torch.testing.assert_close(
        cross_entropy_backward(scores, target.to(dtype)), wanted
    )
    network = LayeredNetwork([LinearLayer(torch.eye(3), torch.zeros(3))])
    loss = network.loss(torch.eye(3), target.to(dtype))
    network.backward()
    torch.testing.assert_close(
        loss, torch.nn.functional.cross_entropy(scores, target)
    )
    torch.testing.assert_close(network.gradients[1], wanted.sum(dim=0))


def network_loss(scores, target):
    width = scores.shape[-1]
    layer = LinearLayer(torch.eye(width), torch.zeros(width))
    return LayeredNetwork([layer]).loss(scores, target)


@pytest.mark.parametrize(
    "function", [class_numbers, cross_entropy_backward, network_loss]
)
@pytest.mark.parametrize(
    ("target", "error", "words"),
    [
        (torch.tensor([0, 1, -1]), ValueError, r"in \[0, 3\), got -1; count"),
        (torch.tensor([0, 3, 1]), ValueError, r"in \[0, 3\), got 3; count"),
        (torch.tensor([0, 1]), ValueError, r"got \(3, 3\) and \(2,\); give"),
        (torch.tensor([[0], [1], [2]]), ValueError, r"and \(3, 1\); give"),
        (torch.zeros(3), TypeError, "uint8, got torch.float32; turn"),
        (torch.zeros(3).bool(), TypeError, "got torch.bool; turn"),
        (torch.zeros(3).short(), TypeError, "got torch.int16; turn"),
    ],
)
def test_what_is_no_class_is_refused(function, target, error, words):
    with pytest.raises(error, match=words):
        function(torch.eye(3), target)


def test_no_row_is_refused_unless_wanted():
    scores, target = torch.zeros(0, 2), torch.zeros(0).long()
    with pytest.raises(ValueError, match=r"at least one row .* got none"):
        class_numbers(scores, target)
    assert class_numbers(scores, target, empty=True).shape == (0,)
