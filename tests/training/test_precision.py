import copy

import pytest
import torch
from torch import nn

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback, GradientClipping
from sevenlessons.training.learner import Learner
from sevenlessons.training.precision import MixedPrecisionLearner

DEVICES = ["cpu"] + (["cuda"] if torch.cuda.is_available() else [])
on_each_device = pytest.mark.parametrize("device", DEVICES)
both = pytest.mark.parametrize("precision", ["bf16", "fp16"])


def build(make=MixedPrecisionLearner, callbacks=(), factor=1.0, **options):
    torch.manual_seed(0)
    x = torch.randn(64, 8) * factor
    y = (x[:, 0] > 0).long()
    model = nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 2))
    return make(
        model,
        TensorLoader(x, y, batch_size=16),
        TensorLoader(x, y, batch_size=16),
        nn.functional.cross_entropy,
        torch.optim.SGD(model.parameters(), lr=0.1),
        callbacks=list(callbacks),
        **options,
    )


@on_each_device
@both
def test_learns_about_as_in_full_precision(device, precision):
    ours = build(precision=precision, device=device)
    full = build(Learner, device=device)
    ours_rows, full_rows = ours.fit(10).epochs, full.fit(10).epochs
    assert ours_rows[-1]["valid_loss"] < 0.7 * ours_rows[0]["valid_loss"]
    assert ours_rows[-1]["valid_loss"] == pytest.approx(
        full_rows[-1]["valid_loss"],
        rel=0.02,  # bf16 has 8 bits
    )
    assert ours_rows != full_rows


@on_each_device
@both
def test_sixteen_bits_inside_thirty_two_outside(device, precision):
    seen = []
    learner = build(precision=precision, device=device)
    learner.model[0].register_forward_hook(
        lambda module, inputs, output: seen.append(output.dtype)
    )
    learner.fit(1)
    low = {"bf16": torch.bfloat16, "fp16": torch.float16}[precision]
    assert set(seen) == {low}  # in training and in evaluation
    assert learner.loss.dtype == torch.float32
    outputs, _ = learner.predict(learner.valid_loader)
    assert outputs.dtype == torch.float32
    for parameter in learner.model.parameters():
        assert parameter.dtype == parameter.grad.dtype == torch.float32


class Norm(Callback):
    def __init__(self):
        self.norms = []

    def on_backward_end(self, learner):
        grads = [p.grad for p in learner.model.parameters()]
        self.norms.append(nn.utils.get_total_norm(grads).item())


@on_each_device
def test_hooks_see_unscaled_gradients(device):
    ours, full = Norm(), Norm()
    learner = build(callbacks=[ours], precision="fp16", device=device)
    learner.fit(1)
    build(Learner, callbacks=[full], device=device).fit(1)
    assert learner.loss_scale >= 2.0**10  # so a scaled gradient would differ
    assert ours.norms == pytest.approx(full.norms, rel=0.02)


@on_each_device
def test_clipping_clips_the_true_norm(device):
    after = Norm()
    callbacks = [GradientClipping(1e-3), after]
    build(callbacks=callbacks, precision="fp16", device=device).fit(1)
    assert after.norms == pytest.approx([1e-3] * 4, rel=0.01)


@on_each_device
def test_an_infinite_gradient_skips_the_step(device):
    class Spoil(Callback):
        def on_loss(self, learner):
            if len(learner.history.steps) == 1:
                learner.loss = learner.loss * float("inf")

    class Weights(Callback):
        def __init__(self):
            self.weights, self.scales = [], []

        def on_batch_end(self, learner):
            self.weights.append(copy.deepcopy(learner.model[0].weight))
            self.scales.append(learner.loss_scale)

    seen = Weights()
    learner = build(callbacks=[Spoil(), seen], precision="fp16", device=device)
    learner.fit(1)
    first, second, third, _ = seen.weights
    assert torch.equal(first, second) and not torch.equal(second, third)
    assert torch.isfinite(third).all()
    assert seen.scales[1] == seen.scales[0] / 2 == seen.scales[2]


def test_overflow_in_sixteen_bits_is_skipped_until_the_scale_fits():
    learner = build(precision="fp16", factor=1000.0)
    learner.scaler = torch.amp.GradScaler("cpu", init_scale=2.0**24)
    learner.fit(3)
    assert learner.loss_scale < 2.0**24
    for parameter in learner.model.parameters():
        assert torch.isfinite(parameter).all()


def test_bf16_needs_no_scale():
    learner = build(precision="bf16")
    learner.fit(1)
    assert learner.loss_scale == 1


def test_a_model_with_several_outputs():
    class Two(nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = nn.Linear(8, 2)

        def forward(self, x):
            return self.layer(x), [self.layer(x), len(x)]

    learner = build(precision="bf16")
    learner.model = Two()
    first, (second, count) = learner.forward(torch.randn(3, 8))
    assert first.dtype == second.dtype == torch.float32
    assert count == 3


def test_state_goes_with_the_learner():
    learner, other = build(precision="fp16"), build(precision="fp16")
    learner.scaler = torch.amp.GradScaler("cpu", growth_interval=2)
    learner.fit(1)
    other.load_state_dict(learner.state_dict())
    assert other.loss_scale == learner.loss_scale > 2.0**16


def test_picks_what_the_device_does_well(monkeypatch):
    assert build().precision == "bf16"
    if not torch.cuda.is_available():
        return
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda **_: False)
    assert build(device="cuda").precision == "fp16"


@pytest.mark.parametrize("precision", ["fp8", 16, ""])
def test_unknown_precision(precision):
    with pytest.raises(ValueError, match="must be 'bf16' or 'fp16', got"):
        build(precision=precision)
