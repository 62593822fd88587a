"""Right and wrong answers of the page on the start."""

import math

import torch

EQUAL = "lesson5/equal_start"
GAIN = "lesson5/measured_gain"
MEMORY = "lesson5/running_statistics"
LSUV = "lesson5/lsuv_weights"


def trained(
    x,
    y,
    hidden,
    start,
    steps,
    lr,
    *,
    zero=True,
    noise=0.0,
    mean=True,
    activation=torch.tanh,
):
    sizes = (hidden, x.shape[1]), (y.shape[1], hidden)
    weights = [torch.full(size, start, dtype=x.dtype) for size in sizes]
    weights = [
        (w + noise * torch.randn_like(w)).requires_grad_() for w in weights
    ]
    for _ in range(steps):
        answer = activation(x @ weights[0].T) @ weights[1].T
        loss = (answer - y).square()
        (loss.mean() if mean else loss.sum()).backward()
        with torch.no_grad():
            for weight in weights:
                weight -= lr * weight.grad
                if zero:
                    weight.grad = None
    return tuple(w.detach() for w in weights)


def with_optimizer(x, y, hidden, start, steps, lr):
    net = torch.nn.Sequential(
        torch.nn.Linear(x.shape[1], hidden, bias=False),
        torch.nn.Tanh(),
        torch.nn.Linear(hidden, y.shape[1], bias=False),
    )
    for parameter in net.parameters():
        torch.nn.init.constant_(parameter, start)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr)
    for _ in range(steps):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(net(x), y).backward()
        optimizer.step()
    return [net[0].weight.detach(), net[2].weight.detach()]


def with_autograd(x, y, hidden, start, steps, lr):
    first = torch.full((hidden, x.shape[1]), start)
    second = torch.full((y.shape[1], hidden), start)
    for _ in range(steps):
        first.requires_grad_()
        second.requires_grad_()
        loss = ((x @ first.T).tanh() @ second.T - y).square().mean()
        one, two = torch.autograd.grad(loss, (first, second))
        first = first.detach() - lr * one
        second = second.detach() - lr * two
    return first, second


def in_float64(x, y, hidden, start, steps, lr):
    return trained(x.double(), y.double(), hidden, start, steps, lr)


def gain(activation):
    z = torch.randn(1_000_000, dtype=torch.float64)
    return 1 / activation(z).square().mean().sqrt()


def gain_by_sum(activation):
    z = torch.arange(-6, 6, 0.01)
    bell = torch.exp(-(z**2) / 2)
    mean = (bell * activation(z) ** 2).sum() / bell.sum()
    return (1 / mean.sqrt()).item()


def by_std(activation):
    return 1 / activation(torch.randn(1_000_000)).std().item()


def of_uniform(activation):
    z = (torch.rand(1_000_000) - 0.5) * math.sqrt(12)
    return 1 / activation(z).square().mean().sqrt().item()


def no_root(activation):
    return 1 / activation(torch.randn(1_000_000)).square().mean().item()


def memory(
    batches, momentum, *, unbiased=True, turned=False, start=1.0, none=None
):
    channels = batches[0].shape[1]
    mean = torch.zeros(channels, dtype=torch.float64)
    var = torch.full((channels,), start, dtype=torch.float64)
    for step, x in enumerate(batches, 1):
        axes = [axis for axis in range(x.ndim) if axis != 1]
        m = momentum if momentum is not None else none or 1 / step
        m = 1 - m if turned else m
        mean = (1 - m) * mean + m * x.mean(axes)
        var = (1 - m) * var + m * x.var(axes, unbiased=unbiased)
    return mean, var


def with_torch(batches, momentum):
    kind = torch.nn.BatchNorm2d if batches[0].ndim == 4 else None
    layer = (kind or torch.nn.BatchNorm1d)(
        batches[0].shape[1], momentum=momentum
    ).double()
    for x in batches:
        layer(x)
    return layer.running_mean, layer.running_var


