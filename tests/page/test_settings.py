import pytest
import torch

from sevenlessons.page.settings import Settings, pick_device


def for_device(**changes):
    both = {"cpu": {"epochs": 3}, "cuda": {"epochs": 12}}
    return Settings.for_device(**{**both, **changes})


def test_values_become_attributes_and_torch_is_seeded(capsys):
    settings = for_device(seed=7)
    assert (settings.epochs, settings.device, settings.seed) == (3, "cpu", 7)
    assert torch.initial_seed() == 7
    assert capsys.readouterr().out.strip() == repr(settings)


def test_both_columns_are_in_view(shown):
    for_device()
    html = shown[0]["data"]["text/html"]
    assert "<td>3</td><td>12</td>" in html
    assert 'scope="row">epochs' in html


def test_unlike_names_are_refused():
    with pytest.raises(ValueError, match=r"only one sets \['size'\]"):
        for_device(cuda={"epochs": 1, "size": 2})


def test_taken_names_are_refused():
    with pytest.raises(ValueError, match="the name is taken"):
        for_device(cpu={"device": 1}, cuda={"device": 2})


def test_an_unknown_setting_names_the_others():
    with pytest.raises(AttributeError, match="device, seed, epochs"):
        _ = for_device().epoch


def test_the_variable_is_checked(monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_DEVICE", "tpu")
    with pytest.raises(ValueError, match="must be 'cpu' or 'cuda'"):
        pick_device()


def test_a_gpu_that_is_not_there(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setenv("SEVENLESSONS_DEVICE", "cuda")
    with pytest.raises(ValueError, match="sees no CUDA device"):
        pick_device()
    monkeypatch.delenv("SEVENLESSONS_DEVICE")
    assert pick_device() == "cpu"
