import base64
import re

import pytest

from sevenlessons.page.download import Download


def test_the_link_carries_the_file():
    link = Download(b"bytes", "ratings.xlsx", "Take <it>")
    html = link._repr_html_()
    data = re.search(r'href="data:[^;]+;base64,([^"]+)"', html)[1]
    assert base64.b64decode(data) == b"bytes"
    assert 'download="ratings.xlsx"' in html
    assert "Take &lt;it&gt;" in html and "1 KiB" in html
    assert repr(link) == "Take <it>: ratings.xlsx"


@pytest.mark.parametrize("name", ["a.exe", "../a.xlsx", 'a".xlsx', ".xlsx"])
def test_odd_names_are_refused(name):
    with pytest.raises(ValueError, match="name must be letters, digits"):
        Download(b"", name, "")
