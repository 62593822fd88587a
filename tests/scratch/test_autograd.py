import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.scratch.autograd import Node, sum_to_shape

few = settings(max_examples=40, deadline=None)
sizes = st.lists(st.integers(0, 3), min_size=0, max_size=3)


def numbers(*shape, seed=0, dtype=torch.float64, positive=False):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(shape, generator=generator, dtype=dtype)
    return x.abs() + 0.5 if positive else x


def agree(ours, theirs, *inputs):
    """Value and gradients of both, from inputs of their own."""
    nodes = [Node(x.clone(), requires_grad=True) for x in inputs]
    tensors = [x.clone().requires_grad_() for x in inputs]
    one, two = ours(*nodes), theirs(*tensors)
    torch.testing.assert_close(
        one.value, two.detach(), rtol=1e-12, atol=1e-12, equal_nan=True
    )
    weight = torch.linspace(-1, 2, two.numel(), dtype=two.dtype)
    weight = weight.reshape(two.shape)
    (one * weight).sum().backward()
    (two * weight).sum().backward()
    for node, tensor in zip(nodes, tensors, strict=True):
        torch.testing.assert_close(
            node.grad, tensor.grad, rtol=1e-12, atol=1e-12, equal_nan=True
        )


@st.composite
def stretched_pairs(draw):
    """Two shapes that broadcast: some axes 1, some missing in front."""
    whole = draw(sizes)
    shapes = []
    for _ in range(2):
        shape = [1 if draw(st.booleans()) else size for size in whole]
        shapes.append(tuple(shape[draw(st.integers(0, len(shape))) :]))
    return shapes


@few
@given(stretched_pairs(), st.sampled_from("+-*/"))
def test_arithmetic_with_broadcasting(shapes, sign):
    def apply(a, b):
        return {
            "+": lambda: a + b,
            "-": lambda: a - b,
            "*": lambda: a * b,
            "/": lambda: a / b,
        }[sign]()

    a, b = (numbers(*s, seed=i, positive=i) for i, s in enumerate(shapes))
    agree(apply, apply, a, b)


@pytest.mark.parametrize(
    "apply",
    [
        lambda x: 2 + x - 1,
        lambda x: 3 - x * 2,
        lambda x: 1 / x / 4,
        lambda x: -x,
        lambda x: torch.ones(4, 1, dtype=torch.float64) * x,
        lambda x: torch.ones(3, 4, 2, dtype=torch.float64) - x,
        lambda x: torch.ones(3, 4, dtype=torch.float64) @ x,
        lambda x: torch.tensor([1, 2]) * x,
        lambda x: x * x + x,
        lambda x: (x + x).exp() / x.exp(),
    ],
)
def test_numbers_and_tensors_on_either_side(apply):
    agree(apply, apply, numbers(4, 2, positive=True))


def test_numpy_on_the_left():
    node = Node(torch.ones(2), requires_grad=True)
    made = np.array([1.0, 2.0]) * node
    assert isinstance(made, Node)
    assert made.value.tolist() == [1, 2]


@few
@given(sizes, sizes, st.integers(0, 3), st.integers(0, 3), st.integers(0, 3))
def test_matrix_product(one, two, n, k, m):
    pair = []
    for batch, (rows, columns) in ((one, (n, k)), (two, (k, m))):
        pair.append(numbers(*batch[:1], rows, columns, seed=len(pair)))
    a, b = pair
    try:
        torch.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except RuntimeError:
        return
    agree(lambda x, y: x @ y, lambda x, y: x @ y, a, b)


@pytest.mark.parametrize("power", [0, 1, 2, 3, 0.5, -1, -2.5])
def test_powers(power):
    agree(lambda x: x**power, lambda x: x**power, numbers(5, positive=True))


def test_power_at_zero():
    zero = torch.zeros(2, dtype=torch.float64)
    for power in (0, 1, 2, 3):
        agree(lambda x, p=power: x**p, lambda x, p=power: x**p, zero)


