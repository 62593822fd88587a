"""Fine-tuning by a plan: what each switch holds still."""

import copy
from dataclasses import replace

import pytest
import torch
from torch import nn

from sevenlessons.training.callbacks import Callback
from sevenlessons.vision.backbones import load_backbone, split_backbone
from sevenlessons.vision.features import cached_features
from sevenlessons.vision.tuning import body_norms, fine_tune, new_model
from sevenlessons.vision.tuning_plan import TuningPlan

LATE = split_backbone(load_backbone("mobilenet_v2", pretrained=False), 17)[1]
GENERATOR = torch.Generator().manual_seed(0)
MAPS = torch.randn(8, 2, 160, 2, 2, generator=GENERATOR)
TARGET = torch.arange(8) % 2
STORED = cached_features(LATE, MAPS.flatten(0, 1), pool="none").unflatten(
    0, (8, 2)
)
OFF = TuningPlan((1e-3, 1e-3, 1e-3), epochs=2)


def tuned(plan, seed=0, **more):
    return fine_tune(
        LATE,
        MAPS,
        TARGET,
        2,
        plan,
        stored=STORED,
        batch_size=4,
        seed=seed,
        **more,
    )


def moved(model, plan, seed=0):
    """Return names of tensors that differ from the start."""
    start = new_model(LATE, 2, plan, seed=seed).state_dict()
    return {
        name
        for name, tensor in model.state_dict().items()
        if not torch.equal(tensor, start[name])
    }


def norm_names(model):
    norms = set(body_norms(model))
    return {name for name, m in model.named_modules() if m in norms}


def test_everything_moves_when_all_is_off():
    model = tuned(OFF)
    assert moved(model, OFF) == set(model.state_dict())


def test_the_head_alone():
    plan = replace(OFF, epochs=0, head_epochs=2)
    found = moved(tuned(plan), plan)
    assert found == {"head.2.weight", "head.2.bias"}


def test_fixed_statistics_and_scales():
    plan = replace(OFF, fixed_statistics=True, fixed_scales=True)
    model = tuned(plan)
    names = norm_names(model)
    found = moved(model, plan)
    assert not {n for n in found if n.rpartition(".")[0] in names}
    assert "backbone.body.18.0.weight" in found


@pytest.mark.parametrize("remeasured", [False, True])
def test_fixed_statistics_alone(remeasured):
    plan = replace(OFF, fixed_statistics=True, remeasured=remeasured)
    model = tuned(plan)
    found = {n for n in moved(model, plan) if "backbone" in n}
    parts = {n.rpartition(".")[2] for n in found}
    assert parts == {"weight", "bias"}
    assert all(m.training for m in model.modules())


def test_fixed_scales_alone():
    plan = replace(OFF, fixed_scales=True)
    model = tuned(plan)
    names = norm_names(model)
    parts = {
        n.rpartition(".")[2]
        for n in moved(model, plan)
        if n.rpartition(".")[0] in names
    }
    assert parts == {"running_mean", "running_var", "num_batches_tracked"}


def test_thaw_keeps_the_early_group():
    plan = replace(OFF, thaw=[-1, -2], fixed_statistics=True, remeasured=False)
    found = moved(tuned(plan), plan)
    assert not {n for n in found if n.startswith("backbone.body.17")}
    assert {n for n in found if n.startswith("backbone.body.18")}


def test_remeasured_changes_statistics_only():
    with_, without = tuned(OFF), tuned(replace(OFF, remeasured=False))
    parts = {
        name.rpartition(".")[2]
        for name, tensor in with_.state_dict().items()
        if not torch.equal(tensor, without.state_dict()[name])
    }
    assert parts == {"running_mean", "running_var", "num_batches_tracked"}


@pytest.mark.parametrize("large", [False, True])
def test_the_same_seed_gives_the_same_network(large):
    plan = replace(OFF, large_head=large, head_epochs=1)
    torch.manual_seed(1)
    first = tuned(plan).state_dict()
    torch.manual_seed(2)
    second, other = tuned(plan).state_dict(), tuned(plan, seed=1).state_dict()
    assert all(torch.equal(first[n], second[n]) for n in first)
    assert not all(torch.equal(first[n], other[n]) for n in first)


def test_the_late_blocks_and_the_random_state_are_left_alone():
    before = copy.deepcopy(LATE.state_dict())
    state = torch.get_rng_state()
    tuned(OFF)
    assert torch.equal(state, torch.get_rng_state())
    for name, tensor in LATE.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_rates_of_the_groups():
    seen = []

    class Note(Callback):
        def on_batch_end(self, learner):
            seen.append([g["lr"] for g in learner.optimizer.param_groups])

    tuned(replace(OFF, lrs=(1e-5, 1e-4, 1e-3)), callbacks=[Note()])
    assert seen
    for low, middle, high in seen:
        assert middle == pytest.approx(10 * low)
        assert high == pytest.approx(100 * low)


def test_bad_input():
    with pytest.raises(ValueError, match=r"\(N, V, C, h, w\).*view_features"):
        fine_tune(LATE, MAPS[:, 0], TARGET, 2, OFF)
    with pytest.raises(ValueError, match="head_epochs needs stored"):
        fine_tune(LATE, MAPS, TARGET, 2, replace(OFF, head_epochs=1))


def test_body_norms_are_those_of_the_body():
    model = new_model(LATE, 2, replace(OFF, large_head=True))
    assert len(body_norms(model)) == 4
    assert all(isinstance(m, nn.BatchNorm2d) for m in body_norms(model))
