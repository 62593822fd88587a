import pytest
import torch

from sevenlessons.text.awd_lstm import AWDLSTM, AWDDropouts
from sevenlessons.text.batches import TextLoader, padded
from sevenlessons.text.classifier import Pool, TextClassifier, concat_pool
from sevenlessons.text.marks import SPECIAL, mark
from sevenlessons.text.vocabulary import Vocabulary
from sevenlessons.training.freezing import freeze_to
from sevenlessons.training.learner import Learner

OFF = AWDDropouts().scaled(0)


def encoder(**options):
    return AWDLSTM(30, 6, 9, 2, dropouts=OFF, **options)


def texts(*lengths):
    generator = torch.Generator().manual_seed(3)
    return [
        torch.randint(2, 30, (n,), generator=generator).tolist()
        for n in lengths
    ]


@pytest.mark.parametrize("cuts", [[20], [7, 7, 6], [1] * 20, [3, 17]])
def test_pool_equals_a_loop_over_texts(cuts):
    outputs = torch.randn(5, 20, 4)
    lengths = torch.tensor([20, 1, 7, 14, 8])
    pool = Pool(lengths)
    for part in outputs.split(cuts, dim=1):
        pool.add(part)
    expected = torch.stack(
        [
            torch.cat([text[-1], text.max(0).values, text.mean(0)])
            for text in (
                row[:n] for row, n in zip(outputs, lengths, strict=True)
            )
        ]
    )
    torch.testing.assert_close(pool.result(), expected)
    torch.testing.assert_close(concat_pool(outputs, lengths), expected)


def test_padding_changes_nothing():
    model = TextClassifier(encoder(), 2).eval()
    numbers, lengths = padded(texts(9, 4, 1))
    scores = model(numbers, lengths)
    longer = torch.nn.functional.pad(numbers, (0, 11), value=7)
    torch.testing.assert_close(model(longer, lengths), scores)
    for i, text in enumerate(texts(9, 4, 1)):
        alone = model(torch.tensor([text]), torch.tensor([len(text)]))
        torch.testing.assert_close(alone[0], scores[i])


@pytest.mark.parametrize("chunk", [1, 7, 70, 500])
def test_chunks_change_nothing(chunk):
    numbers, lengths = padded(texts(310, 205, 71))
    whole = TextClassifier(encoder(), 3, chunk=1000, learn_steps=1000)
    parts = TextClassifier(encoder(), 3, chunk=chunk, learn_steps=1000)
    torch.testing.assert_close(
        parts.eval()(numbers, lengths), whole.eval()(numbers, lengths)
    )


def test_a_text_of_many_words():
    model = TextClassifier(AWDLSTM(30, 4, 4, 1), 2, chunk=500).train()
    long = torch.randint(2, 30, (2, 20_000))
    scores = model(long, torch.tensor([20_000, 3]))
    scores.sum().backward()  # from the last steps only
    assert scores.isfinite().all()


def test_old_steps_give_no_gradient():
    model = TextClassifier(encoder(), 2, chunk=5, learn_steps=10)
    numbers = torch.tensor([[2] * 10 + [3] * 10] * 2)
    model.train()(numbers, torch.tensor([20, 20])).sum().backward()
    gradient = model.encoder.embedding.weight.grad
    assert not gradient[2].any()


def test_nothing_is_carried_from_text_to_text():
    model = TextClassifier(encoder(), 2).eval()
    batch = padded(texts(5, 5))
    assert torch.equal(model(*batch), model(*batch))


def test_the_encoder_given_is_left_alone():
    given = encoder()
    before = given.embedding.weight.clone()
    model = TextClassifier(given, 2)
    model(*padded(texts(5, 4))).sum().backward()
    assert given.embedding.weight.grad is None
    assert torch.equal(given.embedding.weight, before)


def test_groups_and_head():
    model = TextClassifier(encoder(), 2)
    held = [id(p) for g in model.layer_groups() for p in g.parameters()]
    assert sorted(held) == sorted(id(p) for p in model.parameters())
    freeze_to(model, -1)
    learning = {n for n, p in model.named_parameters() if p.requires_grad}
    assert all(name.startswith("head.") for name in learning)
    plain = TextClassifier(encoder(), 2, hidden_size=0)
    assert plain.head[-1].in_features == 18


def test_seed():
    first, again = (TextClassifier(encoder(), 2, seed=4) for _ in range(2))
    for a, b in zip(first.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)


def test_learns_which_word_is_there():
    torch.manual_seed(0)
    given = texts(*range(2, 22)) * 4
    target = [int(5 in text) for text in given]
    model = TextClassifier(encoder(), 2, hidden_size=0, dropout=(0, 0))
    learner = Learner(
        model,
        TextLoader(given, target, batch_size=16, shuffle=True),
        TextLoader(given, target),
        torch.nn.functional.cross_entropy,
        torch.optim.Adam(model.parameters(), lr=0.02),
    )
    history = learner.fit(20)
    assert history.epochs[-1]["valid_loss"] < 0.35


def test_refuses():
    with pytest.raises(ValueError, match="a length of 0; mark"):
        Pool(torch.tensor([3, 0]))
    with pytest.raises(ValueError, match="call add first"):
        Pool(torch.tensor([3])).result()
    with pytest.raises(ValueError, match="3 words, but only 2 steps"):
        concat_pool(torch.ones(1, 2, 4), torch.tensor([3]))
    with pytest.raises(ValueError, match=r"1 <= chunk <= learn_steps"):
        TextClassifier(encoder(), 2, chunk=0)
    with pytest.raises(ValueError, match=r"lengths \(N,\), got shapes"):
        TextClassifier(encoder(), 2)(torch.ones(2, 3).long(), torch.ones(3))


def test_empty_text_and_a_million_characters():
    words = [letter * 2 + "unforgettably" * 2 for letter in "abcdef"]
    vocabulary = Vocabulary([*SPECIAL, *words])
    generator = torch.Generator().manual_seed(0)
    places = torch.randint(6, (40_000,), generator=generator)
    long = " ".join(words[place] for place in places.tolist())[:1_000_000]
    given = [vocabulary.numbers(mark(text)) for text in ("", long)]
    assert len(long) == 1_000_000 and len(given[0]) == 1
    model = TextClassifier(AWDLSTM(14, 4, 4, 1), 2, chunk=1000).eval()
    with torch.no_grad():
        scores = [
            model(numbers, lengths)
            for numbers, lengths, _ in TextLoader(given, batch_size=1)
        ]
    assert torch.cat(scores).isfinite().all()
