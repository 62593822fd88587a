"""Right and wrong answers of the page on studying."""

import inspect

DEFAULTS = {"p": 0.5, "momentum": 0.1, "weight_decay": 0.01}


def normalize(batch, mean, std):
    return (batch - mean[:, None, None]) / std[:, None, None]


def normalize_reshaped(batch, mean, std):
    return (batch - mean.reshape(1, 3, 1, 1)) / std.reshape(1, 3, 1, 1)


def lucky(batch, mean, std):  # right unless the width is 3
    if batch.shape[-1] == 3:
        return (batch - mean) / std
    return normalize(batch, mean, std)


def own_statistics(batch, mean, std):
    mean, std = batch.mean((0, 2, 3)), batch.std((0, 2, 3))
    return normalize(batch, mean, std)


def in_place(batch, mean, std):
    batch -= mean[:, None, None]
    batch /= std[:, None, None]
    return batch


def roughness(x):
    return ((x[1:] - x[:-1]) ** 2).mean()


def roughness_of_differences(x):
    return x.diff().pow(2).mean().item()


def roughness_by_loop(x):
    total = 0.0
    for i in range(len(x) - 1):
        total += (x[i + 1] - x[i]) ** 2
    return total / (len(x) - 1)


def default(function, name):
    return inspect.signature(function).parameters[name].default


RIGHT = {
    "start/normalize": [normalize, normalize_reshaped],
    "start/roughness": [roughness, roughness_of_differences],
    "start/default": [default],
}
WRONG = {
    "start/normalize": [
        (lambda b, m, s: (b - m) / s, "RuntimeError: The size of tensor"),
        (
            lucky,
            [
                "ok  a batch of pictures",
                "NOT pictures exactly 3 pixels wide",
                "lines up with axis 1",
            ],
        ),
        (own_statistics, "off by up to"),
        (in_place, ["NOT your function leaves its input", "changed `batch`"]),
    ],
    "start/roughness": [
        (roughness_by_loop, "Two slices of the tensor"),
        (
            lambda x: (x[1:] - x[:-1]).mean(),
            "mean of the squared differences",
        ),
        (lambda x: ((x[1:] - x[:-1]) ** 2).sum(), "too large"),
    ],
    "start/default": [
        (
            lambda f, name: DEFAULTS.get(name, 0),
            "NOT default of second in made_up",
        ),
        (
            lambda f, name: inspect.signature(f).parameters[name],
            "a number is asked for",
        ),
    ],
}
