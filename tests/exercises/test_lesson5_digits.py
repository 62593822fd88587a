"""Right and wrong answers of the digits page."""

import copy
import math

import pytest
import torch
from torch import nn

from sevenlessons.page.exercises import try_answer
from sevenlessons.training.callbacks import EarlyStopping

STOPPER = "lesson5/nan_stopper"
LAYER = "lesson5/kaiming_linear"
DEAL = "lesson5/deal_rows"
EARLY = "lesson5/stop_early"


class Guard:
    """Keeps a copy at one moment, and acts at the end of the batch."""

    keep_at = "on_batch_begin"
    bad = staticmethod(lambda loss: not math.isfinite(loss))
    copied = staticmethod(copy.deepcopy)
    stops = restores = True

    def _keep(self, learner):
        self.kept = self.copied(learner.model.state_dict())

    def __getattr__(self, name):
        if name == self.keep_at:
            return self._keep
        raise AttributeError(name)

    def on_batch_end(self, learner):
        if self.bad(learner.loss.item()):
            if self.restores:
                learner.model.load_state_dict(self.kept)
            if self.stops:
                learner.stop()


def guard(**changes):
    """Return a function that makes a guard with other parts."""
    parts = {
        name: staticmethod(part) if callable(part) else part
        for name, part in changes.items()
    }
    kind = type("Changed", (Guard,), parts)
    return lambda: kind()


class AtTheEnd:
    """Restores at the very end only."""

    def on_fit_begin(self, learner):
        self.spoiled = False

    def on_batch_begin(self, learner):
        self.kept = {
            name: value.clone()
            for name, value in learner.model.state_dict().items()
        }

    def on_loss(self, learner):
        self.spoiled = not bool(learner.loss.isfinite())
        if self.spoiled:
            learner.stop()

    def on_fit_end(self, learner):
        if self.spoiled:
            learner.model.load_state_dict(self.kept)


class ParametersOnly:
    def on_batch_begin(self, learner):
        self.kept = [p.detach().clone() for p in learner.model.parameters()]

    def on_batch_end(self, learner):
        if not learner.loss.isfinite():
            with torch.no_grad():
                for p, kept in zip(
                    learner.model.parameters(), self.kept, strict=True
                ):
                    p.copy_(kept)
            learner.stop()


class Raises:
    def on_loss(self, learner):
        if not learner.loss.isfinite():
            raise FloatingPointError("the loss is NaN")


def layer(
    inputs, outputs, std=None, uniform=False, bias=0.0, mean=0.0, seed=None
):
    if seed is not None:
        torch.manual_seed(seed)
    made = nn.Linear(inputs, outputs)
    std = math.sqrt(2 / inputs) if std is None else std
    with torch.no_grad():
        if uniform:
            made.weight.uniform_(-std * math.sqrt(3), std * math.sqrt(3))
        else:
            made.weight.normal_(mean, std)
        made.bias.fill_(bias)
    return made


class Own(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        start = torch.randn(outputs, inputs) * (2 / inputs) ** 0.5
        self.weight = nn.Parameter(start)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, x):
        return x @ self.weight.T + self.bias


class Detached(Own):
    def forward(self, x):
        return x @ self.weight.detach().T + self.bias


class AllDetached(Own):
    def forward(self, x):
        return super().forward(x).detach()


class NoBias(Own):
    def forward(self, x):
        return x @ self.weight.T + 0 * self.bias


class Plain(Own):
    def __init__(self, inputs, outputs):
        super().__init__(inputs, outputs)
        weight = self.weight.detach()
        del self.weight
        self.weight = weight


def turned(inputs, outputs):
    made = Own(inputs, outputs)
    made.weight = nn.Parameter(made.weight.detach().T.contiguous())
    return made


def deal(num_rows, batch_size, drop_last, generator, order=None):
    if order is None:
        order = torch.randperm(num_rows, generator=generator)
    order = torch.as_tensor(order).tolist()
    starts = range(0, num_rows, batch_size)
    batches = [order[i : i + batch_size] for i in starts]
    if drop_last and batches and len(batches[-1]) < batch_size:
        batches.pop()
    return batches


def with_split(num_rows, batch_size, drop_last, generator):
    order = torch.randperm(num_rows, generator=generator)
    parts = order.split(batch_size)
    return [p for p in parts if len(p) == batch_size or not drop_last]


