from sevenlessons.cli.tables import data_table
from sevenlessons.data.cards import all_cards, card


def test_present_and_absent_are_told_apart():
    cards = [card("adult"), card("rossmann")]
    lines = data_table(cards, {"rossmann"}).splitlines()
    rows = [line for line in lines if not line.startswith(" ")]
    assert rows[0].split() == ["name", "size", "how", "many", "from", "here"]
    assert [row.split()[-1] for row in rows[1:]] == ["-", "yes"]


def test_long_licences_are_broken_into_lines():
    lines = data_table(all_cards(), set()).splitlines()
    assert max(map(len, lines)) <= 80


def test_the_order_of_the_sources_is_shown():
    assert "apt, git" in data_table([card("deep_sky")], set())
    assert "torchvision, apt" in data_table([card("fashion_mnist")], set())
