import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn import functional as F

from sevenlessons.training.perplexity import Perplexity


@pytest.mark.parametrize("shape", [(30, 9), (30, 9, 4)])
@settings(deadline=None)  # machines differ
@given(cuts=st.sets(st.integers(1, 29)))
def test_perplexity_equals_torch_however_cut(measure, shape, cuts):
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(shape, generator=generator)
    words = torch.randint(9, (30, *shape[2:]), generator=generator)
    words[0] = -100  # padding
    expected = F.cross_entropy(logits.double(), words).exp().item()
    ours = measure(Perplexity(), logits, words, cuts)
    assert ours == pytest.approx(expected, rel=1e-12)


def test_perplexity_of_even_guesses_and_of_certain_errors(measure):
    words = torch.tensor([1, 2, 0])
    even = measure(Perplexity(ignore_index=0), torch.zeros(3, 50), words)
    assert even == pytest.approx(50)
    wrong = torch.eye(50)[[5, 5, 5]] * 1e6
    assert measure(Perplexity(), wrong, words) == math.inf


def test_messages(measure):
    with pytest.raises(ValueError, match="classes of prediction go along dim"):
        Perplexity().update(torch.ones(8, 6, 9), torch.zeros(8, 6).long())
    with pytest.raises(RuntimeError, match="Perplexity has nothing to aver"):
        measure(Perplexity(), torch.ones(2, 9), torch.full((2,), -100))
