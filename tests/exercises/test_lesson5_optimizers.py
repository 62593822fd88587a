"""Right and wrong answers of momentum, averages and Adam."""

import torch

NESTEROV = "lesson5/nesterov_step"
AVERAGE = "lesson5/corrected_average"
STEP = "lesson5/adam_step"
LOST = "lesson5/lost_state"


def nesterov(weight, grad, velocity, lr, momentum):
    velocity = momentum * velocity + grad
    return weight - lr * (grad + momentum * velocity), velocity


def nesterov_with_torch(weight, grad, velocity, lr, momentum):
    weight = weight.clone().requires_grad_()
    weight.grad = grad
    one = torch.optim.SGD([weight], lr=lr, momentum=momentum, nesterov=True)
    one.state[weight]["momentum_buffer"] = velocity.clone()
    one.step()
    return [weight.detach(), one.state[weight]["momentum_buffer"]]


def plain_momentum(weight, grad, velocity, lr, momentum):
    velocity = momentum * velocity + grad
    return weight - lr * velocity, velocity


def old_velocity(weight, grad, velocity, lr, momentum):
    ahead = grad + momentum * velocity
    return weight - lr * (grad + momentum * velocity), ahead


def as_a_mean(weight, grad, velocity, lr, momentum):
    velocity = momentum * velocity + (1 - momentum) * grad
    return weight - lr * (grad + momentum * velocity), velocity


def without_gradient(weight, grad, velocity, lr, momentum):
    velocity = momentum * velocity + grad
    return weight - lr * momentum * velocity, velocity


def rate_inside(weight, grad, velocity, lr, momentum):
    velocity = momentum * velocity + lr * grad
    return weight - (lr * grad + momentum * velocity), velocity


def fixed_momentum(weight, grad, velocity, lr, momentum):
    return nesterov(weight, grad, velocity, lr, 0.9)


def average(values, beta, first=1, feed_back=False):
    kept, found = torch.zeros_like(values[0]), []
    for t, value in enumerate(values, first):
        kept = beta * kept + (1 - beta) * value
        corrected = kept / (1 - beta**t)
        found.append(corrected)
        kept = corrected if feed_back else kept
    return torch.stack(found)


def by_weights(values, beta):
    found = []
    for t in range(1, len(values) + 1):
        weights = beta ** torch.arange(t - 1, -1, -1, dtype=values.dtype)
        found.append((weights @ values[:t]) / weights.sum())
    return torch.stack(found)


def raw(values, beta):
    kept, found = 0.0, []
    for value in values:
        kept = beta * kept + (1 - beta) * value
        found.append(kept)
    return torch.stack(found)


def from_first(values, beta):
    kept, found = values[0], []
    for value in values:
        kept = beta * kept + (1 - beta) * value
        found.append(kept)
    return torch.stack(found)


def running_mean(values, beta):
    return values.cumsum(0) / torch.arange(1, len(values) + 1)


def swapped(values, beta):
    return average(values, 1 - beta) if beta else values


def adam(
    w, g, first, second, t, lr, betas, eps, *, start=0, inside=False,
    corrects=(True, True), feeds_back=False, root_first=False,
    eps_first=False,
):  # fmt: skip
    """Take a step of Adam, with one of the usual mistakes if asked for."""
    first = betas[0] * first + (1 - betas[0]) * g
    second = betas[1] * second + (1 - betas[1]) * g**2
    shares = [
        1 - beta ** (t + start) if wanted else 1.0
        for beta, wanted in zip(betas, corrects, strict=True)
    ]
    mean, square = first / shares[0], second / shares[1]
    size = (square + eps).sqrt() if inside else square.sqrt() + eps
    if root_first:
        size = second.sqrt() / shares[1] + eps
    if eps_first:
        size = (second.sqrt() + eps) / shares[1] ** 0.5
    if feeds_back:
        first, second = mean, square
    return w - lr * mean / size, first, second


def adam_with_torch(w, g, first, second, t, lr, betas, eps):
    w = w.clone().requires_grad_()
    w.grad = g
    one = torch.optim.Adam([w], lr=lr, betas=betas, eps=eps)
    one.state[w] = {
        "step": torch.tensor(float(t - 1)),
        "exp_avg": first.clone(),
        "exp_avg_sq": second.clone(),
    }
    one.step()
    state = one.state[w]
    return [w.detach(), state["exp_avg"], state["exp_avg_sq"]]


