"""Right and wrong answers of momentum, averages and Adam."""

import torch

NESTEROV = "lesson5/nesterov_step"
AVERAGE = "lesson5/corrected_average"
RATIO = "lesson5/uncorrected_ratio"
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


def ratio(t, beta1, beta2):
    return (1 - beta1**t) / (1 - beta2**t) ** 0.5


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
    RATIO: [ratio],
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
    RATIO: [
        (lambda t, a, b: (1 - a) / (1 - b) ** 0.5, "1 - beta"),
        (lambda t, a, b: (1 - a**t) / (1 - b**t), "NOT"),
        (lambda t, a, b: (1 - b**t) ** 0.5 / (1 - a**t), "NOT"),
        (lambda t, a, b: 1.0, "NOT"),
        (lambda t, a, b: 3.1622776601683795, "NOT"),
        (lambda t, a, b: a**t / b**t, "NOT"),
        (lambda t, a, b: ratio(t - 1, a, b) if t > 1 else 0.0, "NOT"),
        (lambda t, a, b: ratio(t, 0.9, 0.999), "NOT"),
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