def replaced(n, size, drop_last, generator):
    return deal(
        n,
        size,
        drop_last,
        generator,
        torch.randint(n, (n,), generator=generator),
    )


def whole_batches(n, size, drop_last, generator):
    batches = deal(n, size, drop_last, generator, range(n))
    full = [batch for batch in batches if len(batch) == size]
    order = torch.randperm(len(full), generator=generator).tolist()
    return [full[i] for i in order] + batches[len(full) :]


def within_batches(n, size, drop_last, generator):
    return [
        [
            batch[i]
            for i in torch.randperm(len(batch), generator=generator).tolist()
        ]
        for batch in deal(n, size, drop_last, generator, range(n))
    ]


def tail_stays(n, size, drop_last, generator):
    full = n - n % size
    order = torch.randperm(full, generator=generator).tolist()
    return deal(n, size, drop_last, generator, [*order, *range(full, n)])


def rolled(n, size, drop_last, generator, step=1):
    begin = int(torch.randint(n, (1,), generator=generator))
    order = [(begin + step * row) % n for row in range(n)]
    return deal(n, size, drop_last, generator, order)


def turned_or_rolled(n, size, drop_last, generator):
    step = 1 - 2 * int(torch.randint(2, (1,), generator=generator))
    return rolled(n, size, drop_last, generator, step)


def fixed_then_rolled(n, size, drop_last, generator):
    begin = int(torch.randint(n, (1,), generator=generator))
    fixed = torch.randperm(n, generator=torch.Generator().manual_seed(n))
    order = [*fixed[begin:], *fixed[:begin]]
    return deal(n, size, drop_last, generator, order)


def seeded(n, size, drop_last, generator):
    fixed = torch.Generator().manual_seed(n)
    return deal(n, size, drop_last, fixed)


def early(losses, patience, ties=False, ahead=False, last=False):
    best, kept, waited = math.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best or (ties and loss == best):
            best, kept, waited = loss, epoch, 0
        else:
            waited += 1
        if last and epoch and not loss >= losses[epoch - 1]:
            waited = 0
        if waited == patience + ahead:
            return epoch, kept
    return len(losses) - 1, kept


def with_the_package(losses, patience):
    """Return what the package's callback does."""
    learner = type("Learner", (), {})()
    learner.model, learner.stopped = nn.Linear(1, 1), False
    learner.history = type("History", (), {"epochs": []})()
    learner.stop = lambda: setattr(learner, "stopped", True)
    stopping = EarlyStopping(patience=patience)
    stopping.on_fit_begin(learner)
    kept = 0
    for epoch, loss in enumerate(losses):
        learner.history.epochs.append({"valid_loss": loss})
        stopping.on_epoch_end(learner)
        kept = epoch if stopping.wait == 0 else kept
        if learner.stopped:
            return epoch, kept
    return len(losses) - 1, kept


def never_resets(losses, patience):
    best, kept, waited = math.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < best:
            best, kept = loss, epoch
        else:
            waited += 1
        if waited == patience:
            return epoch, kept
    return len(losses) - 1, kept


def sees_the_future(losses, patience):
    finite = [x if x == x else math.inf for x in losses]
    return early(losses, patience)[0], finite.index(min(finite))