def in_place(w, g, first, second, t, lr, betas, eps):
    first.mul_(betas[0]).add_((1 - betas[0]) * g)
    second.mul_(betas[1]).add_((1 - betas[1]) * g**2)
    mean, square = first / (1 - betas[0] ** t), second / (1 - betas[1] ** t)
    return w - lr * mean / (square.sqrt() + eps), first, second


def wrong_adam(**mistake):
    return lambda *given: adam(*given, **mistake)


def lost(weight, grads, lr):
    return weight - lr * sum(grad.sign() for grad in grads)


def lost_with_torch(weight, grads, lr):
    weight = weight.clone().requires_grad_()
    for grad in grads:
        weight.grad = grad
        torch.optim.Adam([weight], lr=lr).step()
    return weight.detach()


def kept_adam(weight, grads, lr):
    weight = weight.clone().requires_grad_()
    optimizer = torch.optim.Adam([weight], lr=lr)
    for grad in grads:
        weight.grad = grad
        optimizer.step()
    return weight.detach()


RIGHT = {
    NESTEROV: [nesterov, nesterov_with_torch],
    AVERAGE: [average, by_weights],
    STEP: [adam, adam_with_torch],
    LOST: [lost, lost_with_torch],
}
WRONG = {
    NESTEROV: [
        (plain_momentum, "already looks ahead"),
        (old_velocity, "already looks ahead"),
        (as_a_mean, "NOT"),
        (without_gradient, "already looks ahead"),
        (rate_inside, "NOT"),
        (fixed_momentum, "NOT"),
        (lambda w, *a: (w, a[1]), "NOT"),
        (lambda w, *a: nesterov(w, *a)[0], "NOT"),
        (lambda *a: nesterov(*a)[::-1], "NOT"),
        (lambda w, g, v, r, m: (w - r * (1 + m) * g, g), "plus `momentum`"),
    ],
    AVERAGE: [
        (raw, "divide by 1 - beta"),
        (from_first, "NOT"),
        (running_mean, "Keep the average itself uncorrected"),
        (lambda v, b: average(v, b, feed_back=True), "NOT"),
        (lambda v, b: average(v, b, first=2), "t counted from 1"),
        (swapped, "NOT"),
        (lambda v, b: v, "Keep the average itself uncorrected"),
        (lambda v, b: average(v, b)[-1], "NOT"),
        (lambda v, b: average(v, 0.9), "NOT"),
        (lambda v, b: raw(v, b) / (1 - b ** len(v)), "NOT"),
    ],
    STEP: [
        (wrong_adam(corrects=(False, False)), "Divide each by 1 - beta"),
        (wrong_adam(corrects=(True, False)), "with t = 1 in this step"),
        (wrong_adam(corrects=(False, True)), "with t = 1 in this step"),
        (wrong_adam(start=1), "with t = 1 in this step"),
        (wrong_adam(start=-1), "NOT"),
        (wrong_adam(inside=True), "NOT"),
        (wrong_adam(feeds_back=True), "NOT"),
        (wrong_adam(root_first=True), "NOT"),
        (wrong_adam(eps_first=True), "add `eps` last"),
        (lambda *a: adam(*a[:6], (0.9, 0.999), a[7]), "NOT"),
        (lambda *a: adam(*a[:6], a[6][::-1], a[7]), "NOT"),
        (lambda *a: adam(*a[:7], 1e-8), "NOT"),
        (lambda *a: adam(*a[:4], 1, *a[5:]), "taken of the corrected"),
        (lambda *a: adam(*a)[0], "NOT"),
        (lambda *a: (adam(*a)[0], *a[2:4]), "NOT"),
        (lambda w, g, m, s, t, lr, *a: (w - lr * g.sign(), g, g**2), "NOT"),
        (in_place, "NOT"),
    ],
    LOST: [
        (lambda w, g, lr: w - lr * sum(g), "NOT"),
        (lambda w, g, lr: w - lr * sum(g).sign(), "NOT"),
        (lambda w, g, lr: w - lr * g[-1].sign(), "NOT"),
        (lambda w, g, lr: w + lr * sum(x.sign() for x in g), "NOT"),
        (
            lambda w, g, lr: (
                w - lr * sum(2.0 * (x > 0).double() - 1 for x in g)
            ),
            "a gradient of zero",
        ),
        (lambda w, g, lr: w - lr * sum(x / x.abs() for x in g), "NOT"),
        (kept_adam, "divides the gradient by its own"),
        (lambda w, g, lr: w, "NOT"),
        (lambda w, g, lr: w - lr * len(g), "NOT"),
    ],
}
