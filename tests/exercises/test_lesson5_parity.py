"""Right and wrong answers of the parity page."""

import math

import pytest
import torch

from sevenlessons.page.exercises import try_answer

SIZE = "lesson5/conv_size"
FIND = "lesson5/find_mistakes"
MATRIX = "lesson5/conv_matrix"
BACK = "lesson5/conv_backward"


def size(n, k, s, p, d):
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


def by_counting(n, k, s, p, d):
    starts = range(-p, n + p, s)
    return sum(start + d * (k - 1) < n + p for start in starts)


def numbers(rows=5, columns=7, scale=300.0, seed=0, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, columns, generator=generator, dtype=dtype)
    return torch.cat([x, scale * x])


def find(
    candidates,
    reference,
    x=None,
    tolerance=1e-9,
    gradients=True,
    values=True,
    plain_sum=False,
    blind=False,
):
    x = numbers() if x is None else x
    weight = torch.linspace(-1, 2, x.numel(), dtype=x.dtype).view_as(x)
    if plain_sum:
        weight = torch.ones_like(x)

    def both(function):
        leaf = x.clone().requires_grad_()
        y = function(leaf)
        (grad,) = torch.autograd.grad((y * weight).sum(), leaf)
        return [*[y.detach()] * values, *[grad] * gradients]

    right = both(reference)
    return sorted(
        name
        for name, function in candidates.items()
        if not all(
            (
                not ((a - b).abs() > tolerance * (1 + b.abs())).any()
                if blind
                else ((a - b).abs() <= tolerance * (1 + b.abs())).all()
            )
            for a, b in zip(both(function), right, strict=True)
        )
    )


def with_allclose(candidates, reference):
    wrong = set()
    for seed in range(3):
        for scale in (1.0, 500.0):
            x = numbers(4, 6, scale, seed).requires_grad_()
            y = reference(x)
            weight = torch.randn_like(y)
            (g,) = torch.autograd.grad((weight * y).sum(), x)
            for name, function in candidates.items():
                z = function(x)
                (h,) = torch.autograd.grad((weight * z).sum(), x)
                close = torch.allclose(z, y, 1e-10, 1e-10) and torch.allclose(
                    h, g, 1e-10, 1e-10
                )
                if not close:
                    wrong.add(name)
    return sorted(wrong)


def matrix(kernel, n, flip=False):
    k = len(kernel)
    made = torch.zeros(n - k + 1, n, dtype=kernel.dtype)
    for i in range(n - k + 1):
        made[i, i : i + k] = kernel.flip(0) if flip else kernel
    return made


def by_diagonals(kernel, n):
    made = torch.zeros(n - len(kernel) + 1, n, dtype=kernel.dtype)
    for offset, number in enumerate(kernel):
        made.diagonal(offset).fill_(number)
    return made


def around(kernel, n):
    made = torch.zeros(n, n, dtype=kernel.dtype)
    for i in range(n):
        for j, number in enumerate(kernel):
            made[i, (i + j) % n] = number
    return made


def back(grad, x, kernel, flip=False):
    by_x = torch.zeros_like(x)
    k = kernel.flip(0) if flip else kernel
    for i, g in enumerate(grad):
        by_x[i : i + len(k)] += g * k
    by_kernel = torch.stack(
        [(grad * x[j : j + len(grad)]).sum() for j in range(len(k))]
    )
    return by_x, by_kernel


def by_matrix(grad, x, kernel):
    columns = x.unfold(0, len(kernel), 1)
    return by_diagonals(kernel, len(x)).T @ grad, columns.T @ grad


def overwritten(grad, x, kernel):
    by_x = torch.zeros_like(x)
    for i, g in enumerate(grad):
        by_x[i : i + len(kernel)] = g * kernel
    return by_x, back(grad, x, kernel)[1]


