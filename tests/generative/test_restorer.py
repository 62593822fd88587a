import pytest
import torch
from torch import nn

from sevenlessons.generative.restorer import Restorer, restored, same_turn


@pytest.fixture
def photos():
    generator = torch.Generator().manual_seed(0)
    return torch.rand(5, 3, 16, 16, generator=generator)


def test_it_begins_as_the_identity_and_learns(photos):
    model = Restorer(width=4)
    assert torch.equal(model(photos), photos)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(20):
        loss = (model(photos) - photos / 2).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < losses[0] / 2


def test_the_seed_decides_and_other_sizes_fit(photos):
    first, second = Restorer(width=4, seed=1), Restorer(width=4, seed=1)
    for a, b in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(a, b)
    assert first(torch.rand(1, 3, 18, 30)).shape == (1, 3, 18, 30)
    with pytest.raises(ValueError, match="must be even"):
        first(torch.rand(1, 3, 17, 30))


def test_restored_rounds_cuts_off_and_keeps_the_mode():
    spoiled = torch.tensor([0, 100, 255], dtype=torch.uint8)
    spoiled = spoiled.view(3, 1, 1, 1).expand(3, 3, 4, 4)

    class Brighter(nn.Module):
        def forward(self, images):
            assert not self.training
            return images + 0.5

    model = Brighter().train()
    made = restored(model, spoiled, batch_size=2)
    assert made.dtype == torch.uint8 and model.training
    assert made[:, 0, 0, 0].tolist() == [128, 228, 255]
    with pytest.raises(TypeError, match="expected pictures of uint8"):
        restored(model, spoiled / 255)


def test_one_turn_for_all_and_all_eight_come(photos):
    generator = torch.Generator().manual_seed(1)
    seen = set()
    for _ in range(100):
        first, second = same_turn(photos, photos / 2, generator=generator)
        assert torch.equal(first / 2, second)
        seen.add(tuple(first[0, 0].flatten().tolist()))
    assert len(seen) == 8
