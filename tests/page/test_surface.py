import numpy as np
import pytest
import torch

from sevenlessons.page.surface import paths

SPACE = {"x_range": (-5, 5), "y_range": (-5, 5)}
WALK = [[4.0, 4.0], [1.0, 2.0], [0.0, 0.5]]


def bowl(weights):
    assert weights.ndim == 2 and weights.shape[1] == 2
    return (weights**2).sum(axis=1)


def test_one_drawing_a_walk_with_its_title():
    walks = {"low": WALK, "high": torch.tensor(WALK), "more": np.array(WALK)}
    svg = paths(walks, bowl, best=[0, 0], alt="Three walks.", **SPACE).svg
    for words in ("low", "high", "more", "slope", "intercept"):
        assert f">{words}</text>" in svg
    assert len(svg) < 120_000


def test_walks_together_have_a_key():
    svg = paths(
        {"a": WALK, "b": WALK}, bowl, together=True, alt="Two walks.", **SPACE
    ).svg
    assert svg.count(">a</text>") == 1 and svg.count(">b</text>") == 1


def test_a_walk_that_flies_off_is_cut():
    svg = paths({"a": [[1, 1], [1e30, -1e30]]}, bowl, alt="Gone away.",
                **SPACE).svg  # fmt: skip
    assert "e+" not in svg


def test_messages():
    with pytest.raises(ValueError, match="at least one walk"):
        paths({}, bowl, alt="Nothing at all.", **SPACE)
    with pytest.raises(ValueError, match=r"shape \(steps \+ 1, 2\), got"):
        paths({"a": [1, 2]}, bowl, alt="Not a walk.", **SPACE)
