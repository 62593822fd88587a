import pytest
from torch import nn

from sevenlessons.vision.modes import evaluating


def test_gives_every_part_its_mode_back_also_after_an_error():
    model = nn.Sequential(nn.Dropout(), nn.BatchNorm1d(2).eval())
    with pytest.raises(KeyError), evaluating(model) as same:
        assert same is model
        assert not any(module.training for module in model.modules())
        raise KeyError
    assert [m.training for m in model.modules()] == [True, True, False]
