"""Right and wrong answers of the page on regularization."""

import torch
from torch import nn
from torch.nn import functional

KEPT = "lesson6/kept_mean"
MEMORY = "lesson6/remembered"
FOLDED = "lesson6/folded"
GROUPED = "lesson6/grouped"


def kept_mean(x, p, training):
    if not training or p == 0:
        return x
    if p == 1:
        return torch.zeros_like(x)
    return x * (torch.rand_like(x) >= p) / (1 - p)


def by_torch(x, p, training):
    return functional.dropout(x, p, training)


def unscaled(x, p, training):
    return x * (torch.rand_like(x) >= p) if training else x


def scaled_later(x, p, training):
    return unscaled(x, p, training) if training else x * (1 - p)


def turned(x, p, training):
    return (
        kept_mean(x, 1 - p, training)
        if 0 < p < 1
        else kept_mean(x, p, training)
    )


def by_p(x, p, training):
    if not training or p in (0, 1):
        return kept_mean(x, p, training)
    return x * (torch.rand_like(x) >= p) / p


def nan_at_one(x, p, training):
    return x * (torch.rand_like(x) >= p) / (1 - p) if training else x


def masked(shape_of, seeded=False):
    def answer(x, p, training):
        if not training or p in (0, 1):
            return kept_mean(x, p, training)
        draw = torch.Generator()
        draw.manual_seed(0) if seeded else draw.seed()
        mask = torch.rand(shape_of(x), generator=draw) >= p
        return x * mask / (1 - p)

    return answer


def every_nth(x, p, training):
    if not training or p in (0, 1):
        return kept_mean(x, p, training)
    mask = torch.arange(x.numel()).reshape(x.shape) % 20 >= 20 * p
    return x * mask / (1 - p)


def of_fixed_count(x, p, training, luck=0.0):
    if not training or p in (0, 1):
        return kept_mean(x, p, training)
    size = x.numel()
    mask = torch.ones(size, dtype=x.dtype)
    dropped = round(size * p + luck * (torch.rand(1).item() - 0.5))
    mask[torch.randperm(size)[:dropped]] = 0
    return x * mask.view_as(x) / (1 - p)


def remembered(
    batches, momentum, x, *, unbiased=True, other=False, start=1.0, eps=1e-5
):
    share = 1 - momentum if other else momentum
    mean, var = 0.0, torch.tensor(start)
    for batch in batches:
        axes = [axis for axis in range(batch.ndim) if axis != 1]
        mean = (1 - share) * mean + share * batch.mean(axes)
        var = (1 - share) * var + share * batch.var(axes, unbiased=unbiased)
    shape = (-1,) + (1,) * (x.ndim - 2)
    return (x - mean.view(shape)) / (var.view(shape) + eps).sqrt()


def memory_of_torch(batches, momentum, x):
    kind = nn.BatchNorm2d if x.ndim == 4 else nn.BatchNorm1d
    layer = kind(x.shape[1], momentum=momentum).double()
    for batch in batches:
        layer(batch)
    return layer.eval()(x)


def of_its_own(batches, momentum, x):
    return functional.batch_norm(x, None, None, training=True)


def no_root(batches, momentum, x):
    y = remembered(batches, momentum, x)
    one = remembered(batches, momentum, torch.zeros_like(x))
    two = remembered(batches, momentum, torch.ones_like(x))
    return y * (two - one)


def folded(weight, bias, mean, var, gamma, beta, eps):
    scale = gamma / (var + eps).sqrt()
    return weight * scale.view(-1, 1, 1, 1), (bias - mean) * scale + beta


def fused(weight, bias, mean, var, gamma, beta, eps):
    return nn.utils.fusion.fuse_conv_bn_weights(
        weight, bias, mean, var, eps, gamma, beta
    )


def bias_unscaled(weight, bias, mean, var, gamma, beta, eps):
    scale = gamma / (var + eps).sqrt()
    return weight * scale.view(-1, 1, 1, 1), bias - mean * scale + beta


def bias_lost(weight, bias, mean, var, gamma, beta, eps):
    scale = gamma / (var + eps).sqrt()
    return weight * scale.view(-1, 1, 1, 1), beta - mean * scale


def eps_lost(weight, bias, mean, var, gamma, beta, eps):
    return folded(weight, bias, mean, var, gamma, beta, 1e-5)


def variance_plain(weight, bias, mean, var, gamma, beta, eps):
    scale = gamma / (var + eps)
    return weight * scale.view(-1, 1, 1, 1), (bias - mean) * scale + beta


def mean_lost(weight, bias, mean, var, gamma, beta, eps):
    return folded(weight, bias, 0 * mean, var, gamma, beta, eps)


def gamma_lost(weight, bias, mean, var, gamma, beta, eps):
    return folded(weight, bias, mean, var, 1 + 0 * gamma, beta, eps)


