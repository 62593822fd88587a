"""Right and wrong answers of softmax, cross-entropy and embeddings."""

import torch
from torch.nn import functional

LOG = "lesson5/log_softmax"
SMOOTH = "lesson5/smoothed_cross_entropy"
GRADIENT = "lesson5/scores_gradient"
FETCH = "lesson5/fetch_and_pull"


def log_softmax(scores, dim=-1):
    lower = scores - scores.max(dim, keepdim=True).values
    return lower - lower.exp().sum(dim, keepdim=True).log()


def without_keepdim(scores):
    lower = scores - scores.max(-1, keepdim=True).values
    return lower - lower.exp().sum(-1).log()


def late(scores):
    return scores - torch.logsumexp(scores, -1, keepdim=True)


def one_largest(scores):
    lower = scores - scores.max()
    return lower - lower.exp().sum(-1, keepdim=True).log()


def patched(scores):
    lower = scores - scores.amax(-1, keepdim=True)
    shares = lower.exp() / lower.exp().sum(-1, keepdim=True)
    return (shares + 1e-12).log()


def by_size(scores):
    lower = scores - scores.abs().amax(-1, keepdim=True)
    return lower - lower.exp().sum(-1, keepdim=True).log()


def clamped(scores):
    return torch.log_softmax(scores.clamp(min=-100), -1)


def detached(scores):
    lower = scores - scores.amax(-1, keepdim=True)
    return lower - lower.exp().sum(-1, keepdim=True).log().detach()


def smooth(logits, target, smoothing, share=None, reduce=torch.mean):
    classes = logits.shape[1]
    even = smoothing / classes
    truth = (1 - smoothing) * torch.eye(classes, dtype=logits.dtype)[target]
    truth = truth + even if share is None else share(truth, smoothing)
    return reduce(-(truth * logits.log_softmax(1)).sum(1))


def among_the_wrong(logits, target, smoothing):
    classes = logits.shape[1]
    one = torch.eye(classes, dtype=logits.dtype)[target]
    truth = (1 - smoothing) * one
    truth = truth + smoothing / max(classes - 1, 1) * (1 - one)
    return -(truth * logits.log_softmax(1)).sum(1).mean()


def smooth_answer(logits, target, smoothing):
    p = logits.softmax(1)
    p = (1 - smoothing) * p + smoothing / p.shape[1]
    return functional.nll_loss(p.log(), target)


def taken_literally(logits, target, smoothing):
    p = logits.softmax(1)
    classes = logits.shape[1]
    truth = (1 - smoothing) * torch.eye(classes, dtype=logits.dtype)[target]
    return -((truth + smoothing / classes) * p.log()).sum(1).mean()


def torchs(logits, target, smoothing):
    return functional.cross_entropy(logits, target, label_smoothing=smoothing)


def gradient(logits, target, dim=1, rows=True, sign=1):
    one = functional.one_hot(target, logits.shape[1])
    found = sign * (logits.softmax(dim) - one)
    return found / len(logits) if rows else found


def by_index(logits, target):
    found = logits.softmax(1)
    found[torch.arange(len(target)), target] -= 1
    return found / len(target)


def by_autograd(logits, target):
    logits = logits.clone().requires_grad_()
    functional.cross_entropy(logits, target).backward()
    return logits.grad


def fetch(numbers, weight, gradient):
    one = functional.one_hot(numbers, len(weight)).to(weight.dtype)
    return one @ weight, one.T @ gradient


def added(numbers, weight, gradient):
    table = torch.zeros_like(weight)
    return weight[numbers], table.index_add(0, numbers, gradient)


def written(numbers, weight, gradient):
    table = torch.zeros_like(weight)
    table[numbers] = gradient
    return weight[numbers], table


def plus(numbers, weight, gradient):
    table = torch.zeros_like(weight)
    table[numbers] += gradient
    return weight[numbers], table


def averaged(numbers, weight, gradient):
    one = functional.one_hot(numbers, len(weight)).to(weight.dtype)
    counts = one.sum(0).clamp(min=1)[:, None]
    return one @ weight, one.T @ gradient / counts


def fetched_only(numbers, weight, gradient):
    rows, table = fetch(numbers, weight, gradient)
    return rows, table[numbers.unique()]


RIGHT = {
    LOG: [log_softmax, late, lambda z: torch.log_softmax(z, -1)],
    SMOOTH: [smooth, torchs],
    GRADIENT: [gradient, by_index],
    FETCH: [fetch, added],
}
WRONG = {
    LOG: [
        (lambda z: z.softmax(-1).log(), "do not take the logarithm"),
        (lambda z: (z.exp() / z.exp().sum(-1, keepdim=True)).log(), "infin"),
        (lambda z: z - z.exp().sum(-1, keepdim=True).log(), "infinite"),
        (one_largest, "NOT"),
        (patched, "NOT"),
        (by_size, "NOT"),
        (clamped, "NOT"),
        (lambda z: log_softmax(z, dim=0), "along the last axis"),
        (without_keepdim, "NOT"),
        (lambda z: log_softmax(z).detach(), "lost its graph"),
        (detached, "must stay in the graph"),
        (lambda z: z.softmax(-1), "NOT"),
        (lambda z: -log_softmax(z), "NOT"),
        (lambda z: torch.log2(z.softmax(-1)), "NOT"),
    ],
    SMOOTH: [
        (among_the_wrong, "ALL classes"),
        (smooth_answer, "NOT"),
        (taken_literally, "Take the logarithm of softmax stably"),
        (lambda z, y, s: torchs(z, y, 0.0), "ALL classes"),
        (lambda z, y, s: torchs(z, y, 0.1), "NOT"),
        (lambda z, y, s: smooth(z, y, s, reduce=torch.sum), "the mean of"),
        (lambda z, y, s: -torchs(z, y, s), "the mean of"),
        (lambda z, y, s: smooth(z, y, s, share=lambda t, s: t + s), "ALL cl"),
        (lambda z, y, s: smooth(z, y, s, share=lambda t, s: t), "ALL classes"),
        (lambda z, y, s: torchs(z.softmax(1), y, s), "NOT"),
        (lambda z, y, s: torchs(z, y, s).item(), "NOT"),
    ],
    GRADIENT: [
        (lambda z, y: gradient(z, y, rows=False), "a mean over rows"),
        (lambda z, y: gradient(z, y, sign=-1), "less a 1 at the right"),
        (lambda z, y: gradient(z, y, dim=0), "along the classes"),
        (lambda z, y: gradient(z, y).sum(0), "NOT"),
        (lambda z, y: z.softmax(1) / len(z), "less a 1"),
        (lambda z, y: gradient(z, y) / z.shape[1], "NOT"),
        (lambda z, y: gradient(z, y).T, "NOT"),
        (by_autograd, "NOT"),
    ],
    FETCH: [
        (written, "the SUM of its gradients"),
        (plus, "the SUM of its gradients"),
        (averaged, "the SUM of its gradients"),
        (fetched_only, "NOT"),
        (lambda n, w, g: fetch(n, w, g)[0], "NOT"),
        (lambda n, w, g: fetch(n, w, g)[::-1], "NOT"),
        (lambda n, w, g: (w[n], g), "NOT"),
        (lambda n, w, g: (w[n], torch.zeros_like(w)), "NOT"),
        (lambda n, w, g: (w[n.sort().values], fetch(n, w, g)[1]), "NOT"),
        (lambda n, w, g: (w[: len(n)], fetch(n, w, g)[1]), "NOT"),
    ],
}
