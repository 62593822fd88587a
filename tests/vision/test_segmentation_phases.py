import pytest

from sevenlessons.vision.segmentation_phases import (
    Phase,
    TrainingSettings,
    plan_phases,
)


@pytest.mark.parametrize("epochs", range(1, 30))
@pytest.mark.parametrize("size", [(32, 40), (64, 64), (360, 480)])
def test_every_epoch_is_used_and_the_end_is_full_size(size, epochs):
    phases = plan_phases(size, epochs)
    assert sum(phase.epochs for phase in phases) == epochs
    assert all(phase.epochs >= 1 for phase in phases)
    assert phases[0].frozen and phases[-1].size == size
    assert epochs == 1 or not phases[-1].frozen
    sizes = [phase.size[0] for phase in phases]
    assert sizes == sorted(sizes)
    assert min(sizes) >= 32


def test_the_words_of_a_phase():
    assert Phase((8, 9), 1, frozen=False).name == "8 x 9, all layers"


def test_rates_rise_to_a_third():
    rates = TrainingSettings(lr=0.03).rates(4)
    assert rates[0] == pytest.approx(1e-4) and rates[-1] == 0.01
    assert rates == sorted(rates)


@pytest.mark.parametrize(
    ("size", "epochs", "message"),
    [((31, 64), 1, "at least 32, got 31 x 64"), ((64, 64), 0, "at least 1")],
)
def test_refusals(size, epochs, message):
    with pytest.raises(ValueError, match=message):
        plan_phases(size, epochs)
