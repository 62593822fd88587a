import json
import re

import pytest
import torch
from scripts.bookrun.gates import _Images
from sklearn.metrics import fbeta_score

from sevenlessons.page.threshold_slider import threshold_slider

ALT = "Scores against the threshold, and a table of counts."
NAMES = ["galaxy", "dark <nebula>"]


def tables(n=40):
    generator = torch.Generator().manual_seed(0)
    shares = torch.rand(n, 2, generator=generator)
    shares = shares.round(decimals=3)
    return shares, (torch.rand(n, 2, generator=generator) > 0.6).float()


def slider(**options):
    return threshold_slider(*tables(), NAMES, alt=ALT, **options)


def test_it_passes_the_gate_of_the_runner_and_has_no_ids():
    made = slider(caption="Try it.")
    gate = _Images()
    gate.feed(made._repr_html_())
    assert gate.bad == []
    assert not re.search(r"\sid=", made.html)
    assert repr(made) == f"Threshold slider: {ALT}"
    assert "dark &lt;nebula&gt;" in made.html
    assert "dark <nebula>" not in made.html


def test_the_script_gets_what_was_predicted():
    shares, target = tables()
    data = json.loads(re.search(r'bp-data">(.*?)</script>', slider().html)[1])
    assert data["names"] == NAMES
    assert data["y"] == target.int().tolist()
    close = torch.tensor(data["p"]) / 10_000
    torch.testing.assert_close(close, shares, atol=5.1e-5, rtol=0)


def test_a_book_of_predictions_stays_small():
    shares, target = torch.rand(555, 7), torch.zeros(555, 7)
    names = [f"label {k}" for k in range(7)]
    html = threshold_slider(shares, target, names, alt=ALT).html
    assert len(html) < 80_000


def test_paper_shows_four_thresholds_counted_as_scikit_learn_does():
    shares, target = tables()
    stills = re.findall(r"<p>(Threshold .*?)</p>", slider(beta=1).html)
    assert len(stills) == 4
    for text in stills:
        numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", text)]
        cut, score, beta, share, labels, found, alarms = numbers
        yes = shares > cut
        expected = fbeta_score(
            target, yes, beta=1, average="samples", zero_division=1
        )
        assert beta == 1 and score == pytest.approx(expected, abs=6e-4)
        right = (yes == (target > 0)).float().mean().item()
        assert share == pytest.approx(right, abs=6e-4)
        assert labels == target.sum()
        assert found == (yes & (target > 0)).sum()
        assert alarms == (yes & (target == 0)).sum()


def test_bad_input():
    shares, target = tables()
    with pytest.raises(ValueError, match="and 3 names"):
        threshold_slider(shares, target, ["a", "b", "c"], alt=ALT)
    with pytest.raises(ValueError, match="one shape"):
        threshold_slider(shares, target[:3], NAMES, alt=ALT)
    with pytest.raises(ValueError, match="apply the sigmoid"):
        threshold_slider(shares * 5, target, NAMES, alt=ALT)
    with pytest.raises(ValueError, match="got 0 and 2"):
        slider(threshold=0)
    with pytest.raises(ValueError, match=r"got 0\.5 and 9"):
        slider(beta=9)
    with pytest.raises(ValueError, match="alt must say"):
        threshold_slider(shares, target, NAMES, alt="x")
