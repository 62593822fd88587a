import gc

import pytest
import torch

from sevenlessons.scratch.autograd import Node
from sevenlessons.scratch.reverse_mode import GraphNode, topological_order


def leaf(value=2.0, name=""):
    return Node(value, requires_grad=True, name=name)


def same(g):
    return g


def test_each_node_once_and_before_its_parents():
    a = leaf(name="a")
    b, c = a * 2, a + 1
    d = b * c
    loss = (d + a) * d
    order = topological_order(loss)
    assert len(order) == len(set(order)) and order[-1] is not loss
    assert order[0] is loss
    for place, node in enumerate(order):
        assert all(order.index(p) > place for p in node.parents)
    assert a in order


def test_a_shared_node_pulls_back_once():
    calls = []
    a = GraphNode(1.0, requires_grad=True)

    def noted(g):
        calls.append(g.item())
        return g

    b = a.derived("b", a.value, [a], [noted])
    for _ in range(3):
        b = b.derived("b + b", b.value * 2, [b, b], [same, same])
    b.backward()
    assert calls == [8.0] and a.grad.item() == 8.0


def test_a_chain_of_fifty_thousand():
    a = leaf(0.0)
    last = a
    for _ in range(50_000):
        last = last + 1.0
    last.backward()
    assert last.value.item() == 50_000 and a.grad.item() == 1
    del last
    gc.collect()


def test_a_long_chain_that_is_never_walked_can_be_forgotten():
    last = leaf(0.0)
    for _ in range(50_000):
        last = last + 1.0
    del last
    gc.collect()


def test_gradients_add_up_until_they_are_forgotten():
    a = leaf(3.0)
    for times in (1, 2):
        (a * a).backward()
        assert a.grad.item() == 6.0 * times
    a.zero_grad()
    assert a.grad is None
    (a * 5.0).backward()
    assert a.grad.item() == 5


def test_two_parents_do_not_share_the_memory_of_their_gradients():
    a, b = leaf(1.0), leaf(1.0)
    (a + b).backward()
    a.grad *= 10
    assert b.grad.item() == 1


def test_a_gradient_has_the_dtype_of_its_value():
    a = leaf(torch.ones(3))
    (a * torch.ones(3, dtype=torch.float64)).sum().backward()
    assert a.grad.dtype == torch.float32


def test_detach_cuts():
    a = leaf(3.0, "a")
    (a * a.detach()).backward()
    assert a.grad.item() == 3
    assert a.detach().name == "a" and a.detach().requires_grad is False


def test_constants_leave_no_trace():
    product = Node(2.0) * 3.0
    assert product.parents == () and not product.requires_grad


def test_torch_tracks_nothing():
    weight = torch.ones(2, requires_grad=True)
    made = (Node(weight.detach(), requires_grad=True) * 2).sum()
    assert not made.value.requires_grad
    made.backward()
    assert weight.grad is None


def test_backward_from_many_numbers():
    with pytest.raises(RuntimeError, match=r"shape \(2,\); call .sum\(\)"):
        (leaf([1.0, 2.0]) * 2).backward()


def test_backward_without_anything_to_learn():
    with pytest.raises(RuntimeError, match=r"none; make .*requires_grad=True"):
        (Node(1.0) * 2).backward()


def test_backward_twice():
    a = leaf()
    loss = a * a
    loss.backward()
    with pytest.raises(RuntimeError, match="compute the loss again"):
        loss.backward()
    assert a.grad.item() == 4


def test_backward_through_a_part_that_was_walked():
    a = leaf()
    shared = a * a
    (shared * 2).backward()
    with pytest.raises(RuntimeError, match="walked before"):
        (shared * 3).backward()


def test_a_leaf_may_be_the_loss():
    a = leaf(3.0)
    a.backward()
    assert a.grad.item() == 1


@pytest.mark.parametrize("value", [1, [1, 2], torch.tensor([True]), 1j])
def test_whole_numbers_have_no_gradient(value):
    with pytest.raises(TypeError, match=r"floating-point numbers, got torch"):
        Node(value)


def test_it_says_what_it_is():
    assert repr(Node(1.0, name="w")) == "Node(1.0, name='w')"


@pytest.mark.parametrize(
    "mix",
    [
        lambda n, w: Node(w),
        lambda n, w: Node(w, requires_grad=True),
        lambda n, w: n * w,
        lambda n, w: w * n,
        lambda n, w: n - w,
    ],
)
def test_what_torch_tracks_is_no_constant(mix):
    weight = torch.ones(2, requires_grad=True)
    with pytest.raises(TypeError, match=r"torch tracks; pass w\.detach\(\)"):
        mix(leaf([1.0, 2.0]), weight)
