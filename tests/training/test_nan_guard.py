import pytest
import torch
from torch import nn

from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Learner
from sevenlessons.training.nan_guard import StopOnNaN

NAN, INF = float("nan"), float("inf")


def batches(count=4):
    generator = torch.Generator().manual_seed(0)
    return [
        (torch.randn(5, 3, generator=generator), torch.ones(5, 1))
        for _ in range(count)
    ]


def build(data, *callbacks, lr=0.1, loss_fn=nn.functional.mse_loss):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.Linear(4, 1))
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    return Learner(
        model, data, None, loss_fn, optimizer, callbacks=list(callbacks)
    )


def test_a_healthy_fit_is_left_alone():
    plain, guarded = build(batches()), build(batches(), StopOnNaN())
    assert plain.fit(3) == guarded.fit(3)


def test_names_the_input_and_keeps_the_weights():
    data = batches()
    data[2][0][3, 1], data[2][0][4, 0] = NAN, INF
    learner = build(data, StopOnNaN())
    with pytest.raises(
        FloatingPointError,
        match=r"loss is nan at epoch 0, batch 2 \(lr 0\.1\); input 0 of the "
        r"batch has 1 NaN and 1 inf, the first at \[3, 1\]; look at the data",
    ):
        learner.fit(2)
    for parameter in learner.model.parameters():
        assert torch.isfinite(parameter).all()


def test_names_the_target():
    data = batches()
    data[1][1][0, 0] = -INF
    with pytest.raises(
        FloatingPointError,
        match=r"loss is inf at epoch 0, batch 1 .*the target of the batch has "
        r"0 NaN and 1 inf, the first at \[0, 0\]",
    ):
        build(data, StopOnNaN()).fit(1)


def test_counts_epochs_and_batches():
    class Spoil(Callback):
        def on_batch_begin(self, learner):
            if len(learner.history.steps) == 9:
                learner.batch = tuple(x * NAN for x in learner.batch)

    learner = build(batches(), Spoil(), StopOnNaN())
    with pytest.raises(FloatingPointError, match="at epoch 2, batch 1 "):
        learner.fit(3)


def test_names_weights_broken_by_a_step():
    class Spoil(Callback):
        def on_batch_end(self, learner):
            with torch.no_grad():
                learner.model[1].weight[0, 2] = NAN

    with pytest.raises(
        FloatingPointError,
        match=r"weights 1\.weight have 1 NaN and 0 inf, the first at "
        r"\[0, 2\]: an earlier step broke them; the last gradients are "
        r"finite; try a lower lr, clip gradients",
    ):
        build(batches(), Spoil(), StopOnNaN()).fit(1)


def test_names_the_gradient_that_broke_them():
    def root(prediction, target):  # its derivative at 0 is infinite
        return (0 * prediction).square().mean().sqrt()

    with pytest.raises(
        FloatingPointError,
        match=r"batch 1 .*weights 0\.weight have 12 NaN.*the last gradient "
        r"of 0\.weight has 12 NaN",
    ):
        build(batches(), StopOnNaN(), loss_fn=root).fit(1)


def test_a_rate_much_too_high():
    with pytest.raises(FloatingPointError, match=r"\(lr 1e\+10\)"):
        build(batches(), StopOnNaN(), lr=1e10).fit(5)


def test_names_the_loss_when_all_else_is_finite():
    def logarithm(prediction, target):
        return (prediction.detach() * 0 + prediction.sum() * 0).log().mean()

    with pytest.raises(
        FloatingPointError,
        match=r"loss is -inf .*are finite, so the forward pass or the loss "
        r"overflowed",
    ):
        build(batches(), StopOnNaN(), loss_fn=logarithm).fit(1)


def test_several_rates_are_all_named():
    learner = build(batches(), StopOnNaN())
    learner.optimizer = torch.optim.SGD(
        [
            {"params": learner.model[0].parameters(), "lr": 0.5},
            {"params": learner.model[1].parameters(), "lr": 2.0},
        ]
    )
    learner.train_loader[0][0][:] = NAN
    with pytest.raises(FloatingPointError, match=r"\(lr 0\.5, 2\)"):
        learner.fit(1)


def test_looks_at_every_so_many_batches():
    data = batches(6)
    data[1][0][0, 0] = NAN
    with pytest.raises(
        FloatingPointError,
        match=r"batch 4 .*only every 4th loss.*StopOnNaN\(every=1\)",
    ):
        build(data, StopOnNaN(every=4)).fit(1)


def test_the_epoch_is_looked_at_as_a_whole():
    data = batches(6)
    data[-1][0][0, 0] = NAN
    with pytest.raises(FloatingPointError, match="at epoch 0, batch 5"):
        build(data, StopOnNaN(every=100)).fit(1)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")
def test_a_gpu_need_not_wait_at_every_batch():
    model = nn.Linear(3, 1)
    data = batches(6)
    data[1][0][0, 0] = NAN
    learner = Learner(
        model,
        data,
        None,
        nn.functional.mse_loss,
        torch.optim.SGD(model.parameters(), lr=0.1),
        callbacks=[StopOnNaN()],
        device="cuda",
    )
    with pytest.raises(FloatingPointError, match="only every 50th loss"):
        learner.fit(1)


@pytest.mark.parametrize("every", [0, -5])
def test_too_small(every):
    with pytest.raises(ValueError, match=f"at least 1, got {every}"):
        StopOnNaN(every)


@pytest.mark.parametrize("every", [1.5, True, "all"])
def test_no_whole_number(every):
    with pytest.raises(TypeError, match="every must be a whole number, got"):
        StopOnNaN(every)
