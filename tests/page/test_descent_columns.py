import re

import pytest

from sevenlessons.page.descent_columns import RULES, START


@pytest.mark.parametrize("name", RULES)
def test_every_name_in_a_formula_exists(name):
    rule = RULES[name]
    known = {"step", "epoch", "x", "y", *rule.settings}
    later = {column.name for column in rule.columns}
    for column in (*START, *rule.columns):
        for above, used in re.findall(r"\{(<?)([^}]*)\}", column.formula):
            assert used in (later if above else known), (column.name, used)
        known.add(column.name)
    assert {"new slope", "new intercept"} <= known


def test_a_formula_says_what_its_result_does():
    """Put numbers into the formula and let Python calculate it."""
    given = {"slope": 1.5, "intercept": -2.0, "x": 3.0, "y": 4.0}
    for column in START[2:]:
        text = re.sub(
            r"\{([^}]*)\}",
            lambda found: f"({given[found[1]]})",
            column.formula,
        )
        expected = eval(text.replace("^", "**"))
        found = column.result(given, {}, {})
        assert found == pytest.approx(expected)
        given[column.name] = found
