import json
import re

import pytest
import torch
from scripts.bookrun.gates import _Images
from torch import nn

from sevenlessons.page.generator_export import run_layers
from sevenlessons.page.latent_slider import latent_slider, noise_between

ALT = "A made-up picture, and sliders for its noise."


def generator(channels=1):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(4, 6 * 4 * 4),
        nn.Unflatten(1, (6, 4, 4)),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.ConvTranspose2d(6, channels, 4, stride=2, padding=1),
        nn.Tanh(),
    ).eval()


def slider(
    made=None, starts=None, directions=None, names=("a<b", "c"), **more
):
    return latent_slider(
        generator() if made is None else made,
        torch.randn(5, 4) if starts is None else starts,
        torch.eye(4)[:2] if directions is None else directions,
        names,
        alt=more.pop("alt", ALT),
        **more,
    )


def test_it_passes_the_gate_of_the_runner_and_has_no_ids():
    made = slider(caption="Try it.")
    gate = _Images()
    gate.feed(made._repr_html_())
    assert gate.bad == []
    assert not re.search(r"\sid=", made.html)
    assert repr(made) == f"Latent slider: {ALT}"
    assert "a&lt;b" in made.html
    assert "a<b" not in made.html


def test_the_script_gets_the_generator_itself():
    made, starts = generator(), torch.randn(3, 4)
    html = slider(made, starts).html
    data = json.loads(re.search(r'bp-data">(.*?)</script>', html)[1])
    assert data["size"] == [8, 8]
    close = torch.tensor(data["starts"])
    torch.testing.assert_close(close, starts, atol=5.1e-5, rtol=0)
    found = run_layers(data["layers"], close)
    torch.testing.assert_close(found, made(starts), atol=0.05, rtol=0)


def test_paper_shows_each_start():
    html = slider(starts=torch.randn(7, 4)).html
    assert len(re.findall(r"<p>Start \d\.</p>", html)) == 7
    assert html.count("data:image/png") == 7


def test_a_training_generator_is_shown_as_it_answers_in_eval_mode():
    made = generator().train()
    starts = torch.randn(3, 4)
    assert slider(made, starts).html == slider(made.eval(), starts).html


@pytest.mark.parametrize("seed", range(3))
def test_the_arc_keeps_the_length_and_meets_both_ends(seed):
    torch.manual_seed(seed)
    start, end = torch.randn(2, 16, dtype=torch.float64)
    end = end / end.norm() * start.norm()
    for share in (0.0, 0.2, 0.5, 1.0):
        length = noise_between(start, end, share).norm()
        torch.testing.assert_close(length, start.norm())
    torch.testing.assert_close(noise_between(start, end, 0), start)
    torch.testing.assert_close(noise_between(start, end, 1), end)
    quarter = noise_between(start, end, 0.25)
    again = noise_between(start, noise_between(start, end, 0.5), 0.5)
    torch.testing.assert_close(quarter, again)


def test_ends_in_one_line_have_no_arc():
    start = torch.tensor([1.0, 0.0])
    middle = noise_between(start, 3 * start, 0.5)
    torch.testing.assert_close(middle, 2 * start)
    middle = noise_between(start, -start, 0.5)
    assert middle.tolist() == [0, 0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"starts": torch.randn(1, 4)}, r"2 to 12 starts .* \(1, 4\)"),
        ({"starts": torch.randn(13, 4)}, r"\(13, 4\)"),
        ({"starts": torch.randn(4)}, r"\(4,\)"),
        ({"directions": torch.eye(4)[:0], "names": []}, r"1 to 8 direct"),
        ({"directions": torch.eye(3)[:2]}, r"\(2, 3\)"),
        ({"names": ["one"]}, "and 1 names"),
        ({"made": generator(channels=3)}, r"gray pictures.*\(5, 3, 8, 8\)"),
        ({"shown": (1, -1)}, "black, white"),
        ({"alt": "hm"}, "alt must say"),
        ({"made": nn.Sequential(nn.Linear(4, 99_999))}, "narrower"),
    ],
)
def test_says_what_is_wrong(wrong, says):
    with pytest.raises(ValueError, match=says):
        slider(**wrong)
