import re

import pytest
import torch
from scripts.bookrun.gates import _Images

from sevenlessons.page.attention_map import attention_map

ALT = "Each token looks at itself and before."
TOKENS = ["not", "<so>", "bad"]


def shares():
    return torch.tensor(
        [[1.0, 0.0, 0.0], [0.25, 0.75, 0.0], [0.604, 0.1, 0.296]]
    )


def made(**options):
    return attention_map(shares(), TOKENS, **{"alt": ALT} | options)


def test_it_passes_the_gate_of_the_runner_and_needs_no_script():
    figure = made(caption="Three <tokens>.")
    gate = _Images()
    gate.feed(figure._repr_html_())
    assert gate.bad == []
    assert "<script" not in figure.html and not re.search(
        r"\sid=", figure.html
    )
    assert "<so>" not in figure.html and "&lt;tokens&gt;" in figure.html
    assert repr(figure) == f"Attention map: {ALT}"


def test_cells_hold_percent_and_hidden_ones_are_blank():
    rows = re.findall(r"<tr><th scope=\"row\".*?</tr>", made().html)
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row) for row in rows]
    assert cells == [["100", "", ""], ["25", "75", ""], ["60", "10", "30"]]
    depths = [float(a) for a in re.findall(r"192,([\d.]+)\)", rows[2])]
    assert depths == [0.36, 0.06, 0.18]


def test_a_sentence_a_row_names_the_largest_first():
    says = re.findall(r"<p>(.*?)</p>", made().html)
    assert says[0] == "“not” takes 100 % from “not” (place 1)."
    assert says[2].startswith("“bad” takes 60 % from “not” (place 1), 30 % ")
    assert made().html.count("{display:block}") == 3


def test_rows_can_be_chosen_and_keys_may_differ():
    html = made(rows=[2]).html
    assert html.count('<th scope="row"') == 1 and "“bad” takes" in html
    other = attention_map(shares()[:2], ["a", "b"], keys=TOKENS, alt=ALT).html
    assert other.count('<th scope="col"') == 4 and other.count("<td") == 6


def test_a_place_that_looks_nowhere():
    weights = shares()
    weights[1] = 0
    assert "takes nothing." in attention_map(weights, TOKENS, alt=ALT).html


def test_bad_input():
    with pytest.raises(ValueError, match=r"shape \(3, 3\).*got \(1, 3, 3\)"):
        attention_map(shares()[None], TOKENS, alt=ALT)
    with pytest.raises(ValueError, match=r"expected weights of shape \(2, 2"):
        attention_map(shares(), TOKENS[:2], alt=ALT)
    with pytest.raises(ValueError, match="after softmax, not scores"):
        attention_map(shares() * 3, TOKENS, alt=ALT)
    with pytest.raises(ValueError, match="after softmax"):
        attention_map(shares() * 2 - 1 / 3, TOKENS, alt=ALT)
    with pytest.raises(ValueError, match=r"in \[0, 3\), got \[3\]"):
        made(rows=[3])
    with pytest.raises(ValueError, match="got \\[\\]"):
        made(rows=[])
    with pytest.raises(ValueError, match="alt must say"):
        made(alt="x")
