"""Right and wrong answers of backpropagation."""

import torch
from torch import nn

SIGMOID = "lesson5/sigmoid_backward"
LINEAR = "lesson5/linear_backward"
LAYER = "lesson5/wrong_layer"
FIT = "lesson5/tanh_fit"


def sigmoid(grad, x):
    s = torch.sigmoid(x)
    return grad * s * (1 - s)


def by_autograd(grad, x):
    x = x.clone().requires_grad_()
    torch.sigmoid(x).backward(grad)
    return x.grad


def written_out(grad, x):
    e = (-x.abs()).exp()
    return grad * e / (1 + e) ** 2


def broken(grad, x):
    raise RuntimeError("no luck")


def overflowing(grad, x):
    return grad * x.neg().exp() / (1 + x.neg().exp()) ** 2


def linear(grad, x, weight):
    rows, inputs = grad.flatten(0, -2), x.flatten(0, -2)
    return grad @ weight, rows.T @ inputs, rows.sum(0)


def with_einsum(grad, x, weight):
    return [
        torch.einsum("...o,oi->...i", grad, weight),
        torch.einsum("...o,...i->oi", grad, x),
        torch.einsum("...o->o", grad),
    ]


def find(layers, x, output=None, two_sided=True):
    worst, place = 0.0, None
    for number, (forward, backward) in enumerate(layers):
        y = forward(x)
        grad = torch.linspace(0.5, 2, y.numel()).reshape(y.shape).to(y)
        found = torch.zeros_like(x)
        for k in range(x.numel()):
            step = torch.zeros_like(x)
            step.view(-1)[k] = 1e-5
            rise = forward(x + step) - forward(x - step)
            found.view(-1)[k] = (grad * rise).sum() / 2e-5
        error = (backward(grad, x) - found).abs().max().item()
        if error > worst:
            worst, place = error, number
        x = y
    return place


def find_with_autograd(layers, x):
    for number, (forward, backward) in enumerate(layers):
        tracked = x.clone().requires_grad_()
        y = forward(tracked)
        grad = torch.ones_like(y)
        y.backward(grad)
        if (backward(grad, x) - tracked.grad).abs().max() > 1e-6:
            return number
        x = y.detach()
    return None


def find_by_sign(layers, x):
    """Looks at one number only."""
    for number, (forward, backward) in enumerate(layers):
        y = forward(x)
        step = torch.zeros_like(x)
        step[0, 0] = 1e-5
        rise = (forward(x + step) - forward(x - step)).sum()
        if rise * backward(torch.ones_like(y), x)[0, 0] < 0:
            return number
        x = y
    return 0


def fitting(steps=400, width=32, activation=nn.Tanh, wrap=None):
    def fit(x, y):
        torch.manual_seed(0)
        network = nn.Sequential(
            nn.Linear(1, width), activation(), nn.Linear(width, 1)
        )
        optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
        for _ in range(steps):
            loss = ((network(x) - y) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return wrap(network, x) if wrap else network

    return fit


class WithIdleTanh(nn.Module):
    """Bends with something else; its tanh is never called, or in vain."""

    def __init__(self, width=64, called=False):
        super().__init__()
        self.called, self.tanh = called, nn.Tanh()
        self.first, self.last = nn.Linear(1, width), nn.Linear(width, 1)

    def forward(self, x):
        if self.called:
            self.tanh(x)
        return self.last(self.first(x).relu())


class Skipping(nn.Module):
    """Linear layers and a tanh, with a way around."""

    def __init__(self):
        super().__init__()
        self.bends = nn.Sequential(
            nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 1)
        )
        self.line = nn.Linear(1, 1)

    def forward(self, x):
        return self.bends(x) + self.line(x)


def trained(new, steps=600):
    def fit(x, y):
        torch.manual_seed(0)
        network = new()
        optimizer = torch.optim.Adam(network.parameters(), lr=0.02)
        for _ in range(steps):
            loss = ((network(x) - y) ** 2).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return network

    return fit


def relu_beside_tanh():
    return nn.Sequential(
        nn.Linear(1, 64), nn.ReLU(), nn.Linear(64, 8), nn.Tanh(),
        nn.Linear(8, 1),
    )  # fmt: skip


def two_layers(x, y):
    torch.manual_seed(1)
    network = nn.Sequential(
        nn.Linear(1, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(),
        nn.Linear(24, 1),
    )  # fmt: skip
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(600):
        loss = nn.functional.mse_loss(network(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network


RIGHT = {
    SIGMOID: [sigmoid, written_out],
    LINEAR: [linear, with_einsum],
    LAYER: [find, find_with_autograd],
    FIT: [fitting(600), two_layers, trained(Skipping)],
}
WRONG = {
    SIGMOID: [
        (lambda g, x: sigmoid(torch.ones_like(x), x), "NOT"),
        (lambda g, x: g * torch.sigmoid(x), "slope is s (1 - s)"),
        (lambda g, x: -sigmoid(g, x), "slope is"),
        (overflowing, "far out"),
        (by_autograd, "autograd is switched off"),
        (broken, "no luck"),
        (lambda g, x: g * x * (1 - x), "slope is"),
        (lambda g, x: g * (1 - x.tanh() ** 2), "slope is"),
        (lambda g, x: sigmoid(g, x).sum(), "NOT"),
    ],
    LINEAR: [
        (lambda g, x, w: (g @ w, g.mT @ x, g.sum(0)), "NOT"),
        (
            lambda g, x, w: (*linear(g, x, w)[:2], g.flatten(0, -2).mean(0)),
            "add up what all rows",
        ),
        (
            lambda g, x, w: (
                g @ w,
                linear(g, x, w)[1] / max(len(x), 1),
                linear(g, x, w)[2],
            ),
            "add up what all rows",
        ),
        (
            lambda g, x, w: (
                g @ w,
                linear(g, x, w)[1].T,
                g.flatten(0, -2).sum(0),
            ),
            "a row for each output",
        ),
        (lambda g, x, w: linear(g, x, w)[:2], "NOT"),
        (lambda g, x, w: (x, w, g), "NOT"),
    ],
    LAYER: [
        (lambda layers, x: 0, "NOT"),
        (lambda layers, x: 3, "NOT"),
        (find_by_sign, "NOT"),
        (lambda layers, x: len(layers) - 1 - find(layers, x), "NOT"),
        (lambda layers, x: find(layers, x) + 1, "NOT"),
        (lambda layers, x: find(layers[:3], x) or 0, "NOT"),
    ],
    FIT: [
        (fitting(0), "must be below"),
        (fitting(600, activation=nn.ReLU), "Put nn.Tanh() between"),
        (fitting(600, width=1), "must be below"),
        (
            fitting(200, wrap=lambda net, x: net(x).detach()),
            "not what it predicts",
        ),
        (fitting(5), "must be below"),
        (trained(WithIdleTanh), "yours still bends"),
        (
            trained(lambda: WithIdleTanh(called=True)),
            "yours still bends",
        ),
        (trained(relu_beside_tanh), "yours still bends"),
        (
            fitting(50, wrap=lambda net, x: nn.Sequential(net, nn.Flatten(0))),
            "the network gave",
        ),
    ],
}
