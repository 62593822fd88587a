import copy

import pytest
import torch
from sklearn.linear_model import LogisticRegression
from torch import nn

from sevenlessons.text.encoder import Encoder, EncoderSettings
from sevenlessons.text.encoder_classifier import (
    EncoderClassifier,
    class_scores,
    pooled_states,
)
from sevenlessons.text.encoder_tuning import fast_dtype, fit_head, tune
from sevenlessons.text.token_states import TokenStates


def some_model(num_layers=2):
    torch.manual_seed(0)
    encoder = Encoder(EncoderSettings(20, 8, 3, 2, 16))
    return EncoderClassifier(encoder, num_layers)


def order_matters(count=64, seed=0):
    """Return states whose class is known only by looking at two places."""
    generator = torch.Generator().manual_seed(seed)
    values = torch.randn(count, 4, 8, generator=generator)
    target = (values[:, 0, 0] * values[:, 1, 0] > 0).long()
    return TokenStates(values.flatten(0, 1), torch.full((count,), 4)), target


def weights(model):
    return {k: v.clone() for k, v in model.state_dict().items()}


def moved(before, model):
    """Return which groups differ from before: "0", "1", "head"."""
    after = model.state_dict()
    return {
        name.split(".")[1] if name.startswith("layers") else "head"
        for name in after
        if not torch.equal(before[name], after[name])
    }


@pytest.mark.parametrize("decay", [0.1, 1.0])
def test_the_head_is_logistic_regression(decay):
    generator = torch.Generator().manual_seed(1)
    features = torch.randn(80, 5, generator=generator)
    target = (features[:, 0] + 0.5 * features[:, 1] > 0.2).long()
    two = nn.Linear(5, 2).double()
    fit_head(two, features.double(), target, decay=decay)
    sklearn = LogisticRegression(C=2 / decay, max_iter=1000, tol=1e-10)
    sklearn.fit(features.numpy(), target.numpy())
    ours = (two.weight[1] - two.weight[0]).detach().numpy()
    # with two classes sklearn has one row of weights, which is the
    # difference of ours: the same penalty is worth half as much
    assert ours == pytest.approx(sklearn.coef_[0], abs=1e-3)


def test_each_stage_lets_one_more_layer_learn():
    states, target = order_matters()
    model = some_model()
    before = weights(model)
    assert tune(model, states, target, epochs=(0, 0)) == []
    assert moved(before, model) == {"head"}
    tune(model, states, target, epochs=(1,))
    assert moved(before, model) == {"1", "head"}
    tune(model, states, target, epochs=(0, 1))
    assert moved(before, model) == {"0", "1", "head"}


def test_training_starts_from_the_head_of_that_decay():
    states, target = order_matters()
    weak, strong, alone = some_model(), some_model(), some_model()
    tune(weak, states, target, epochs=(0, 0), decay=0.1)
    tune(strong, states, target, epochs=(0, 0), decay=100)
    fit_head(alone.head, pooled_states(alone, states), target, decay=100)
    assert torch.equal(strong.head.weight, alone.head.weight)
    assert strong.head.weight.norm() < 0.5 * weak.head.weight.norm()


def test_rates_are_spread_by_the_factor_and_end_low():
    states, target = order_matters()
    (learner,) = tune(some_model(), states, target, epochs=(0, 2), lr=0.01)
    rates = [group["lr"] for group in learner.optimizer.param_groups]
    assert rates == pytest.approx([0.01 / 2.6**2, 0.01 / 2.6, 0.01])
    lrs = [step["lr"] for step in learner.history.steps]
    assert max(lrs) == pytest.approx(0.01, rel=0.05)
    assert lrs[-1] < 1e-4


def test_it_learns_what_a_head_alone_cannot():
    states, target = order_matters(96)
    frozen, tuned = some_model(), some_model()
    tune(frozen, states, target, epochs=(0, 0))
    tune(tuned, states, target, epochs=(0, 60), lr=1e-2)
    right = [
        (class_scores(m, states).argmax(1) == target).float().mean().item()
        for m in (frozen, tuned)
    ]
    assert right[1] > 0.95 > right[0]


def test_the_same_seed_gives_the_same_model_and_no_global_state_moves():
    states, target = order_matters()
    found = []
    for seed in (3, 3, 4):
        torch.manual_seed(seed + len(found))
        model = some_model()
        state = torch.random.get_rng_state()
        tune(model, states, target, seed=seed)
        assert torch.equal(torch.random.get_rng_state(), state)
        found.append(copy.deepcopy(model.head.weight))
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


def test_features_that_are_known_change_nothing():
    states, target = order_matters()
    alone, given = some_model(), some_model()
    tune(alone, states, target)
    features = pooled_states(given, states)
    tune(given, states, target, features=features)
    assert torch.equal(alone.head.weight, given.head.weight)


def test_bfloat16_learns_too():
    states, target = order_matters()
    model = some_model()
    tune(model, states, target, dtype=torch.bfloat16)
    assert model.head.weight.dtype == torch.float32
    assert bool(class_scores(model, states).isfinite().all())


def test_the_fast_type_is_one_of_two():
    assert fast_dtype() in (torch.bfloat16, torch.float32)


def test_bad_input_is_named():
    head = nn.Linear(3, 2)
    with pytest.raises(ValueError, match=r"features \(4, 3\), .* got \(4, 2"):
        fit_head(head, torch.zeros(4, 2), torch.zeros(4).long())
    with pytest.raises(ValueError, match=r"in \[0, 2\), got 0 to 2"):
        fit_head(head, torch.zeros(2, 3), torch.tensor([0, 2]))
    with pytest.raises(ValueError, match="no text was given"):
        fit_head(head, torch.zeros(0, 3), torch.zeros(0).long())
    states, target = order_matters()
    with pytest.raises(ValueError, match=r"at most 2 layers, got \(1, 1, 1\)"):
        tune(some_model(), states, target, epochs=(1, 1, 1))
    with pytest.raises(ValueError, match="counts of at least 0"):
        tune(some_model(), states, target, epochs=(-1,))


@pytest.mark.parametrize("decay", [0.1, 1.0])
def test_the_head_of_three_classes_is_logistic_regression(decay):
    generator = torch.Generator().manual_seed(2)
    features = torch.randn(90, 5, generator=generator).double()
    noise = torch.randn(90, 3, generator=generator)
    target = (features[:, :3] + noise).argmax(1)
    head = nn.Linear(5, 3).double()
    fit_head(head, features, target, decay=decay)
    sklearn = LogisticRegression(C=1 / decay, max_iter=1000, tol=1e-10)
    sklearn.fit(features.numpy(), target.numpy())
    assert head.weight.detach().numpy() == pytest.approx(
        sklearn.coef_, abs=1e-3
    )


def test_the_documented_c_is_that_of_the_tests():
    words = " ".join((fit_head.__doc__ or "").split())
    assert "LogisticRegression(C=1 / decay)`` for three classes" in words
    assert "For two, " in words and "``C=2 / decay`` is the same" in words
