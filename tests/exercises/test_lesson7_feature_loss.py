"""Right and wrong answers of the feature-loss page."""

import copy

import torch
from torch import nn

PSNR = "lesson7/psnr"
GRAM = "lesson7/gram"
LOSS = "lesson7/feature_loss"
TV = "lesson7/total_variation"


def psnr(first, second, data_range, factor=10, power=2, base=torch.log10):
    error = (first - second).square().flatten(1).mean(1)
    return factor * base(data_range**power / error)


def psnr_by_root(first, second, data_range):
    root = (first - second).square().mean((1, 2, 3)).sqrt()
    return 20 * torch.log10(data_range / root)


def gram(maps):
    rows = maps.flatten(2)
    return rows @ rows.mT / rows[0].numel()


def gram_by_loop(maps):
    grams = maps.new_zeros(len(maps), maps.shape[1], maps.shape[1])
    for n, picture in enumerate(maps):
        for i, one in enumerate(picture):
            for j, other in enumerate(picture):
                grams[n, i, j] = (one * other).sum() / picture.numel()
    return grams


class Loss(nn.Module):
    def __init__(self, body, copied=True, frozen=True, stay=True):
        super().__init__()
        self.body = copy.deepcopy(body) if copied else body
        if frozen:
            self.body.requires_grad_(False)
        self.stay = stay
        self.body.eval()

    def train(self, mode=True):
        super().train(mode)
        if self.stay:
            self.body.eval()
        return self

    def forward(self, first, second):
        return (self.body(first) - self.body(second)).abs().mean()


class Squared(Loss):
    def forward(self, first, second):
        return (self.body(first) - self.body(second)).square().mean()


class Pixels(Loss):
    def forward(self, first, second):
        return (first - second).abs().mean()


class NoGradient(Loss):
    def forward(self, first, second):
        with torch.no_grad():
            return super().forward(first, second)


class Sum(Loss):
    def forward(self, first, second):
        return (self.body(first) - self.body(second)).abs().sum()


class OneSide(Loss):
    def forward(self, first, second):
        return (self.body(first) - self.body(first)).abs().mean()


def feature_loss(body):
    return Loss(body)


def total_variation(images):
    across = (images[..., 1:] - images[..., :-1]).abs().mean((1, 2, 3))
    down = (images[:, :, 1:] - images[:, :, :-1]).abs().mean((1, 2, 3))
    return across + down


def one_mean(images):
    across = images.diff(dim=3).abs().flatten(1)
    down = images.diff(dim=2).abs().flatten(1)
    return 2 * torch.cat([across, down], 1).mean(1)


RIGHT = {
    PSNR: [psnr, psnr_by_root],
    GRAM: [gram, gram_by_loop],
    LOSS: [feature_loss],
    TV: [total_variation],
}
WRONG = {
    PSNR: [
        (lambda a, b, r: psnr(a, b, r, factor=20), "squared range"),
        (lambda a, b, r: psnr(a, b, r, base=torch.log), "base 10"),
        (lambda a, b, r: psnr(a, b, r, power=1), "squared range"),
        (lambda a, b, r: psnr(a, b, 1.0), "squared range"),
        (lambda a, b, r: -psnr(a, b, r), "NOT"),
        (
            lambda a, b, r: 10 * torch.log10(r**2 / (a - b).square().mean()),
            "NOT",
        ),
        (
            lambda a, b, r: (
                10
                * torch.log10(
                    r**2 / ((a - b).square().flatten(1).mean(1) + 1e-10)
                )
            ),
            "NOT",
        ),
        (
            lambda a, b, r: (
                20 * torch.log10(r / (a - b).abs().flatten(1).mean(1))
            ),
            "NOT",
        ),
        (lambda a, b, r: torch.full((len(a),), 20.0), "NOT"),
        (
            lambda a, b, r: (
                10
                * torch.log10(
                    a.flatten(1).amax(1) ** 2
                    / (a - b).square().flatten(1).mean(1)
                )
            ),
            "squared range",
        ),
    ],
    GRAM: [
        (lambda m: m.flatten(2) @ m.flatten(2).mT, "divide by"),
        (
            lambda m: m.flatten(2) @ m.flatten(2).mT / m[0, 0].numel(),
            "divide by",
        ),
        (lambda m: gram(m).sum(0, keepdim=True), "a matrix of its own"),
        (lambda m: gram(m.transpose(0, 1)), "NOT"),
        (lambda m: gram(m - m.mean((2, 3), keepdim=True)), "NOT"),
        (lambda m: gram(m) / len(m), "NOT"),
        (lambda m: gram(m.abs()), "NOT"),
        (lambda m: gram(m)[0], "NOT"),
        (lambda m: torch.zeros(len(m), m.shape[1], m.shape[1]), "NOT"),
    ],
    LOSS: [
        (lambda body: Loss(body, copied=False), "NOT"),
        (lambda body: Loss(body, frozen=False), "takes a gradient"),
        (lambda body: Loss(body, stay=False), "override it"),
        (lambda body: Squared(body), "Expected"),
        (lambda body: Pixels(body), "Expected"),
        (lambda body: Sum(body), "Expected"),
        (lambda body: OneSide(body), "Expected"),
        (lambda body: NoGradient(body), "only the parameters"),
        (
            lambda body: Loss(body, copied=False, frozen=False),
            "takes a gradient",
        ),
        (lambda body: Loss(body).forward, "Expected an nn.Module"),
    ],
    TV: [
        (lambda x: total_variation(x) / 2, "differs by 1"),
        (lambda x: x.diff(dim=3).abs().flatten(1).mean(1), "in a column"),
        (lambda x: x.diff(dim=2).abs().flatten(1).mean(1), "NOT"),
        (one_mean, "NOT"),
        (lambda x: total_variation(x).mean(), "NOT"),
        (lambda x: total_variation(x).mean().expand(len(x)), "a picture"),
        (lambda x: x.std((1, 2, 3)), "NOT"),
        (
            lambda x: (
                x.diff(dim=3).flatten(1).mean(1)
                + x.diff(dim=2).flatten(1).mean(1)
            ),
            "NOT",
        ),
        (lambda x: torch.zeros(len(x)), "NOT"),
        (
            lambda x: (
                x.diff(dim=3).square().flatten(1).mean(1)
                + x.diff(dim=2).square().flatten(1).mean(1)
            ),
            "as those in a row",
        ),
    ],
}
