"""Right and wrong answers of weight decay."""

import math

import torch

PENALTY = "lesson5/penalty_as_decay"
STEP = "lesson5/decoupled_step"
NAMES = "lesson5/decayed_names"
STRENGTH = "lesson5/decay_strength"


def with_autograd(weight, grad, lr, penalty):
    weight = weight.clone().requires_grad_()
    ((grad * weight).sum() + penalty * (weight**2).sum()).backward()
    return (weight - lr * weight.grad).detach()


def step(weight, grad, velocity, lr, momentum, weight_decay):
    velocity = momentum * velocity + grad
    return weight * (1 - lr * weight_decay) - lr * velocity, velocity


def with_torch(weight, grad, velocity, lr, momentum, weight_decay):
    moved = weight.clone()
    moved.grad = grad.clone()
    optimizer = torch.optim.SGD([moved], lr=lr, momentum=momentum)
    if momentum:
        optimizer.state[moved] = {"momentum_buffer": velocity.clone()}
    optimizer.step()
    velocity = momentum * velocity + grad
    return [moved - lr * weight_decay * weight, velocity]


def l2_in_velocity(weight, grad, velocity, lr, momentum, weight_decay):
    velocity = momentum * velocity + grad + weight_decay * weight
    return weight - lr * velocity, velocity


def after_the_step(weight, grad, velocity, lr, momentum, weight_decay):
    velocity = momentum * velocity + grad
    return (weight - lr * velocity) * (1 - lr * weight_decay), velocity


def without_rate(weight, grad, velocity, lr, momentum, weight_decay):
    velocity = momentum * velocity + grad
    return weight * (1 - weight_decay) - lr * velocity, velocity


def dampened(weight, grad, velocity, lr, momentum, weight_decay):
    velocity = momentum * velocity + (1 - momentum) * grad
    return weight * (1 - lr * weight_decay) - lr * velocity, velocity


def rate_inside(weight, grad, velocity, lr, momentum, weight_decay):
    velocity = momentum * velocity + lr * grad
    return weight * (1 - lr * weight_decay) - velocity, velocity


def nesterov(weight, grad, velocity, lr, momentum, weight_decay):
    velocity = momentum * velocity + grad
    ahead = grad + momentum * velocity
    return weight * (1 - lr * weight_decay) - lr * ahead, velocity


def names(model):
    return [
        name
        for name, p in model.named_parameters()
        if p.ndim > 1 and p.requires_grad
    ]


def by_shape(model):
    found = []
    for name, p in model.named_parameters():
        if p.requires_grad and len(p.shape) != 1 and p.dim() != 0:
            found.append(name)
    return found


def search(lrs, share):
    low, high = 0.0, 1 / max(lrs)
    for _ in range(200):
        middle = (low + high) / 2
        left = math.prod(1 - lr * middle for lr in lrs)
        low, high = (middle, high) if left > share else (low, middle)
    return (low + high) / 2


def newton(lrs, share):
    strength = 0.0
    for _ in range(200):
        left = math.prod(1 - lr * strength for lr in lrs)
        slope = left * sum(lr / (1 - lr * strength) for lr in lrs)
        strength += (left - share) / slope
    return strength


RIGHT = {
    PENALTY: [
        lambda w, g, lr, p: (1 - 2 * lr * p) * w - lr * g,
        lambda w, g, lr, p: w - lr * (g + 2 * p * w),
        with_autograd,
    ],
    STEP: [step, with_torch],
    NAMES: [names, by_shape],
    STRENGTH: [search, newton],
}
WRONG = {
    PENALTY: [
        (lambda w, g, lr, p: (1 - lr * p) * w - lr * g, "Differentiate"),
        (lambda w, g, lr, p: (1 - 2 * p) * w - lr * g, "by the rate"),
        (lambda w, g, lr, p: (1 + 2 * lr * p) * w - lr * g, "Differentiate"),
        (
            lambda w, g, lr, p: (1 - 2 * lr * p) * (w - lr * g),
            "Differentiate",
        ),
        (lambda w, g, lr, p: w - lr * g, "Differentiate"),
        (lambda w, g, lr, p: w - lr * (g + 2 * p * w.sign()), "NOT"),
        (lambda w, g, lr, p: w - lr * (g + p), "NOT"),
        (lambda w, g, lr, p: torch.zeros_like(w), "NOT"),
    ],
    STEP: [
        (l2_in_velocity, "NOT"),
        (after_the_step, "before the step"),
        (without_rate, "lr * weight_decay of itself"),
        (dampened, "as in torch"),
        (rate_inside, "as in torch"),
        (nesterov, "NOT"),
        (lambda w, g, v, lr, m, d: step(w, g, v, lr, m, 0.0), "loses"),
        (lambda w, g, v, lr, m, d: step(w, g, v, lr, m, d)[0], "NOT"),
        (lambda w, g, v, lr, m, d: step(w, g, v, lr, m, d)[::-1], "NOT"),
        (lambda w, g, v, lr, m, d: (w, v), "NOT"),
    ],
    NAMES: [
        (
            lambda m: [n for n, _ in m.named_parameters() if "weight" in n],
            "has one axis",
        ),
        (
            lambda m: [n for n, p in m.named_parameters() if p.ndim > 1],
            "does not learn",
        ),
        (
            lambda m: [
                n
                for n, p in m.named_parameters()
                if p.ndim > 1 and p.requires_grad and n.endswith("weight")
            ],
            "not at the name",
        ),
        (
            lambda m: [
                n
                for n, p in m.named_parameters(remove_duplicate=False)
                if p.ndim > 1 and p.requires_grad
            ],
            "comes once",
        ),
        (lambda m: [n for n, _ in m.named_parameters()], "NOT"),
        (lambda m: names(m)[::-1], "NOT"),
        (lambda m: [p for p in m.parameters() if p.ndim > 1], "NOT"),
        (lambda m: [], "NOT"),
        (lambda m: ["0.weight", "2.weight"], "NOT"),
    ],
    STRENGTH: [
        (lambda lrs, share: -math.log(share) / sum(lrs), "instead of"),
        (lambda lrs, share: (1 - share) / sum(lrs), "instead of"),
        (lambda lrs, share: (1 - share) / max(lrs), "instead of"),
        (
            lambda lrs, share: (
                (1 - share ** (1 / len(lrs))) / (sum(lrs) / len(lrs))
            ),
            "instead of",
        ),
        (lambda lrs, share: 1 - share, "instead of"),
        (lambda lrs, share: 0.0, "instead of"),
        (lambda lrs, share: -1.0, "search between"),
        (lambda lrs, share: str(share), "instead of"),
        (lambda lrs, share: [share], "instead of"),
        (lambda lrs, share: search(lrs, share) * 1.001, "instead of"),
    ],
}
