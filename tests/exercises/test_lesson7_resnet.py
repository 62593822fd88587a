"""Right and wrong answers of the ResNet page."""

import copy
from itertools import combinations

import torch
from torch import nn
from torch.nn.functional import cross_entropy
from torchvision.models import resnet as theirs

from sevenlessons.vision.residual_blocks import BasicBlock

BLOCK = "lesson7/changing_block"
ZERO = "lesson7/zero_start"
WAYS = "lesson7/ways_through"
NORMS = "lesson7/gradient_norms"


class Changing(nn.Module):
    """The solution, with switches for what readers get wrong."""

    def __init__(self, inputs, outputs, stride, always=False, size=1):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = None
        if always or stride > 1 or inputs != outputs:
            self.downsample = nn.Sequential(
                nn.Conv2d(
                    inputs, outputs, size, stride, size // 2, bias=False
                ),
                nn.BatchNorm2d(outputs),
            )
        self.how = "right"

    def forward(self, x):
        kept = x if self.downsample is None else self.downsample(x)
        change = self.bn1(self.conv1(x))
        change = change if self.how == "no relu" else change.relu()
        change = self.bn2(self.conv2(change))
        if self.how == "relu before":
            return kept + change.relu()
        if self.how == "relu on shortcut":
            kept = kept.relu()
        if self.how == "plain":
            return change.relu()
        if self.how == "no norm" and self.downsample is not None:
            kept = self.downsample[0](x)
        if self.how == "no last relu":
            return kept + change
        return (kept + change).relu()


def block_with(how):
    def make(*shape):
        block = Changing(*shape)
        block.how = how
        return block

    return make


def by_torchvision(inputs, outputs, stride):
    down = None
    if stride > 1 or inputs != outputs:
        down = nn.Sequential(
            nn.Conv2d(inputs, outputs, 1, stride, bias=False),
            nn.BatchNorm2d(outputs),
        )
    return theirs.BasicBlock(inputs, outputs, stride, down)


class Twisted(Changing):
    """The stride at the second convolution: the same shapes."""

    def __init__(self, inputs, outputs, stride):
        super().__init__(inputs, outputs, stride)
        self.conv1.stride, self.conv2.stride = (1, 1), (stride, stride)


def changing(inputs, outputs, stride):
    return Changing(inputs, outputs, stride)


def of_the_package(inputs, outputs, stride):
    return BasicBlock(inputs, outputs, stride)


def last_norm(block):
    return [m for m in block.children() if isinstance(m, nn.BatchNorm2d)][-1]


def zero(block):
    norm = block.bn3 if hasattr(block, "bn3") else block.bn2
    nn.init.zeros_(norm.weight)
    nn.init.zeros_(norm.bias)
    return block


def zero_by_fill(block):
    with torch.no_grad():
        norm = last_norm(block)
        norm.weight.fill_(0)
        norm.bias.mul_(0)
    return block


def zero_all(block):
    for layer in block.modules():
        if isinstance(layer, nn.BatchNorm2d):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
    return block


def zero_frozen(block):
    last_norm(zero(block)).requires_grad_(False)
    return block


def zero_second(block):
    nn.init.zeros_(block.bn2.weight)
    nn.init.zeros_(block.bn2.bias)
    return block


def zero_scale(block):
    nn.init.zeros_(last_norm(block).weight)
    return block


def zero_conv(block):
    last = [m for m in block.modules() if isinstance(m, nn.Conv2d)][-1]
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last_norm(block).bias)
    return block


def zero_and_none(block):
    zero(block)


def by_choices(matrices):
    count, size = len(matrices), matrices.shape[-1]
    sums = []
    for k in range(count + 1):
        total = torch.zeros(size, size, dtype=matrices.dtype)
        for chosen in combinations(range(count), k):
            way = torch.eye(size, dtype=matrices.dtype)
            for place in chosen:
                way = matrices[place] @ way
            total += way
        sums.append(total)
    return sums


