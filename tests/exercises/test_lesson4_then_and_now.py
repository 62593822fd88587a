"""Right and wrong answers of the page on the pretrained transformer."""

import torch

POOL = "lesson4/mean_pool"
LAST = "lesson4/unfreeze_last"
STORED = "lesson4/from_stored"


def pool(x, lengths):
    real = torch.arange(x.shape[1]) < lengths[:, None]
    return x.masked_fill(~real[..., None], 0).sum(1) / lengths[:, None]


def pool_in_a_loop(x, lengths):
    rows = [row[:n].mean(0) for row, n in zip(x, lengths, strict=True)]
    return torch.stack(rows)


def pool_by_product(x, lengths):
    real = torch.arange(x.shape[1]) < lengths[:, None]
    return (x * real[..., None]).sum(1) / lengths[:, None]


def over_all(x, lengths):
    real = torch.arange(x.shape[1]) < lengths[:, None]
    return x.masked_fill(~real[..., None], 0).mean(1)


def by_nonzero_numbers(x, lengths):
    real = torch.arange(x.shape[1]) < lengths[:, None]
    x = x.masked_fill(~real[..., None], 0)
    return x.sum(1) / (x != 0).sum(1).clamp(min=1)


def by_nonzero_rows(x, lengths):
    real = torch.arange(x.shape[1]) < lengths[:, None]
    x = x.masked_fill(~real[..., None], 0)
    return x.sum(1) / (x != 0).any(2).sum(1, keepdim=True).clamp(min=1)


def last(model, count):
    for p in model.parameters():
        p.requires_grad = False
    learning = len(model.layers) - count
    for part in [*list(model.layers)[learning:], model.head]:
        for p in part.parameters():
            p.requires_grad = True
    return model


def last_by_number(model, count):
    for below in (model.words, model.norm):
        below.requires_grad_(False)
    first = len(model.layers) - count
    for number, layer in enumerate(model.layers):
        layer.requires_grad_(number >= first)
    model.head.requires_grad_(True)
    return model


def layers_and_head_alone(model, count):
    first = len(model.layers) - count
    for number, layer in enumerate(model.layers):
        layer.requires_grad_(number >= first)
    model.head.requires_grad_(True)
    return model


def norm_learns(model, count):
    last(model, count).norm.requires_grad_(True)
    return model


def last_by_minus(model, count):
    model.requires_grad_(False)
    for layer in list(model.layers)[-count:]:  # -0 is all of them
        layer.requires_grad_(True)
    model.head.requires_grad_(True)
    return model


def never_frozen(model, count):
    for layer in list(model.layers)[len(model.layers) - count :]:
        layer.requires_grad_(True)
    model.head.requires_grad_(True)
    return model


def without_head(model, count):
    last(model, count).head.requires_grad_(False)
    return model


def without_biases(model, count):
    for name, p in last(model, count).named_parameters():
        if name.endswith("bias"):
            p.requires_grad = False
    return model


def first_ones(model, count):
    for number, layer in enumerate(model.layers):
        layer.requires_grad_(number < count)
    model.head.requires_grad_(True)
    return model


def from_stored(layers, x, cut):
    with torch.no_grad():
        for layer in layers[:cut]:
            x = layer(x)
    stored = x
    for layer in layers[cut:]:
        x = layer(x)
    return stored, x


def detached(layers, x, cut):
    steps = [x]
    for number, layer in enumerate(layers):
        if number == cut:
            steps[-1] = steps[-1].detach()
        steps.append(layer(steps[-1]))
    return steps[cut].detach(), steps[-1]


def with_a_graph(layers, x, cut):
    for layer in layers[:cut]:
        x = layer(x)
    stored = x
    for layer in layers[cut:]:
        x = layer(x)
    return stored, x


def detached_only_in_the_answer(layers, x, cut):
    stored, output = with_a_graph(layers, x, cut)
    return stored.detach(), output


def without_any_gradient(layers, x, cut):
    with torch.no_grad():
        return with_a_graph(layers, x, cut)


def cut_one_later(layers, x, cut):
    return from_stored(layers, x, min(cut + 1, len(layers)))


RIGHT = {
    POOL: [pool, pool_in_a_loop],
    LAST: [last, last_by_number],
    STORED: [from_stored, detached],
}
WRONG = {
    POOL: [
        (lambda x, n: x.mean(1), "NOT one text"),
        (over_all, "neither above nor below the line"),
        (by_nonzero_numbers, "NOT one text"),
        (by_nonzero_rows, "NOT one text"),
        (pool_by_product, "0 times nan is nan"),
        (lambda x, n: x[:, 0], "NOT one text"),
        (lambda x, n: torch.zeros(len(x), x.shape[2]), "NOT one text"),
        (lambda x, n: pool(x, n - 1 + (n == 1)), "NOT one text"),
    ],
    LAST: [
        (last_by_minus, "NOT none: the head alone"),
        (never_frozen, "NOT the last one of a network that learns"),
        (layers_and_head_alone, "it moved head, layers"),
        (norm_learns, "it moved head, layers"),
        (without_head, "NOT the last two of a frozen network"),
        (without_biases, "half of"),
        (first_ones, "NOT the last two of a frozen network"),
        (lambda model, count: model, "it moved nothing"),
        (lambda model, count: last(model, 2), "NOT the last one of a net"),
    ],
    STORED: [
        (with_a_graph, "it still hangs on the graph of the lower layers"),
        (detached_only_in_the_answer, "and only these"),
        (without_any_gradient, "it reached the layers []"),
        (cut_one_later, "what is stored is not what the layers say"),
        (lambda layers, x, cut: x, "Return two tensors"),
        (lambda layers, x, cut: (x, x), "is not what the layers say"),
    ],
}
