import math

import pytest
import torch

from sevenlessons.training.ablation import ablate, arms_of

SWITCHES = {"decay": 0.1, "dropout": 0.5, "norm": True}


def drawn(seed, **switches):
    bonus = sum(float(value) for value in switches.values())
    return {"score": torch.rand(1, dtype=torch.float64).item() + bonus}


def test_arms_are_none_each_alone_and_all():
    arms = arms_of(SWITCHES)
    assert list(arms) == ["none", *SWITCHES, "all together"]
    assert arms["none"] == {}
    for name, strength in SWITCHES.items():
        assert arms[name] == {name: strength}
    assert arms["all together"] == SWITCHES


def test_arms_are_copies():
    arms = arms_of(SWITCHES)
    arms["all together"]["decay"] = 9
    assert SWITCHES["decay"] == 0.1


@pytest.mark.parametrize(
    ("strengths", "words"),
    [
        ({}, {}),
        ({"decay": 1}, {}),
        ({"none": 1, "decay": 1}, {}),
        ({"all together": 1, "decay": 1}, {}),
        (SWITCHES, {"none": "x", "together": "x"}),
    ],
)
def test_arms_that_could_not_be_told_apart(strengths, words):
    with pytest.raises(ValueError, match=r"two switches or more.*got.*rename"):
        arms_of(strengths, **words)


def test_own_words_for_the_ends():
    arms = arms_of(SWITCHES, none="plain", together="all three")
    assert next(iter(arms)) == "plain"
    assert list(arms)[-1] == "all three"


def test_every_arm_meets_the_same_luck():
    found = ablate(drawn, arms_of(SWITCHES), [5, 6, 7])
    none = torch.tensor(found["none"]["score"])
    assert len(set(none.tolist())) == 3
    for name, strength in SWITCHES.items():
        gain = torch.tensor(found[name]["score"]) - none
        assert torch.allclose(gain, torch.full((3,), float(strength)))


def test_the_order_of_arms_and_other_arms_change_nothing():
    arms = arms_of(SWITCHES)
    backwards = dict(reversed(list(arms.items())))
    found, again = (
        ablate(drawn, arms, [1, 2]),
        ablate(drawn, backwards, [1, 2]),
    )
    assert found == again
    assert ablate(drawn, {"norm": arms["norm"]}, [2])["norm"]["score"] == [
        found["norm"]["score"][1]
    ]


def test_the_global_random_state_stays():
    before = torch.random.get_rng_state()
    ablate(drawn, arms_of(SWITCHES), [1])
    assert torch.equal(before, torch.random.get_rng_state())


def test_and_stays_after_an_error():
    def fails(seed):
        torch.rand(1)
        raise RuntimeError("out of luck")

    before = torch.random.get_rng_state()
    with pytest.raises(RuntimeError, match="out of luck"):
        ablate(fails, {"none": {}}, [1])
    assert torch.equal(before, torch.random.get_rng_state())


def test_an_unknown_switch_is_named_by_python():
    def run(seed, decay=0.0):
        return {"score": decay}

    with pytest.raises(TypeError, match="dropuot"):
        ablate(run, {"typo": {"dropuot": 0.5}}, [1])


@pytest.mark.parametrize(
    ("arms", "seeds"), [({}, [1]), ({"none": {}}, []), ({"none": {}}, [3, 3])]
)
def test_nothing_to_run_or_a_seed_twice(arms, seeds):
    with pytest.raises(ValueError, match=r"each seed once, got.*same seed"):
        ablate(drawn, arms, seeds)


@pytest.mark.parametrize(
    "measured", [{}, {"score": math.nan}, {"score": math.inf, "loss": 1.0}]
)
def test_no_finite_number(measured):
    with pytest.raises(
        ValueError,
        match=r"arm 'none', seed 4: expected finite.*lower its rate",
    ):
        ablate(lambda seed: measured, {"none": {}}, [4])


def test_other_measures_than_before():
    def run(seed, loss=False):
        return {"score": 1.0} | ({"loss": 1.0} if loss else {})

    with pytest.raises(ValueError, match=r"arm 'more'.*expected.*got.*same"):
        ablate(run, {"none": {}, "more": {"loss": True}}, [1])


def test_other_measures_from_seed_to_seed():
    def run(seed):
        return {"score": 1.0} | ({"loss": 1.0} if seed == 1 else {})

    with pytest.raises(ValueError, match="return the same names"):
        ablate(run, {"none": {}}, [0, 1])
    with pytest.raises(ValueError, match="return the same names"):
        ablate(run, {"none": {}}, [1, 0])