@pytest.mark.parametrize("name", ["exp", "log", "relu"])
@pytest.mark.parametrize("shape", [(), (1,), (0, 3), (2, 3, 4)])
def test_functions_of_one_number(name, shape):
    def apply(x):
        return getattr(x, name)()

    agree(apply, apply, numbers(*shape, positive=name == "log"))


def test_relu_at_the_bend_has_slope_zero_as_in_torch():
    x = torch.tensor([-1.0, -0.0, 0.0, 1e-30, torch.inf], dtype=torch.float64)
    agree(lambda x: x.relu(), torch.relu, x)
    assert Node(torch.tensor([torch.nan])).relu().value.isnan().all()


@few
@given(st.data(), sizes, st.booleans(), st.sampled_from(["sum", "mean"]))
def test_sums_and_means(data, shape, keepdim, name):
    axes = list(range(len(shape)))
    dims = [None] if not axes else [None, *axes, -1, axes, axes[:1]]
    dim = data.draw(st.sampled_from(dims))

    def apply(x):
        return getattr(x, name)(dim, keepdim)

    agree(apply, lambda x: getattr(x, name)(dim, keepdim), numbers(*shape))


@pytest.mark.parametrize(
    "apply",
    [
        lambda x: x.reshape(6, 4),
        lambda x: x.reshape(-1),
        lambda x: x.reshape((4, 6)),
        lambda x: x.reshape([2, -1]),
        lambda x: x.sum(()),
        lambda x: x.mean(()),
        lambda x: x.sum((), keepdim=True),
        lambda x: x.transpose(0, 2),
        lambda x: x.transpose(-2, -1) * 2,
        lambda x: x[1],
        lambda x: x[:, 1:, ::2],
        lambda x: x[..., None] * 3,
        lambda x: x[torch.tensor([0, 1, 1, 0])],
        lambda x: x[torch.tensor([0, 1, 1]), torch.tensor([2, 2, 2])],
        lambda x: (
            x[x[:, 0, 0] == x[:, 0, 0]]
            if isinstance(x, torch.Tensor)
            else x[torch.tensor([True, True])]
        ),
    ],
)
def test_shapes_and_slices(apply):
    agree(apply, apply, numbers(2, 3, 4))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_network_of_two_layers(dtype):
    def forward(x, w1, b1, w2, b2):
        hidden = x @ w1 + b1
        return ((hidden.relu() @ w2 + b2) ** 2).mean()

    shapes = [(7, 5), (5, 4), (4,), (4, 3), (3,)]
    inputs = [
        numbers(*s, seed=i, dtype=torch.float64) for i, s in enumerate(shapes)
    ]
    agree(forward, forward, *inputs)
    small = [Node(x.to(dtype), requires_grad=True) for x in inputs]
    forward(*small).backward()
    assert all(node.grad.dtype == dtype for node in small)


@few
@given(stretched_pairs())
def test_sum_to_shape_is_torchs(shapes):
    whole = torch.broadcast_shapes(*shapes)
    grad = numbers(*whole)
    for shape in shapes:
        torch.testing.assert_close(
            sum_to_shape(grad, shape), grad.sum_to_size(shape)
        )


@pytest.mark.parametrize("shape", [(2,), (4, 4, 3), (2, 3)])
def test_sum_to_shape_refuses_what_was_never_stretched(shape):
    with pytest.raises(ValueError, match=r"broadcasts to \(4, 3\), got"):
        sum_to_shape(torch.ones(4, 3), shape)


def test_vectors_are_no_matrices():
    with pytest.raises(ValueError, match=r"shapes \(3,\) and \(3, 2\); resha"):
        Node(torch.ones(3)) @ Node(torch.ones(3, 2))


def test_a_power_must_be_a_number():
    with pytest.raises(TypeError, match=r"number as power, got Node; write"):
        Node(2.0) ** Node(2.0)
