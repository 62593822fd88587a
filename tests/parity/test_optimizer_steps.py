import torch

from sevenlessons.parity.compare import deviation
from sevenlessons.parity.optimizer_steps import compare_steps

SGD = torch.optim.SGD


def found(ours, settings, dtype=torch.float64, seed=0):
    return {
        pair.what: deviation(pair)
        for pair in compare_steps(ours, SGD, settings, dtype, seed)
    }


def test_compares_both_problems_early_and_late():
    names = [
        f"{setting}: {problem} after {steps}"
        for setting in ("a", "b")
        for problem in ("valley", "network")
        for steps in ("1 step", "100 steps")
    ]
    settings = {"a": {"lr": 0.1}, "b": {"lr": 0.1, "momentum": 0.9}}
    assert found(SGD, settings) == dict.fromkeys(names, 0.0)


def test_a_memory_that_is_lost_shows_after_100_steps_only():
    class Forgetful(SGD):
        def step(self):
            self.state.clear()
            super().step()

    gaps = found(Forgetful, {"a": {"lr": 0.03, "momentum": 0.9}})
    assert gaps["a: valley after 1 step"] == 0
    assert gaps["a: network after 1 step"] == 0
    assert gaps["a: valley after 100 steps"] > 0.01
    assert gaps["a: network after 100 steps"] > 0.01


def test_the_seed_decides_and_both_types_see_the_same_numbers():
    def last(dtype, seed):
        pairs = compare_steps(SGD, SGD, {"a": {"lr": 0.1}}, dtype, seed)
        return list(pairs)[-1].theirs

    assert torch.equal(last(torch.float64, 1), last(torch.float64, 1))
    assert not torch.equal(last(torch.float64, 1), last(torch.float64, 2))
    torch.testing.assert_close(
        last(torch.float32, 1).double(),
        last(torch.float64, 1),
        atol=1e-4,
        rtol=1e-4,
    )
