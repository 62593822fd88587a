"""Right and wrong answers about hooks."""

from contextlib import ExitStack, contextmanager, suppress

WATCH = "lesson6/watching"
DEAD = "lesson6/dead_units"
SPREAD = "lesson6/total_spread"


@contextmanager
def by_list(layers, see):
    handles = []
    try:
        for layer in layers:
            handles.append(
                layer.register_forward_hook(
                    lambda m, i, output: (see(output), None)[1]
                )
            )
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def by_stack(layers, see):
    def hook(layer, inputs, output):
        see(output)

    with ExitStack() as stack:
        for layer in layers:
            stack.callback(layer.register_forward_hook(hook).remove)
        yield


class AsClass:
    def __init__(self, layers, see):
        self.layers, self.see, self.handles = layers, see, []

    def __enter__(self):
        try:
            for layer in self.layers:
                handle = layer.register_forward_hook(
                    lambda m, i, output: [self.see(output)] and None
                )
                self.handles.append(handle)
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *error):
        for handle in self.handles:
            handle.remove()


def by_class(layers, see):
    return AsClass(layers, see)


@contextmanager
def no_finally(layers, see):
    handles = [put_plain(layer, see) for layer in layers]
    yield
    for handle in handles:
        handle.remove()


def put_plain(layer, see):
    def hook(layer, inputs, output):
        see(output)

    return layer.register_forward_hook(hook)


@contextmanager
def before_try(layers, see):
    handles = [put_plain(layer, see) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def swallows(layers, see):
    with ExitStack() as stack:
        for layer in layers:
            stack.callback(put_plain(layer, see).remove)
        with suppress(Exception):
            yield


@contextmanager
def never_removed(layers, see):
    for layer in layers:
        put_plain(layer, see)
    yield


@contextmanager
def clears_all(layers, see):
    with ExitStack() as stack:
        for layer in layers:
            stack.callback(layer._forward_hooks.clear)
            put_plain(layer, see)
        yield


@contextmanager
def first_only(layers, see):
    handle = put_plain(layers[0], see)
    try:
        yield
    finally:
        handle.remove()


@contextmanager
def sees_inputs(layers, see):
    with ExitStack() as stack:
        for layer in layers:
            handle = layer.register_forward_hook(
                lambda layer, inputs, output: (see(inputs[0]), None)[1]
            )
            stack.callback(handle.remove)
        yield


@contextmanager
def changes(layers, see):
    def hook(layer, inputs, output):
        see(output)
        return output + 1

    with ExitStack() as stack:
        for layer in layers:
            handle = layer.register_forward_hook(hook)
            stack.callback(handle.remove)
        yield


@contextmanager
def hands_on(layers, see):
    """Return what `see` returned: it takes the place of the output."""
    handles = []
    try:
        for layer in layers:
            handles.append(
                layer.register_forward_hook(lambda m, i, output: see(output))
            )
        yield
    finally:
        for handle in handles:
            handle.remove()


@contextmanager
def nothing(layers, see):
    yield


def dead(output, above=True, axis=0, flat=True):
    live = output > 0 if above else output != 0
    if flat:
        live = live.transpose(0, 1).flatten(1)
        return 1 - live.any(1).float().mean().item()
    return 1 - live.any(axis).float().mean().item()


def dead_by_loop(output):
    units = output.shape[1]
    return sum(bool((output[:, k] <= 0).all()) for k in range(units)) / units


def spread(counts, means, spreads, weigh=True, between=True, root=True):
    weights = counts if weigh else [1] * len(counts)
    total = sum(weights)
    mean = sum(n * m for n, m in zip(weights, means, strict=True)) / total
    square = (
        sum(
            n * (s**2 + ((m - mean) ** 2 if between else 0))
            for n, m, s in zip(weights, means, spreads, strict=True)
        )
        / total
    )
    return mean, square**0.5 if root else square


def step_by_step(counts, means, spreads):
    total, mean, square = 0, 0.0, 0.0
    for n, m, s in zip(counts, means, spreads, strict=True):
        gap = m - mean
        square += n * s**2 + gap**2 * total * n / (total + n)
        mean += gap * n / (total + n)
        total += n
    return mean, (square / total) ** 0.5


RIGHT = {
    WATCH: [by_list, by_stack, by_class],
    DEAD: [dead, dead_by_loop],
    SPREAD: [spread, step_by_step],
}
WRONG = {
    WATCH: [
        (no_finally, "in a `finally`"),
        (before_try, "inside the `try`"),
        (swallows, "Do not swallow"),
        (never_removed, "hooks are on the network"),
        (clears_all, "one was there before"),
        (first_only, "after each run of each"),
        (sees_inputs, "the output alone"),
        (changes, "takes the place of the output"),
        (hands_on, "takes the place of the output"),
        (nothing, "after each run of each"),
        (lambda layers, see: [put_plain(x, see) for x in layers], "yield"),
        (lambda layers, see: layers, "yield"),
    ],
    DEAD: [
        (lambda y: (y <= 0).float().mean().item(), "NOT"),
        (lambda y: dead(y, above=False), "NOT"),
        (lambda y: dead(y, flat=False), "NOT"),
        (lambda y: dead(y, flat=False, axis=1), "NOT"),
        (lambda y: 1 - dead(y), "NOT"),
        (lambda y: dead(y.transpose(0, 1)), "NOT"),
        (lambda y: dead(y[:1]), "NOT"),
        (lambda y: 0.5, "NOT"),
    ],
    SPREAD: [
        (lambda n, m, s: spread(n, m, s, weigh=False), "by their size"),
        (lambda n, m, s: spread(n, m, s, between=False), "two sources"),
        (lambda n, m, s: spread(n, m, s, root=False), "NOT"),
        (lambda n, m, s: (sum(m) / len(m), sum(s) / len(s)), "NOT"),
        (lambda n, m, s: spread(n, m, s)[0], "NOT"),
        (lambda n, m, s: (m[-1], s[-1]), "NOT"),
        (lambda n, m, s: (0.0, 1.0), "NOT"),
    ],
}
