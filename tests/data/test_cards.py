import pytest

from sevenlessons.data.cards import all_cards, card
from sevenlessons.data.catalogue import load_catalogue


def test_a_card_for_every_set():
    assert [c.name for c in all_cards()] == list(load_catalogue())


def test_numbers_of_deep_sky():
    c = card("deep_sky")
    assert (c.how_many, c.size_bytes) == ("555 photos", 114_457_669)
    assert c.sources[0] == "apt stellarium-data=0.22.2-1"
    assert any("group" in flaw for flaw in c.known_flaws)


def test_what_is_not_confirmed_stays_said():
    doubtful = {c.name for c in all_cards() if "to be confirmed" in c.licence}
    assert {"mnist_5k", "adult", "imagenet_20", "bbc_news"} <= doubtful


@pytest.mark.parametrize("name", load_catalogue())
def test_the_markdown_says_everything(name):
    c, text = card(name), card(name).to_markdown()
    for fact in (c.about, c.made_by, c.licence, c.credit, *c.known_flaws):
        assert fact in text
    assert text.endswith("\n") and "\n\n\n" not in text


def test_an_unknown_card_is_refused():
    with pytest.raises(ValueError, match="did you mean 'adult'"):
        card("adults")