def ways(matrices, left=True, start=1.0):
    sums = [start * torch.eye(matrices.shape[-1], dtype=matrices.dtype)]
    for matrix in matrices:
        new = [torch.zeros_like(sums[0]) for _ in range(len(sums) + 1)]
        for k, way in enumerate(sums):
            new[k] = new[k] + way
            new[k + 1] = new[k + 1] + (matrix @ way if left else way @ matrix)
        sums = new
    return sums


def norms(model, images, target, kinds=nn.Conv2d):
    twin = copy.deepcopy(model)
    cross_entropy(twin(images), target).backward()
    return {
        name: layer.weight.grad.norm().item()
        for name, layer in twin.named_modules()
        if isinstance(layer, kinds)
    }


def norms_in_place(model, images, target):
    model.zero_grad()
    cross_entropy(model(images), target).backward()
    return {
        name: layer.weight.grad.norm().item()
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Conv2d)
    }


def norms_kept_grads(model, images, target):
    kept = [p.grad for p in model.parameters()]
    model.zero_grad()
    found = norms_in_place(model, images, target)
    for parameter, gradient in zip(model.parameters(), kept, strict=True):
        parameter.grad = gradient
    return found  # batch norms have moved


def norms_in_eval(model, images, target):
    return norms(copy.deepcopy(model).eval(), images, target)


def norms_of_sum(model, images, target):
    return {
        k: len(images) * v for k, v in norms(model, images, target).items()
    }


def norms_of_weights(model, images, target):
    return {
        name: layer.weight.norm().item()
        for name, layer in model.named_modules()
        if isinstance(layer, nn.Conv2d)
    }


RIGHT = {
    BLOCK: [changing, of_the_package, by_torchvision],
    ZERO: [zero, zero_by_fill],
    WAYS: [ways, by_choices],
    NORMS: [norms],
}
WRONG = {
    BLOCK: [
        (lambda *a: Changing(*a, always=True), "only where the shape"),
        (lambda *a: Changing(*a, size=3), "do not fit"),
        (block_with("no relu"), "between the two"),
        (block_with("relu before"), "after the sum"),
        (block_with("relu on shortcut"), "the shortcut has none"),
        (block_with("plain"), "NOT"),
        (block_with("no norm"), "NOT"),
        (block_with("no last relu"), "after the sum"),
        (Twisted, "first convolution"),
        (lambda i, o, s: nn.Conv2d(i, o, 3, s, 1), "names"),
        (lambda i, o, s: torch.zeros(o), "nn.Module"),
    ],
    ZERO: [
        (zero_scale, "scale and shift"),
        (zero_all, "changed too"),
        (zero_second, "NOT"),
        (zero_conv, "changed too"),
        (zero_frozen, "frozen"),
        (zero_and_none, "returned None"),
        (lambda block: block, "not the input"),
        (lambda block: copy.deepcopy(zero(block)), "that you were given"),
        (lambda block: nn.Identity(), "that you were given"),
    ],
    WAYS: [
        (lambda m: ways(m, left=False), "on the right"),
        (lambda m: ways(m)[1:], "NOT"),
        (lambda m: ways(m, start=0.0), "NOT"),
        (lambda m: list(reversed(ways(m))), "NOT"),
        (lambda m: torch.stack(ways(m)), "NOT"),
        (
            lambda m: [
                ways(m)[0],
                *(len(m) * [sum(ways(m)[1:], 0 * m.sum())]),
            ],
            "NOT",
        ),
    ],
    NORMS: [
        (norms_in_place, "autograd.grad"),
        (norms_kept_grads, "remember"),
        (norms_in_eval, "mode"),
        (norms_of_sum, "NOT"),
        (norms_of_weights, "gradient of its weight"),
        (lambda *a: norms(*a, kinds=nn.Linear), "nn.Conv2d"),
        (
            lambda *a: norms(*a, kinds=(nn.Linear, nn.Conv2d)),
            "nn.Conv2d",
        ),
        (lambda *a: dict.fromkeys(norms(*a), 1.0), "NOT"),
        (lambda *a: {k: v**2 for k, v in norms(*a).items()}, "NOT"),
    ],
}
