import pytest
import torch
from torch import nn

from sevenlessons.training.callbacks import Callback
from sevenlessons.training.curves import cosine
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

SETTINGS = [
    dict(),
    dict(pct_start=0.3, div=10, final_div=100),
    dict(pct_start=0.06, momentum=(0.9, 0.8)),
    dict(shape="linear", div=5),
]


def torch_cycle(groups, max_lr, steps, adam=False, **settings):
    """Return rates of each group and the momentum of OneCycleLR."""
    momentum = settings.get("momentum", (0.95, 0.85))
    tensors = [torch.zeros(1, requires_grad=True) for _ in range(groups)]
    kind = torch.optim.AdamW if adam else torch.optim.SGD
    more = {} if adam else {"momentum": 0.9}
    optimizer = kind([{"params": [t]} for t in tensors], lr=0.1, **more)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        max_lr,
        total_steps=steps,
        pct_start=settings.get("pct_start", 0.25),
        div_factor=settings.get("div", 25),
        final_div_factor=settings.get("final_div", 1e4),
        anneal_strategy={"cosine": "cos", "linear": "linear"}[
            settings.get("shape", "cosine")
        ],
        base_momentum=momentum[1],
        max_momentum=momentum[0],
    )
    rows = []
    for _ in range(steps):
        rows.append(read(optimizer))
        optimizer.step()
        scheduler.step()
    return rows


def read(optimizer):
    """Return rates of all groups, then the momentum of the first."""
    group = optimizer.param_groups[0]
    momentum = group["betas"][0] if "betas" in group else group["momentum"]
    return [g["lr"] for g in optimizer.param_groups] + [momentum]


class Recorder(Callback):
    def __init__(self):
        self.rows = []

    def on_loss(self, learner):
        self.rows.append(read(learner.optimizer))


def trained_with(
    schedule, steps, groups=1, adam=False, epochs=1, batches=None
):
    """Return what the optimizer held at each step of a real fit."""
    model = nn.ModuleList(nn.Linear(1, 1) for _ in range(groups))
    model.forward = lambda x: sum(layer(x) for layer in model)
    kind = torch.optim.AdamW if adam else torch.optim.SGD
    more = {} if adam else {"momentum": 0.9}
    optimizer = kind(
        [{"params": layer.parameters()} for layer in model], lr=0.1, **more
    )
    batch = (torch.zeros(2, 1), torch.zeros(2, 1))
    recorder = Recorder()
    learner = Learner(
        model,
        [batch] * (batches or steps),
        None,
        nn.functional.mse_loss,
        optimizer,
        callbacks=[LRScheduler(schedule, steps), recorder],
    )
    learner.fit(epochs)
    return recorder.rows, optimizer


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("steps", [20, 21, 137])
@pytest.mark.parametrize("adam", [False, True])
def test_one_cycle_is_one_cycle_lr(settings, steps, adam):
    expected = torch_cycle(1, 0.3, steps, adam, **settings)
    got, _ = trained_with(one_cycle(0.3, **settings), steps, adam=adam)
    apart = torch.tensor(got, dtype=torch.float64) - torch.tensor(
        expected, dtype=torch.float64
    )
    assert len(got) == steps
    assert apart.abs().max() < 1e-12


def test_one_cycle_with_a_rate_for_each_group():
    tops = [1e-5, 1e-4, 1e-3]
    expected = torch_cycle(3, tops, 40)
    got, _ = trained_with(one_cycle(tops), 40, groups=3)
    apart = torch.tensor(got, dtype=torch.float64) - torch.tensor(
        expected, dtype=torch.float64
    )
    assert apart.abs().max() < 1e-12


def test_one_curve_serves_all_groups_and_leaves_the_momentum():
    got, _ = trained_with(cosine(0.2, 0.0), 5, groups=2)
    assert [row[0] for row in got] == [row[1] for row in got]
    assert [row[2] for row in got] == [0.9] * 5
    assert got[0][0] == 0.2 and got[-1][0] == pytest.approx(0.0, abs=1e-12)


def test_further_steps_stay_at_the_last_value():
    got, _ = trained_with(cosine(0.2, 0.1), 4, epochs=2, batches=3)
    assert [row[0] for row in got[3:]] == pytest.approx([0.1] * 3)


@pytest.mark.parametrize("adam", [False, True])
def test_the_optimizer_gets_its_rates_back(adam):
    _, optimizer = trained_with(one_cycle(0.5), 10, adam=adam)
    assert read(optimizer) == [0.1, 0.9]


def test_a_second_fit_runs_the_whole_schedule_again():
    model = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=1.0)
    batch = (torch.zeros(2, 1), torch.zeros(2, 1))
    learner = Learner(
        model,
        [batch] * 4,
        None,
        nn.functional.mse_loss,
        optimizer,
        callbacks=[LRScheduler(cosine(0.2, 0.1), 4)],
    )
    learner.fit(1)
    learner.fit(1)
    rates = [step["lr"] for step in learner.history.steps]
    assert rates[:4] == rates[4:]


def test_state_goes_round_trip():
    scheduler = LRScheduler(cosine(0.2, 0.1), 4)
    scheduler.step = 3
    other = LRScheduler(cosine(0.2, 0.1), 4)
    other.load_state_dict(scheduler.state_dict())
    assert other.step == 3


@pytest.mark.parametrize(
    "make, words",
    [
        (lambda: one_cycle(-0.1), "max_lr must be positive, got -0.1"),
        (lambda: one_cycle([]), "max_lr must be positive"),
        (lambda: one_cycle(0.1, pct_start=1.5), r"in \(0, 1\), got 1.5"),
        (lambda: one_cycle(0.1, div=0), "div and final_div must be positive"),
        (lambda: one_cycle(0.1, momentum=(0.8, 0.9)), "0 <= low <= high < 1"),
        (lambda: one_cycle(0.1, shape="cos"), "'cosine' or 'linear'"),
        (lambda: LRScheduler(cosine(1, 0), 0), "num_steps must be at least 1"),
    ],
)
def test_bad_schedules_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


def test_what_is_no_schedule_is_refused():
    with pytest.raises(TypeError, match="a Schedule such as one_cycle"):
        LRScheduler(0.1, 10)


def test_a_wrong_number_of_rates_is_refused():
    with pytest.raises(ValueError, match="2 rates but the optimizer has 3"):
        trained_with(one_cycle([0.1, 0.2]), 5, groups=3)


def test_an_optimizer_without_momentum_is_refused():
    model = nn.Linear(1, 1)
    optimizer = torch.optim.Adagrad(model.parameters())
    learner = Learner(
        model,
        [(torch.zeros(2, 1), torch.zeros(2, 1))],
        None,
        nn.functional.mse_loss,
        optimizer,
        callbacks=[LRScheduler(one_cycle(0.1), 1)],
    )
    with pytest.raises(ValueError, match="Adagrad has neither momentum"):
        learner.fit(1)
