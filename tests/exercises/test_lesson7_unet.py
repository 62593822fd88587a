"""Right and wrong answers of the U-Net page."""

import copy

import torch
import torch.nn.functional as F

UNSHUFFLE = "lesson7/unshuffle"
ICNR = "lesson7/icnr_weight"
SIZES = "lesson7/skip_sizes"
COSTS = "lesson7/skip_costs"


def unshuffle(x, factor, order=(0, 1, 3, 5, 2, 4)):
    n, c, height, width = x.shape
    rows, columns = height // factor, width // factor
    squares = x.reshape(n, c, rows, factor, columns, factor)
    return squares.permute(order).reshape(n, -1, rows, columns)


def by_slices(x, factor):
    parts = [
        x[:, :, a::factor, b::factor]
        for a in range(factor)
        for b in range(factor)
    ]
    return torch.stack(parts, dim=2).flatten(1, 2)


def slices_first(x, factor):
    parts = [
        x[:, :, a::factor, b::factor]
        for a in range(factor)
        for b in range(factor)
    ]
    return torch.cat(parts, dim=1)


def icnr(part, factor):
    return part.repeat_interleave(factor**2, dim=0)


def icnr_by_stack(part, factor):
    return torch.stack([part] * factor**2, dim=1).flatten(0, 1)


def sizes(size, layers, keep_all=False, last=False, picture=True, up=False):
    found = [size] if picture else []
    for kernel, stride, padding in layers:
        size = tuple(
            -((kernel - n - 2 * padding) // stride) + 1
            if up
            else (n + 2 * padding - kernel) // stride + 1
            for n in size
        )
        if keep_all or not found or size != found[-1]:
            found.append(size)
    return found if last else found[:-1]


def halves(size, layers):
    found = []
    for _, stride, _ in layers:
        if stride > 1:
            found.append(size)
            size = tuple(-(-n // stride) for n in size)
    return found


def costs(
    model,
    images,
    target,
    order=-1,
    half=1,
    mode=False,
    sign=1,
    put_back=True,
    own=True,
):
    used = copy.deepcopy(model) if own else model
    used.train(mode)

    def accuracy():
        return (used(images).argmax(1) == target).double().mean().item()

    found = []
    with torch.no_grad():
        plain = accuracy()
        for level in list(used.levels)[::order]:
            weight = level.mix[0].weight
            old = weight.clone()
            middle = weight.shape[1] // 2
            where = slice(middle, None) if half else slice(0, middle)
            weight[:, where] = 0
            found.append(sign * (plain - accuracy()))
            if put_back:
                weight.copy_(old)
    return found


def costs_by_hooks(model, images, target):
    used = copy.deepcopy(model).eval()

    def cut(module, given):
        maps = given[0].clone()
        maps[:, maps.shape[1] // 2 :] = 0
        return (maps,)

    def accuracy():
        with torch.no_grad():
            guess = used(images).argmax(1)
        return (guess == target).double().mean().item()

    plain, found = accuracy(), []
    for level in reversed(used.levels):
        handle = level.mix.register_forward_pre_hook(cut)
        found.append(plain - accuracy())
        handle.remove()
    return found


RIGHT = {
    UNSHUFFLE: [
        unshuffle,
        by_slices,
        lambda x, factor: F.pixel_unshuffle(x, factor),
    ],
    ICNR: [icnr, icnr_by_stack],
    SIZES: [sizes],
    COSTS: [costs, costs_by_hooks],
}
WRONG = {
    UNSHUFFLE: [
        (slices_first, "must give `x` back"),
        (lambda x, f: unshuffle(x, f, (0, 1, 5, 3, 2, 4)), "rows"),
        (
            lambda x, f: x.reshape(
                len(x), -1, x.shape[2] // f, x.shape[3] // f
            ),
            "must give",
        ),
        (lambda x, f: F.pixel_unshuffle(x, 2), "NOT"),
        (lambda x, f: by_slices(x[:1], f), "NOT"),
        (lambda x, f: x, "NOT"),
    ],
    ICNR: [
        (lambda p, f: p.repeat(f**2, 1, 1, 1), "side by side"),
        (lambda p, f: icnr(p, f) / f**2, "side by side"),
        (lambda p, f: icnr(p, 3), "NOT"),
        (lambda p, f: icnr(p[:1].expand_as(p), f), "side by side"),
        (lambda p, f: icnr(p, f).flip(-1), "side by side"),
        (lambda p, f: torch.randn(len(p) * f**2, *p.shape[1:]), "NOT"),
        (lambda p, f: p, "shape"),
    ],
    SIZES: [
        (lambda s, x: sizes(s, x, keep_all=True), "only the last map"),
        (lambda s, x: sizes(s, x, last=True), "smallest size has no skip"),
        (lambda s, x: sizes(s, x, picture=False), "picture is the first"),
        (lambda s, x: sizes(s, x, up=True), "NOT"),
        (lambda s, x: sizes(s, x)[::-1], "NOT"),
        (halves, "NOT"),
        (lambda s, x: [], "NOT"),
    ],
    COSTS: [
        (lambda *a: costs(*a, order=1), "NOT"),
        (lambda *a: costs(*a, half=0), "second half"),
        (lambda *a: costs(*a, mode=True), "evaluation mode"),
        (lambda *a: costs(*a, sign=-1), "before less that after"),
        (lambda *a: costs(*a, put_back=False), "one size at a time"),
        (lambda *a: costs(*a, put_back=False, own=False), "NOT"),
        (lambda *a: costs(*a, own=False), "put everything back"),
        (lambda *a: [0.0] * len(a[0].levels), "NOT"),
        (lambda *a: max(costs(*a)), "NOT"),
    ],
}
