import math

import pytest
import torch

from sevenlessons.tables.factor_network import EmbeddingNetwork
from sevenlessons.tables.factor_training import fit_ratings
from sevenlessons.tables.factors import DotProduct


def ratings_of_two_camps(seed=0):
    """Half the users like even films, the others odd ones."""
    generator = torch.Generator().manual_seed(seed)
    users = torch.randint(20, (600,), generator=generator)
    items = torch.randint(16, (600,), generator=generator)
    alike = (users % 2) == (items % 2)
    return users, items, torch.where(alike, 5.0, 1.0)


@pytest.mark.parametrize(
    ("model", "lr"),
    [
        (DotProduct(20, 16, 4), 0.05),
        (EmbeddingNetwork(20, 16, dropout=0.0), 0.01),
    ],
)
def test_it_learns_who_likes_what(model, lr):
    rows = ratings_of_two_camps()
    history = fit_ratings(
        model,
        rows,
        ratings_of_two_camps(1),
        lr=lr,
        weight_decay=0.0,
        batch_size=32,
        epochs=20,
    )
    assert len(history.epochs) == 20
    assert history.epochs[-1]["valid_loss"] < 0.2


def test_the_same_as_the_loop_written_out():
    rows = ratings_of_two_camps()
    first = DotProduct(20, 16, 4, std=0.1)
    fit_ratings(
        first, rows, lr=0.02, weight_decay=0.5, batch_size=600, epochs=6
    )
    model = DotProduct(20, 16, 4, std=0.1)
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=0.02, weight_decay=0.5
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, 0.02, total_steps=6, pct_start=0.25
    )
    for _ in range(6):
        optimizer.zero_grad()
        (model(*rows[:2]) - rows[2]).square().mean().backward()
        optimizer.step()
        schedule.step()
    # the order within the one batch differs, and with it the rounding
    torch.testing.assert_close(
        first(*rows[:2]), model(*rows[:2]), atol=1e-4, rtol=0
    )


def test_the_seed_of_the_order_matters_and_nothing_else():
    rows = ratings_of_two_camps()
    found = []
    for seed in (0, 0, 1):
        torch.manual_seed(len(found))
        model = DotProduct(20, 16, 4)
        fit_ratings(model, rows, batch_size=64, epochs=2, seed=seed)
        found.append(model(*rows[:2]))
    assert torch.equal(found[0], found[1])
    assert not torch.equal(found[0], found[2])


@pytest.mark.parametrize("bad", [math.nan, math.inf])
@pytest.mark.parametrize("side", ["train", "valid"])
def test_a_rating_that_is_no_number_is_refused(bad, side):
    good, wrong = ratings_of_two_camps(), ratings_of_two_camps()
    wrong[2][7] = bad
    rows = (wrong, good) if side == "train" else (good, wrong)
    with pytest.raises(ValueError, match=f"of {side} must be finite, got"):
        fit_ratings(DotProduct(20, 16, 4), *rows)


def test_a_user_out_of_range_is_refused():
    with pytest.raises(ValueError, match=r"users must be numbers in \[0, 5\)"):
        fit_ratings(DotProduct(5, 16, 4), ratings_of_two_camps())
