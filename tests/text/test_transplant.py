import pytest
import torch

from sevenlessons.text.awd_lstm import AWDLSTM, LanguageModel
from sevenlessons.text.marks import SPECIAL
from sevenlessons.text.transplant import move_rows, transplant
from sevenlessons.text.vocabulary import Vocabulary

OLD = Vocabulary([*SPECIAL, "the", "film", "minister", "good"])
NEW = Vocabulary([*SPECIAL, "good", "zorgly", "film"])


def model():
    made = LanguageModel(AWDLSTM(len(OLD), 5, 6, num_layers=2, seed=1))
    generator = torch.Generator().manual_seed(2)
    torch.nn.init.normal_(made.head.bias, generator=generator)
    return made


def test_film_has_the_same_row_and_bias_under_another_number():
    old = model()
    new = transplant(old, OLD, NEW)
    (a,), (b,) = OLD.numbers(["film"]), NEW.numbers(["film"])
    assert a != b
    rows = old.encoder.embedding.weight, new.encoder.embedding.weight
    assert torch.equal(rows[0][a], rows[1][b])
    assert torch.equal(old.head.bias[a], new.head.bias[b])


def test_an_unknown_word_gets_the_mean_row_without_padding():
    old = model()
    new = transplant(old, OLD, NEW)
    words = [i for i in range(len(OLD)) if i != 1]
    (place,) = NEW.numbers(["zorgly"])
    rows = old.encoder.embedding.weight
    found = new.encoder.embedding.weight[place]
    assert torch.allclose(found, rows[words].mean(0))
    assert torch.allclose(new.head.bias[place], old.head.bias[words].mean())


def test_scores_of_shared_words_do_not_change():
    old = model().eval()
    new = transplant(old, OLD, NEW)
    text = ["xxbos", "good", "film", "xxmaj"]
    before = old(torch.tensor([OLD.numbers(text)]))[0]
    after = new(torch.tensor([NEW.numbers(text)]))[0]
    shared = [t for t in NEW if t in OLD]
    assert torch.allclose(
        before[:, OLD.numbers(shared)],
        after[:, NEW.numbers(shared)],
        atol=1e-5,
    )


@pytest.mark.parametrize("training", [True, False])
def test_new_parts_are_in_the_mode_of_the_old_ones(training):
    new = transplant(model().train(training), OLD, NEW)
    assert {part.training for part in new.modules()} == {training}


def test_one_tensor_for_both_and_the_old_model_left_alone():
    old = model()
    before = {k: v.clone() for k, v in old.state_dict().items()}
    new = transplant(old, OLD, NEW)
    names = [name for name, _ in new.named_parameters()]
    assert len(names) == len(list(old.parameters()))
    new.train()
    new(torch.tensor([NEW.numbers(["good", "film"])])).sum().backward()
    weight = new.encoder.embedding.weight
    assert weight.grad is not None and weight.requires_grad
    with torch.no_grad():
        for parameter in new.parameters():
            parameter.add_(1)
    for name, tensor in old.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="expected 12 rows, one for each"):
        move_rows(torch.zeros(3, 2), OLD, NEW)
    other = Vocabulary(["xxunk", "film"])
    with pytest.raises(ValueError, match="same special tokens"):
        transplant(model(), OLD, other)
