import numpy as np
import pytest
import torch

from sevenlessons.text.batches import TextLoader, padded


def texts(count, longest=40, seed=0):
    generator = torch.Generator().manual_seed(seed)
    lengths = torch.randint(1, longest, (count,), generator=generator)
    return [
        torch.randint(2, 90, (int(n),), generator=generator).tolist()
        for n in lengths
    ]


@pytest.mark.parametrize("shuffle", [True, False])
def test_serves_every_text_once_with_its_length_and_target(shuffle):
    given = texts(103)
    loader = TextLoader(
        given, range(103), batch_size=10, shuffle=shuffle, chunk=3
    )
    for _ in range(2):
        seen = []
        for numbers, lengths, target in loader:
            assert numbers.shape[1] == lengths.max()
            for row, length, place in zip(
                numbers.tolist(), lengths.tolist(), target, strict=True
            ):
                assert row[:length] == given[place]
                assert set(row[length:]) <= {1}
                seen.append(int(place))
        assert sorted(seen) == list(range(103))
        assert seen == loader.order.tolist()
    assert len(loader) == 11


def test_lengths_in_a_batch_are_similar():
    given = texts(1000)
    waste = {}
    for chunk in (1, 20):
        loader = TextLoader(given, batch_size=20, shuffle=True, chunk=chunk)
        waste[chunk] = sum(n.numel() - int(k.sum()) for n, k, _ in loader)
    assert waste[20] < waste[1] / 4


def test_order_differs_by_epoch_and_is_seeded():
    def orders(seed):
        loader = TextLoader(texts(50), shuffle=True, seed=seed, chunk=1)
        return [
            torch.cat([k for _, k, _ in loader]).tolist() for _ in range(2)
        ]

    first, second = orders(0)
    assert first != second
    assert orders(0) == [first, second] != orders(1)


def test_goes_on_from_its_state():
    loader = TextLoader(texts(50), shuffle=True)
    list(loader)
    state = loader.state_dict()
    expected = [n.tolist() for n, _, _ in loader]
    loader.load_state_dict(state)
    assert [n.tolist() for n, _, _ in loader] == expected
    with pytest.raises(ValueError, match=r"'generator', got the keys \[\]"):
        loader.load_state_dict({})


def test_without_targets_and_other_padding():
    ((numbers, lengths, target),) = TextLoader([[5], [6, 7]], padding=0)
    assert numbers.tolist() == [[6, 7], [5, 0]]
    assert lengths.tolist() == [2, 1]
    assert target.tolist() == [0, 0]


def test_labels_that_may_only_be_read():
    labels = np.array([1, 0])
    labels.flags.writeable = False
    assert TextLoader([[2], [3]], labels).target.tolist() == [1, 0]


def test_one_long_text_does_not_lengthen_the_others():
    loader = TextLoader([[2] * 200_000, *texts(99)], batch_size=20)
    sizes = [numbers.shape[1] for numbers, _, _ in loader]
    assert sizes[0] == 200_000 and max(sizes[1:]) < 40


def test_refuses():
    with pytest.raises(ValueError, match="text 1 has no token; mark"):
        padded([[1], []])
    with pytest.raises(ValueError, match="at least one text, got none"):
        TextLoader([])
    with pytest.raises(ValueError, match="each of the 2 texts, got 1"):
        TextLoader([[2], [3]], [1])
    with pytest.raises(ValueError, match="must be at least 1, got 0 and 20"):
        TextLoader([[2]], batch_size=0)


@pytest.mark.parametrize("wrong", [float("nan"), 0.7, float("inf")])
def test_classes_that_are_no_whole_numbers_are_refused(wrong):
    with pytest.raises(ValueError, match=f"whole class .* got {wrong:g}; num"):
        TextLoader([[2], [3]], [1.0, wrong])
    whole = TextLoader([[2], [3]], torch.tensor([1.0, 0.0]))
    assert whole.target.tolist() == [1, 0]
    assert TextLoader([[2]], torch.tensor([True])).target.tolist() == [1]
