"""Right and wrong answers of the page of ResNet parts."""

import torch

SIDE = "lesson7/side_by_side"
COUNT = "lesson7/resnet_parameters"
LONG = "lesson7/as_long"
VOTE = "lesson7/vote"


def side(x, layers):
    for layer in layers:
        x = torch.cat([x, layer(x)], 1)
    return x


def side_by_list(x, layers):
    maps = [x]
    for layer in layers:
        maps.append(layer(torch.cat(maps, 1)))
    return torch.cat(maps, 1)


def new_first(x, layers):
    for layer in layers:
        x = torch.cat([layer(x), x], 1)
    return x


def only_new(x, layers):
    return side(x, layers)[:, x.shape[1] :]


def in_a_row(x, layers):
    for layer in layers:
        x = layer(x)
    return x


def all_from_the_input(x, layers):
    return torch.cat([x, *(layer(x) for layer in layers)], 1)


def input_twice(x, layers):
    return torch.cat([x, side(x, layers)], 1)


def count(
    depths,
    num_classes,
    norm=2,
    shortcut=True,
    shortcut_norm=True,
    bias=1,
    stem=7,
    first=False,
    conv_bias=0,
):
    def conv(before, after, size, normed=True):
        weights = before * after * size**2 + conv_bias * after
        return weights + (norm * after if normed else 0)

    total, channels = conv(3, 64, stem), 64
    for stage, depth in enumerate(depths):
        width = 64 * 2**stage
        for place in range(depth):
            total += conv(channels, width, 3) + conv(width, width, 3)
            if shortcut and (channels != width or (first and place == 0)):
                total += conv(channels, width, 1, shortcut_norm)
            channels = width
    return total + (channels + bias) * num_classes


def as_long(drawn, weight):
    shape = (-1, *[1] * (drawn.ndim - 1))
    share = weight.flatten(1).norm(dim=1) / drawn.flatten(1).norm(dim=1)
    return drawn * share.view(shape)


def as_long_by_loop(drawn, weight):
    rows = [
        d / d.norm() * w.norm() for d, w in zip(drawn, weight, strict=True)
    ]
    return torch.stack(rows)


def along_the_second(drawn, weight):
    return as_long(drawn.transpose(0, 1), weight.transpose(0, 1)).transpose(
        0, 1
    )


def by_squares(drawn, weight):
    shape = (-1, *[1] * (drawn.ndim - 1))
    share = weight.flatten(1).norm(dim=1) / drawn.flatten(1).norm(dim=1)
    return drawn * share.view(shape) ** 2


def vote(scores):
    return torch.stack([s.softmax(1) for s in scores]).mean(0).argmax(1)


def vote_by_sum(scores):
    return sum(s.log_softmax(1).exp() for s in scores).argmax(1)


def by_heads(scores):
    return torch.stack([s.argmax(1) for s in scores]).mode(0).values


def surest(scores):
    return torch.stack([s.softmax(1) for s in scores]).amax(0).argmax(1)


def overflowing(scores):
    shares = [s.exp() / s.exp().sum(1, keepdim=True) for s in scores]
    return torch.stack(shares).mean(0).argmax(1)


def from_the_last(x, layers):
    for number in reversed(range(len(layers))):
        x = torch.cat((x, layers[number](x)), 1)
    return x


RIGHT = {
    SIDE: [side, side_by_list],
    COUNT: [count],
    LONG: [as_long, as_long_by_loop],
    VOTE: [vote, vote_by_sum],
}
WRONG = {
    SIDE: [
        (new_first, "first channels"),
        (only_new, "first channels"),
        (in_a_row, "first channels"),
        (all_from_the_input, "NOT"),
        (input_twice, "NOT"),
        (lambda x, layers: x, "NOT"),
        (lambda x, layers: side(x, layers[:1]), "NOT"),
        (from_the_last, "NOT"),
    ],
    COUNT: [
        (lambda d, k: count(d, k, norm=0), "two numbers a channel"),
        (lambda d, k: count(d, k, norm=1), "two numbers a channel"),
        (lambda d, k: count(d, k, norm=4), "two numbers a channel"),
        (lambda d, k: count(d, k, shortcut=False), "shortcut"),
        (lambda d, k: count(d, k, shortcut_norm=False), "shortcut"),
        (lambda d, k: count(d, k, first=True), "shortcut"),
        (lambda d, k: count(d, k, bias=0), "bias"),
        (lambda d, k: count(d, k, stem=3), "NOT"),
        (lambda d, k: count(d, k, conv_bias=1), "NOT"),
        (lambda d, k: 11_689_512, "NOT"),
        (lambda d, k: count(d, 1000), "NOT"),
    ],
    LONG: [
        (lambda d, w: d * (w.norm() / d.norm()), "One length for each"),
        (along_the_second, "One length for each"),
        (by_squares, "One length for each"),
        (lambda d, w: as_long(w, d), "NOT"),
        (lambda d, w: w, "directions"),
        (lambda d, w: d, "NOT"),
        (lambda d, w: -as_long(d, w), "directions"),
        (lambda d, w: d / d.norm() * w.norm(), "NOT"),
    ],
    VOTE: [
        (lambda s: torch.stack(s).mean(0).argmax(1), "a probability has"),
        (by_heads, "count heads"),
        (surest, "a probability has"),
        (overflowing, "overflow"),
        (lambda s: s[0].argmax(1), "NOT"),
        (
            lambda s: torch.stack([x.softmax(1) for x in s]).mean(0),
            "NOT",
        ),
        (
            lambda s: torch.stack([x.softmax(0) for x in s]).mean(0).argmax(1),
            "NOT",
        ),
    ],
}