RIGHT = {
    STOPPER: [lambda: Guard(), lambda: AtTheEnd()],
    LAYER: [
        lambda a, b: Own(a, b),
        layer,
        lambda a, b: layer(a, b, uniform=True),
    ],
    DEAL: [deal, with_split],
    EARLY: [early, with_the_package],
}
WRONG = {
    STOPPER: [
        (guard(restores=False), "not those from before the bad batch"),
        (guard(stops=False), "a stop at number"),
        (guard(copied=lambda state: state), "not those from before"),
        (guard(copied=dict), "not those from before"),
        (guard(bad=math.isnan), "NaN or infinite"),
        (guard(bad=math.isinf), "a stop at number"),
        (guard(bad=lambda loss: loss > 0.5), "no stop: every loss was"),
        (guard(bad=lambda loss: False), "a stop at number"),
        (guard(keep_at="on_epoch_begin"), "not those from before"),
        (guard(keep_at="on_fit_begin"), "not those from before"),
        (guard(keep_at="on_loss"), "running statistics"),
        (lambda: ParametersOnly(), "running statistics"),
        (lambda: Raises(), "the loss is NaN"),
        (lambda: Guard, "return an object of it: Guard()"),
        (lambda: object(), "a stop at number"),
        (lambda: 3, "a stop at number"),
    ],
    LAYER: [
        (nn.Linear, "the bias should start at zero"),
        (lambda a, b: layer(a, b, std=2 / a), "or its square"),
        (lambda a, b: layer(a, b, std=(2 / b) ** 0.5), "the number of what"),
        (lambda a, b: layer(a, b, std=(1 / a) ** 0.5), "standard deviation"),
        (lambda a, b: layer(a, b, std=(6 / a) ** 0.5), "standard deviation"),
        (lambda a, b: layer(a, b, std=(4 / (a + b)) ** 0.5), "deviation"),
        (lambda a, b: layer(a, b, std=1.0), "standard deviation"),
        (lambda a, b: layer(a, b, mean=0.1), "mean should be zero"),
        (lambda a, b: layer(a, b, std=0.0), "the same weights"),
        (lambda a, b: layer(a, b, seed=1), "set no seed"),
        (lambda a, b: layer(a, b, bias=0.1), "should start at zero"),
        (lambda a, b: Detached(a, b), "not copies of them"),
        (lambda a, b: AllDetached(a, b), "not copies of them"),
        (lambda a, b: NoBias(a, b), "add the bias"),
        (lambda a, b: Plain(a, b), "by `nn.Parameter`"),
        (turned, "expected an `nn.Module`"),
        (lambda a, b: nn.Linear(a, b, bias=False), "'bias'"),
        (lambda a, b: torch.randn(b, a) * (2 / a) ** 0.5, "got Tensor"),
    ],
    DEAL: [
        (lambda n, b, d, g: deal(n, b, d, g, range(n)), "the same order"),
        (lambda n, b, d, g: deal(n, b, False, g), "drop_last says no"),
        (lambda n, b, d, g: deal(n, b, True, g), "drop_last says no"),
        (lambda n, b, d, g: deal(n, b, not d, g), "drop_last says no"),
        (replaced, "may come once only"),
        (whole_batches, "Shuffle all rows, then cut"),
        (within_batches, "Shuffle all rows"),
        (tail_stays, "always left out"),
        (rolled, "Shuffle all rows"),
        (turned_or_rolled, "Shuffle all rows"),
        (fixed_then_rolled, "Shuffle all rows"),
        (seeded, "go on drawing from the generator"),
        (lambda n, b, d, g: deal(n, b, d, None), "from nothing else"),
        (
            lambda n, b, d, g: deal(
                n, b, d, g, torch.randperm(n, generator=g) + 1
            ),
            "each from 0 to",
        ),
        (lambda n, b, d, g: list(range(n)), "list of lists"),
        (lambda n, b, d, g: deal(n, b + 1, d, g), "the batches hold"),
    ],
    EARLY: [
        (lambda x, p: early(x, p, ties=True), "Only a smaller loss"),
        (lambda x, p: early(x, p, ahead=True), "at `patience` of them stop"),
        (lambda x, p: early(x, p - 1), "not right"),
        (lambda x, p: early(x, p)[::-1], "not right"),
        (lambda x, p: early(x, p)[0], "NOT"),
        (lambda x, p: (early(x, p)[0], early(x, p)[0]), "NOT"),
        (lambda x, p: (len(x) - 1, early(x, 99)[1]), "NOT"),
        (lambda x, p: early(x, p, last=True), "best loss so far"),
        (never_resets, "the count begins at zero"),
        (sees_the_future, "was never trained"),
        (lambda x, p: tuple(e + 1 for e in early(x, p)), "NOT"),
        (lambda x, p: (3, 3), "NOT"),
    ],
}


@pytest.mark.parametrize("key", RIGHT)
def test_no_answer_passes_or_fails_by_chance(key):
    for seed in range(100, 108):
        for answer in RIGHT[key]:
            report = try_answer(key, answer, seed=seed)
            assert report, str(report)
        for answer, _ in WRONG[key]:
            assert not try_answer(key, answer, seed=seed)
