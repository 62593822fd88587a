import pytest
import torch
from torch.nn.functional import cross_entropy, one_hot
from torchvision.transforms import v2

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.vision.mixup import Mixup, draw_shares, mix, mixed_target


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def batch(count=8, classes=5):
    images = torch.rand(count, 3, 6, 6, generator=generator(1))
    target = torch.randint(classes, (count,), generator=generator(2))
    return images, target


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_equals_torchvision_with_one_share_and_its_partner(share):
    images, target = batch()
    theirs = v2.MixUp(num_classes=5)
    settings = {"lam": share, "labels": target, "batch_size": 8}
    shares, partner = torch.full((8,), share), torch.arange(8).roll(1)
    expected = theirs.transform(images, settings)
    assert torch.allclose(mix(images, images[partner], shares), expected)
    expected = theirs.transform(target, settings)
    found = mixed_target(target, partner, shares, 5)
    assert torch.allclose(found, expected)


def test_the_loss_is_the_mixed_loss():
    _, target = batch()
    scores = torch.randn(8, 5, generator=generator())
    shares, partner = torch.rand(8), torch.randperm(8)
    found = cross_entropy(scores, mixed_target(target, partner, shares, 5))
    own = cross_entropy(scores, target, reduction="none")
    other = cross_entropy(scores, target[partner], reduction="none")
    expected = (shares * own + (1 - shares) * other).mean()
    assert torch.allclose(found, expected)


def test_targets_sum_to_one_and_the_input_stays():
    images, target = batch(64)
    before = images.clone(), target.clone()
    mixed, rows = Mixup(5)(images, target, generator())
    assert torch.allclose(rows.sum(1), torch.ones(64))
    assert bool((rows >= 0).all())
    assert torch.equal(images, before[0])
    assert torch.equal(target, before[1])
    assert mixed.min() >= images.min()
    assert mixed.max() <= images.max()


def test_pictures_and_targets_are_mixed_alike():
    # the picture of class k is k everywhere: pixels tell the target
    target = torch.randint(5, (50,), generator=generator())
    images = target.float()[:, None, None, None].expand(50, 1, 2, 2)
    mixed, rows = Mixup(5, alpha=1.0)(images, target, generator())
    expected = (rows * torch.arange(5.0)).sum(1)
    assert torch.allclose(mixed[:, 0, 0, 0], expected, atol=1e-5)
    assert bool((rows.max(1).values < 1).any())


def test_a_share_and_its_rest_are_the_same_mixture():
    images, target = batch()
    shares, partner = torch.rand(8), torch.randperm(8)
    one = mix(images, images[partner], shares)
    other = mix(images[partner], images, 1 - shares)
    assert torch.allclose(one, other)
    rows = one_hot(target, 5).float()
    found = mix(rows[partner], rows, 1 - shares)
    assert torch.allclose(found, mixed_target(target, partner, shares, 5))


@pytest.mark.parametrize("alpha", [0.2, 1.0, 5.0])
def test_shares_have_the_mean_and_variance_of_beta(alpha):
    shares = draw_shares(20_000, alpha, generator())
    beta = torch.distributions.Beta(alpha, alpha)
    assert shares.mean() == pytest.approx(0.5, abs=0.012)
    assert shares.var() == pytest.approx(beta.variance.item(), abs=0.006)
    assert bool(((shares >= 0) & (shares <= 1)).all())
    assert torch.equal(shares, draw_shares(20_000, alpha, generator()))
    assert not torch.equal(shares, draw_shares(20_000, alpha, generator(1)))


@pytest.mark.parametrize("kind", [torch.int32, torch.uint8])
def test_class_numbers_of_any_whole_type(kind):
    _, target = batch()
    shares, partner = torch.rand(8), torch.randperm(8)
    found = mixed_target(target.to(kind), partner, shares, 5)
    assert torch.equal(found, mixed_target(target, partner, shares, 5))


def test_a_loader_takes_it():
    images, target = batch(20)
    loader = TensorLoader(images, target, batch_size=8, paired=Mixup(5))
    assert [tuple(t.shape) for _, t in loader] == [(8, 5), (8, 5), (4, 5)]


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: Mixup(1), ValueError, "at least 2, got 1"),
        (lambda: Mixup(5, alpha=0), ValueError, "above 0 and finite, got 0"),
        (lambda: Mixup(5, alpha=float("nan")), ValueError, "got nan"),
        (
            lambda: Mixup(5)(
                torch.zeros(2, 1, 2, 2, dtype=torch.uint8),
                torch.tensor([0, 1]),
                generator(),
            ),
            TypeError,
            "images must be floats, got torch.uint8",
        ),
        (
            lambda: Mixup(5)(
                torch.zeros(2, 1, 2, 2), torch.tensor([0, 5]), generator()
            ),
            ValueError,
            r"must be in \[0, 5\), got 0 to 5",
        ),
        (
            lambda: Mixup(5)(
                torch.zeros(2, 1, 2, 2), torch.zeros(2, 5), generator()
            ),
            ValueError,
            r"class numbers of shape \(N,\).*mix once only",
        ),
        (
            lambda: mixed_target(
                torch.tensor([True]), torch.tensor([0]), torch.ones(1), 2
            ),
            ValueError,
            "class numbers of shape .* got torch.bool",
        ),
        (
            lambda: mix(
                torch.zeros(1, 3), torch.zeros(1, 3), torch.ones(1) * 2
            ),
            ValueError,
            r"shares must be in \[0, 1\], got 2 to 2",
        ),
        (
            lambda: mix(torch.zeros(2, 3), torch.zeros(2, 3), torch.zeros(3)),
            ValueError,
            "N shares, got",
        ),
    ],
)
def test_bad_input_is_told(call, error, words):
    with pytest.raises(error, match=words):
        call()