def beta_lost(weight, bias, mean, var, gamma, beta, eps):
    return folded(weight, bias, mean, var, gamma, 0 * beta, eps)


def grouped(x, num_groups, gamma, beta, *, unbiased=False, eps=1e-5):
    y = x.reshape(len(x), num_groups, -1)
    mean = y.mean(2, keepdim=True)
    var = y.var(2, keepdim=True, unbiased=unbiased)
    y = ((y - mean) / (var + eps).sqrt()).reshape(x.shape)
    shape = (-1,) + (1,) * (x.ndim - 2)
    return y * gamma.view(shape) + beta.view(shape)


def group_of_torch(x, num_groups, gamma, beta):
    return functional.group_norm(x, num_groups, gamma, beta)


def interleaved(x, num_groups, gamma, beta):
    each = x.shape[1] // num_groups
    order = torch.arange(x.shape[1]).reshape(each, num_groups).T.flatten()
    back = order.argsort()
    y = grouped(x[:, order], num_groups, torch.ones_like(gamma), 0 * beta)[
        :, back
    ]
    shape = (-1,) + (1,) * (x.ndim - 2)
    return y * gamma.view(shape) + beta.view(shape)


def over_rows(x, num_groups, gamma, beta):
    y = x.reshape(len(x), num_groups, -1)
    mean = y.mean((0, 2), keepdim=True)
    var = y.var((0, 2), keepdim=True, unbiased=False)
    y = ((y - mean) / (var + 1e-5).sqrt()).reshape(x.shape)
    shape = (-1,) + (1,) * (x.ndim - 2)
    return y * gamma.view(shape) + beta.view(shape)


RIGHT = {
    KEPT: [kept_mean, by_torch],
    MEMORY: [remembered, memory_of_torch],
    FOLDED: [folded, fused],
    GROUPED: [grouped, group_of_torch],
}
WRONG = {
    KEPT: [
        (unscaled, "divided by 1 - p"),
        (scaled_later, "Without training"),
        (turned, "chance to be dropped"),
        (by_p, "divided by 1 - p"),
        (nan_at_one, "Mind 0 / 0"),
        (lambda x, p, t: kept_mean(x, p, True), "Without training"),
        (lambda x, p, t: x, "Mind 0 / 0"),
        (lambda x, p, t: x * (1 - p) if t else x, "share p of zeros"),
        (masked(lambda x: (x.shape[0], 1)), "NOT"),
        (masked(lambda x: (1, x.shape[1])), "NOT"),
        (masked(lambda x: x.shape, seeded=True), "two masks"),
        (every_nth, "NOT"),
        (of_fixed_count, "fixed number of zeros"),
        (lambda *a: of_fixed_count(*a, luck=1.0), "fixed number of zeros"),
    ],
    MEMORY: [
        (lambda b, m, x: remembered(b, m, x, unbiased=False), "over n - 1"),
        (lambda b, m, x: remembered(b, m, x, other=True), "takes momentum"),
        (lambda b, m, x: remembered(b, m, x, start=0.0), "starts at mean 0"),
        (lambda b, m, x: remembered(b[-1:], m, x), "Every batch moves"),
        (lambda b, m, x: remembered(b[::-1], m, x), "in its order"),
        (lambda b, m, x: remembered(b, 0.1, x), "Every batch moves"),
        (lambda b, m, x: remembered([*b, x], m, x), "NOT"),
        (of_its_own, "by the memory alone"),
        (no_root, "by the root"),
        (lambda b, m, x: x, "NOT"),
    ],
    FOLDED: [
        (bias_unscaled, "is scaled alike"),
        (bias_lost, "old bias"),
        (eps_lost, "eps"),
        (variance_plain, "sqrt"),
        (mean_lost, "loses the mean"),
        (gamma_lost, "gamma"),
        (beta_lost, "gets beta"),
        (lambda w, b, *_: (w, b), "scaled by gamma"),
        (lambda *a: folded(*a)[0], "a pair"),
        (lambda *a: folded(*a)[::-1], "a pair"),
    ],
    GROUPED: [
        (lambda *a: grouped(*a, unbiased=True), "over n"),
        (lambda *a: grouped(*a, eps=0.1), "1e-5"),
        (lambda x, n, g, b: grouped(x, 1, g, b), "neighboring"),
        (lambda x, n, g, b: grouped(x, x.shape[1], g, b), "neighboring"),
        (lambda x, n, g, b: grouped(x, n, g, 0 * b), "belong to channels"),
        (lambda x, n, g, b: grouped(x, n, 1 + 0 * g, b), "Scale and shift"),
        (interleaved, "neighboring"),
        (over_rows, "one row"),
        (lambda x, n, g, b: x, "NOT"),
    ],
}
