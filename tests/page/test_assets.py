import json
import re

import pytest

from sevenlessons.page.assets import asset, embedded

SCRIPTS = ["player.js", "playground.js", "race.js", "stepper.js"]


@pytest.mark.parametrize(
    "name", [*SCRIPTS, "player.css", "race.css", "stepper.css"]
)
def test_assets_are_short_and_without_comments(name):
    text = asset(name)
    assert len(text) < 10_000
    assert not re.search(r"^(//|/\*|\s)", text, re.M)


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_need_no_other_host_and_no_loose_policy(name):
    text = asset(name)
    for forbidden in ("eval(", "Function(", "fetch(", "import", "innerHTML"):
        assert forbidden not in text
    assert "http" not in text and "</script" not in text
    assert "`//" not in text  # would look like a comment when stripped


def test_data_cannot_end_its_script():
    data = {"says": ["</script><b>", "<!--"]}
    html = embedded("player.js", data)
    assert html.count("</script>") == 2
    text = html.split('class="bp-data">')[1].split("</script>")[0]
    assert "<" not in text and json.loads(text) == data


def test_messages():
    with pytest.raises(FileNotFoundError, match=r"no page/nothing\.js"):
        asset("nothing.js")
    with pytest.raises(ValueError):
        embedded("player.js", {"a": float("nan")})
