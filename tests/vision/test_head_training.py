import pytest
import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from sevenlessons.vision.head_training import train_head
from sevenlessons.vision.views import mean_probabilities


def features_of(count, seed=0):
    """Two classes whose features differ in sign, three views each."""
    generator = torch.Generator().manual_seed(seed)
    target = torch.arange(count) % 2
    signal = (target * 2 - 1.0)[:, None, None] * torch.ones(1, 3, 6)
    noise = torch.randn(count, 3, 6, generator=generator)
    return signal + 0.5 * noise, target


def test_a_head_learns_what_can_be_learned():
    features, target = features_of(64)
    learner = train_head(
        features, target, 2, epochs=10, lr=0.02, valid=features_of(32, 1)
    )
    first, *_, last = learner.history.epochs
    assert last["valid_loss"] < 0.3
    assert last["train_loss"] < first["train_loss"]


def test_a_seed_decides_everything_and_the_global_state_stays():
    features, target = features_of(40)

    def weights(seed):
        model = train_head(features, target, 2, epochs=2, seed=seed).model
        return torch.cat([p.detach().flatten() for p in model.parameters()])

    before = torch.get_rng_state()
    first = weights(3)
    assert torch.equal(torch.get_rng_state(), before)
    torch.rand(7)
    assert torch.equal(weights(3), first)
    assert not torch.equal(weights(4), first)


def test_a_last_batch_of_one_does_no_harm():
    features, target = features_of(33)
    train_head(features, target, 2, epochs=1, batch_size=32)


def test_features_of_a_wrong_shape_are_refused():
    with pytest.raises(ValueError, match="photos by views by pooled"):
        train_head(torch.zeros(4, 6), torch.zeros(4).long(), 2)


def test_the_first_norm_knows_the_features_from_the_start():
    features, target = features_of(12)
    shifted = features * 3 + 50  # far from where a new batch norm begins
    learner = train_head(shifted, target, 2, epochs=10, lr=0.02)
    scores = learner.model.eval()(shifted[:, 0])
    assert (scores.argmax(dim=1) == target).float().mean() > 0.9


def test_several_labels_are_learned_by_themselves():
    features, target = features_of(64)
    labels = torch.stack([target, 1 - target, torch.ones(64)], 1).float()
    learner = train_head(features, labels, 3, epochs=30, lr=0.02, loss_fn=bce)
    fresh, truth = features_of(32, seed=1)
    probabilities = mean_probabilities(learner.model, fresh, several=True)
    assert torch.equal(probabilities[:, 0] > 0.5, truth > 0)
    assert torch.equal(probabilities[:, 1] > 0.5, truth == 0)
    assert (probabilities[:, 2] > 0.6).all()