def at_once(batches, momentum):
    x = torch.cat([b.movedim(1, -1).flatten(0, -2) for b in batches])
    return x.mean(0), x.var(0)


def rows_only(batches, momentum):
    flat = [x if x.ndim == 2 else x.flatten(2).mean(2) for x in batches]
    return memory(flat, momentum)


def scaled(x, weights, *, after=False, old=False, axis=None, biased=False):
    new = []
    for weight in weights:
        y = x @ weight.T
        measured = y.relu() if after else y
        std = (
            measured.std(correction=int(not biased))
            if axis is None
            else measured.std(axis, keepdim=True).T
        )
        new.append(weight / std)
        x = (x @ (weight if old else new[-1]).T).relu()
    return new


def unscaled_input(x, weights):
    return [w / w.std() / w.shape[1] ** 0.5 for w in weights]


def no_relu(x, weights):
    new = []
    for weight in weights:
        new.append(weight / (x @ weight.T).std())
        x = x @ new[-1].T
    return new


RIGHT = {
    EQUAL: [trained, with_optimizer, with_autograd, in_float64],
    GAIN: [gain, gain_by_sum],
    MEMORY: [memory, with_torch],
    LSUV: [scaled, lambda x, w: scaled(x, w, biased=True)],
}
WRONG = {
    EQUAL: [
        (lambda *a: trained(*a, zero=False), "Forget old gradients"),
        (lambda *a: trained(*a, noise=0.1), "NOT"),
        (lambda *a: trained(*a, noise=1e-3), "NOT"),
        (lambda *a: trained(*a, mean=False), "mean of all squared"),
        (lambda *a: trained(*a, activation=torch.relu), "tanh"),
        (lambda x, y, h, s, n, lr: trained(x, y, h, s, n + 1, lr), "Count"),
        (lambda x, y, h, s, n, lr: trained(x, y, h, s, 1, lr), "NOT"),
        (lambda x, y, h, s, n, lr: trained(x, y, h, s, 0, lr), "NOT"),
        (lambda x, y, h, s, n, lr: trained(x, y, h, s or 0.1, n, lr), "zero"),
        (lambda *a: trained(*a)[::-1], "NOT"),
    ],
    GAIN: [
        (by_std, "NOT"),
        (of_uniform, "NOT"),
        (no_root, "NOT"),
        (lambda f: math.sqrt(2), "5/3 is a rule of thumb"),
        (lambda f: 1.0, "The root of 2"),
        (
            lambda f: 5 / 3 if f is torch.tanh else gain_by_sum(f),
            "rule of thumb",
        ),
        (lambda f: 1 / gain_by_sum(f), "NOT"),
        (lambda f: gain_by_sum(f) ** 2, "NOT"),
    ],
    MEMORY: [
        (lambda b, m: memory(b, m, unbiased=False), "unbiased"),
        (lambda b, m: memory(b, m, turned=True), "keeps 1 - momentum"),
        (lambda b, m: memory(b, m, start=0.0), "starts at mean 0"),
        (lambda b, m: memory(b, m, none=0.1), "weighs all batches alike"),
        (lambda b, m: memory(b[:1], m), "NOT"),
        (lambda b, m: memory(b[-1:], m), "NOT"),
        (rows_only, "heights and widths"),
        (at_once, "NOT"),
        (lambda b, m: memory(b, 0.1), "NOT"),
        (lambda b, m: memory(b, m)[::-1], "NOT"),
    ],
    LSUV: [
        (lambda x, w: scaled(x, w, after=True), "before the"),
        (lambda x, w: scaled(x, w, old=True), "only then"),
        (lambda x, w: scaled(x, w, axis=0), "all numbers of its output"),
        (no_relu, "ReLU"),
        (unscaled_input, "NOT"),
        (lambda x, w: w, "Divide"),
        (lambda x, w: scaled(x, w)[-1], "NOT"),
        (lambda x, w: scaled(x, [w[0]] * len(w)), "NOT"),
    ],
}