def by_autograd(grad, x, kernel):
    leaves = x.clone().requires_grad_(), kernel.clone().requires_grad_()
    y = leaves[0].unfold(0, len(kernel), 1) @ leaves[1]
    return torch.autograd.grad(y, leaves, grad)


RIGHT = {
    SIZE: [size, by_counting],
    FIND: [find, with_allclose],
    MATRIX: [matrix, by_diagonals],
    BACK: [back, by_matrix],
}
WRONG = {
    SIZE: [
        (lambda n, k, s, p, d: (n + 2 * p - k) // s + 1, "gaps of d"),
        (lambda n, k, s, p, d: size(n, k, s, p // 2, d), "both ends"),
        (
            lambda n, k, s, p, d: (n + p - d * (k - 1) - 1) // s + 1,
            "both ends",
        ),
        (
            lambda n, k, s, p, d: (
                math.ceil((n + 2 * p - d * (k - 1) - 1) / s) + 1
            ),
            "round down",
        ),
        (lambda n, k, s, p, d: size(n, k, s, p, d) - 1, "NOT"),
        (lambda n, k, s, p, d: (n + 2 * p - d * k) // s + 1, "gaps of d"),
        (
            lambda n, k, s, p, d: (n + 2 * p - d * (k - 1) - 1) / s + 1,
            "NOT",
        ),
        (lambda n, k, s, p, d: 26, "NOT"),
    ],
    FIND: [
        (lambda c, r: find(c, r, gradients=False), "wrong gradient"),
        (lambda c, r: find(c, r, values=False), "NOT finds a value"),
        (lambda c, r: find(c, r, tolerance=1e-3), "small tolerance"),
        (lambda c, r: find(c, r, x=numbers(scale=1.0)), "in the hundreds"),
        (lambda c, r: find(c, r, x=numbers().abs()), "negative numbers"),
        (lambda c, r: find(c, r, x=numbers(scale=1.0)[:1]), "NOT"),
        (lambda c, r: find(c, r, tolerance=0.0), "NOT"),
        (
            lambda c, r: find(c, r, x=numbers(dtype=torch.float32)),
            "NOT",
        ),
        (lambda c, r: find(c, r, plain_sum=True), "a plain sum hides"),
        (lambda c, r: find(c, r, blind=True), "NaN"),
        (lambda c, r: [], "small tolerance"),
        (lambda c, r: sorted(c), "NOT"),
        (lambda c, r: sorted(c)[0], "NOT"),
        (lambda c, r: len(find(c, r)), "NOT"),
    ],
    MATRIX: [
        (lambda k, n: matrix(k, n, flip=True), "first number of the kernel"),
        (lambda k, n: matrix(k, n).T, "NOT"),
        (around, "n - k + 1"),
        (lambda k, n: matrix(k, n).flip(0), "NOT"),
        (lambda k, n: torch.zeros(n - len(k) + 1, n).double(), "NOT"),
        (lambda k, n: torch.cat([k, torch.zeros(n - len(k))]), "NOT"),
    ],
    BACK: [
        (lambda g, x, k: back(g, x, k, flip=True), "up to k windows"),
        (overwritten, "up to k windows"),
        (by_autograd, "NOT"),
        (lambda g, x, k: back(g, x, k)[::-1], "NOT"),
        (lambda g, x, k: back(g, x, k)[0], "NOT"),
        (lambda g, x, k: (back(g, x, k)[0], back(g, x, k)[1].flip(0)), "NOT"),
        (lambda g, x, k: (back(g, x, k)[0], back(g, x, k)[1].mean()), "NOT"),
        (lambda g, x, k: (torch.zeros_like(x), torch.zeros_like(k)), "NOT"),
    ],
}


@pytest.mark.parametrize("seed", range(3))
def test_no_wrong_answer_passes_by_chance(seed):
    for key, answers in RIGHT.items():
        for answer in answers:
            assert try_answer(key, answer, seed=seed)
    for key, answers in WRONG.items():
        for answer, _ in answers:
            assert not try_answer(key, answer, seed=seed)
