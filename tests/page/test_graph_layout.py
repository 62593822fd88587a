import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.page.graph_layout import graph_layout


@st.composite
def graphs(draw):
    parents = [[]]
    for k in range(1, draw(st.integers(1, 9))):
        parents.append(draw(st.lists(st.integers(0, k - 1), max_size=3)))
    return parents


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_what_must_hold(parents):
    layout = graph_layout(parents)
    assert len(layout.places) == len(parents)
    assert len(set(layout.places)) == len(parents)  # none upon another
    for child, made_of in enumerate(parents):
        for parent in made_of:
            assert layout.places[parent][1] < layout.places[child][1]
    pairs = [(p, c) for c, made_of in enumerate(parents) for p in made_of]
    assert len(layout.paths) == len(pairs)
    bends = set()
    for (parent, child), path in zip(pairs, layout.paths, strict=True):
        assert path[0] == layout.places[parent]
        assert path[-1] == layout.places[child]
        rows = [row for _, row in path]
        assert rows == list(range(rows[0], rows[-1] + 1))  # one a row
        bends.update(path[1:-1])
    assert not bends & set(layout.places)  # no line through a box
    for column, row in layout.places:
        assert 0 <= column <= layout.columns - 1 and 0 <= row < layout.rows


def test_a_start_stands_just_above_its_use():
    # x and w make p; p and b make s: b belongs beside p
    layout = graph_layout([[], [], [0, 1], [], [2, 3]])
    assert [row for _, row in layout.places] == [0, 0, 1, 1, 2]
    assert all(len(path) == 2 for path in layout.paths)


def test_no_needless_crossing():
    layout = graph_layout([[], [], [], [], [2, 3], [0, 1]])
    columns = [column for column, _ in layout.places]
    assert columns[5] < columns[4]


@pytest.mark.parametrize("parents", [[[0]], [[], [2], []], [[], [-1]]])
def test_a_box_is_made_of_earlier_ones(parents):
    with pytest.raises(ValueError, match="made of boxes before it, got"):
        graph_layout(parents)


def test_no_box():
    with pytest.raises(ValueError, match="at least one box, got none"):
        graph_layout([])
