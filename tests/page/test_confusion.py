import pytest
import torch

from sevenlessons.page.confusion import confusion_table


def test_a_real_table_with_scopes():
    counts = torch.tensor([[9, 1], [0, 8]])
    html = confusion_table(
        counts, ["cat", "dog & co"], alt="Few are confused."
    )._repr_html_()
    assert html.count('scope="col"') == 3
    assert '<th scope="row">dog &amp; co</th>' in html
    assert "<strong>9</strong>" in html
    assert "<caption>Few are confused." in html


def test_the_matrix_must_fit_the_names():
    with pytest.raises(ValueError, match=r"2 x 2 .* got shape \(3, 3\)"):
        confusion_table(torch.eye(3), ["a", "b"], alt="Wrong.")
