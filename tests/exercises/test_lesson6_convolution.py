"""Right and wrong answers of the page on convolution by hand."""

import torch
from torch.nn import functional

SHAPE = "lesson6/answer_shape"
DEPTH = "lesson6/depthwise"
MOVE = "lesson6/moving_kernel"
FIELD = "lesson6/receptive_size"


def shape(
    picture, weight, stride, padding, dilation, *, sides=2, up=0, gap=True
):
    sizes = []
    for n, k, s, p, d in zip(
        picture[2:], weight[2:], stride, padding, dilation, strict=True
    ):
        span = d * (k - 1) + 1 if gap else d * k
        sizes.append((n + sides * p - span + up * (s - 1)) // s + 1)
    return (picture[0], weight[0], *sizes)


def shape_of_zeros(picture, weight, stride, padding, dilation):
    layer = torch.nn.Conv2d(
        picture[1],
        weight[0],
        weight[2:],
        stride,
        padding,
        dilation,
        groups=picture[1] // weight[1],
    )
    return tuple(layer(torch.zeros(picture)).shape)


def changed(**arguments):
    return lambda *a: shape(*a, **arguments)


def turned(p, w, s, a, d):
    n, o, h, b = shape(p, w, s, a, d)
    return n, o, b, h


def swapped(p, w, s, a, d):
    return shape(p, w, s[::-1], a[::-1], d[::-1])


def depthwise(x, weight, stride, padding, *, pad="constant", turn=False):
    x = functional.pad(x, [padding] * 4, mode=pad)
    if turn:
        weight = weight.flip(2, 3)
    height, width = weight.shape[2:]
    rows = (x.shape[2] - height) // stride + 1
    columns = (x.shape[3] - width) // stride + 1
    made = x.new_zeros(len(x), x.shape[1], rows, columns)
    for i in range(rows):
        for j in range(columns):
            window = x[:, :, i * stride :, j * stride :][:, :, :height, :width]
            made[:, :, i, j] = (window * weight[:, 0]).sum(dim=(2, 3))
    return made


def by_unfold(x, weight, stride, padding):
    x = functional.pad(x, [padding] * 4)
    windows = x.unfold(2, weight.shape[2], stride)
    windows = windows.unfold(3, weight.shape[3], stride)
    return torch.einsum("nchwkl,ckl->nchw", windows, weight[:, 0])


def all_channels(x, weight, stride, padding):
    full = weight.expand(-1, x.shape[1], -1, -1)
    return functional.conv2d(x, full, stride=stride, padding=padding)


def one_kernel(x, weight, stride, padding):
    return by_unfold(x, weight[:1].expand_as(weight), stride, padding)


def other_kernels(x, weight, stride, padding):
    return by_unfold(x, weight.roll(1, 0), stride, padding)


def zeros(x, weight, stride, padding):
    return torch.zeros_like(by_unfold(x, weight, stride, padding))


MOVES = {"up": (2, 1), "down": (0, 1), "left": (1, 2), "right": (1, 0)}


def moving(direction):
    kernel = torch.zeros(3, 3)
    kernel[MOVES[direction]] = 1
    return kernel


def moving_as_whole_numbers(direction):
    return moving(direction).long()


def field(layers, *, gap=True, late=True, plus=False, offset=0):
    size, step = 1, 1
    for kernel, stride, dilation in layers:
        step = step if late else step * stride
        size += step * (dilation if gap else 1) * (kernel - 1)
        if late:
            step = step + stride - 1 if plus else step * stride
    return size + offset


def field_backwards(layers):
    size = 1
    for kernel, stride, dilation in reversed(layers):
        size = (size - 1) * stride + dilation * (kernel - 1) + 1
    return size


RIGHT = {
    SHAPE: [shape, shape_of_zeros],
    DEPTH: [depthwise, by_unfold],
    MOVE: [moving, moving_as_whole_numbers],
    FIELD: [field, field_backwards],
}
WRONG = {
    SHAPE: [
        (changed(sides=1), "at both ends"),
        (changed(up=1), "does not count"),
        (changed(gap=False), "covers d (k - 1) + 1"),
        (lambda p, w, *a: (p[0], p[1], *shape(p, w, *a)[2:]), "NOT"),
        (turned, "NOT"),
        (swapped, "NOT"),
        (lambda *a: shape(*a)[2:], "NOT"),
        (lambda *a: (2, 8, 26, 18), "NOT"),
        (lambda p, w, s, a, d: shape(p, w, (1, 1), a, d), "NOT"),
        (lambda p, w, s, a, d: shape(p, w, s, (0, 0), d), "NOT"),
        (lambda p, w, s, a, d: shape(p, w, s, a, (1, 1)), "NOT"),
        (
            lambda p, w, *a: (p[0], w[0] * w[1] // p[1], *shape(p, w, *a)[2:]),
            "first axis of the weights",
        ),
    ],
    DEPTH: [
        (all_channels, "sees channel c of the picture alone"),
        (one_kernel, "weight[c, 0]"),
        (other_kernels, "weight[c, 0]"),
        (lambda *a: depthwise(*a, turn=True), "NOT"),
        (lambda *a: depthwise(*a, pad="replicate"), "holds zeros"),
        (lambda x, w, s, p: by_unfold(x, w, 1, p), "stride"),
        (lambda x, w, s, p: by_unfold(x, w, s, 0), "all four sides"),
        (lambda *a: by_unfold(*a).sum(dim=1, keepdim=True), "NOT"),
        (lambda x, w, s, p: by_unfold(x, w.mT, s, p), "NOT"),
        (zeros, "NOT"),
    ],
    MOVE: [
        (lambda d: moving(d).flip(0, 1), "ask which one"),
        (lambda d: moving(d).T, "ask which one"),
        (lambda d: moving("up"), "ask which one"),
        (lambda d: torch.eye(3)[1] * torch.eye(3), "one neighbor's value"),
        (lambda d: moving(d) * 2, "NOT"),
        (lambda d: moving(d) + 0.01, "NOT"),
        (lambda d: moving(d)[None, None], "shape (3, 3)"),
        (lambda d: moving(d).tolist(), "shape (3, 3)"),
        (lambda d: moving(d)[:, :2], "shape (3, 3)"),
        (lambda d: MOVES[d], "shape (3, 3)"),
    ],
    FIELD: [
        (lambda x: field(x, gap=False), "With gaps of d"),
        (lambda x: field(x, late=False), "2 pixels apart"),
        (lambda x: field(x, plus=True), "Strides multiply"),
        (lambda x: field(x, offset=1), "NOT"),
        (lambda x: field(x[::-1]), "NOT"),
        (lambda x: field([(k, 1, d) for k, _, d in x]), "2 pixels apart"),
        (lambda x: field(x[:1]), "beyond one number"),
        (lambda x: field(x[-1:]), "NOT"),
        (lambda x: sum(k for k, _, _ in x), "beyond one number"),
        (lambda x: 7, "NOT"),
    ],
}
