import pytest
import torch

from sevenlessons.text.awd_lstm import AWDLSTM, LanguageModel
from sevenlessons.text.marks import SPECIAL, mark
from sevenlessons.text.rereading import RereadSettings, reread
from sevenlessons.text.vocabulary import Vocabulary

TEXTS = [
    mark(f"The film was good on day {n % 4}, we said.") for n in range(60)
]
OLD = Vocabulary([*SPECIAL, "the", "film", "minister", "was"])
SMALL = {"batch_size": 4, "length": 8, "min_count": 1, "lr": 0.02}


def general():
    return LanguageModel(AWDLSTM(len(OLD), 6, 8, 2))


def small(**changes):
    return RereadSettings(**{**SMALL, "epochs": 2, **changes})


def test_it_reads_in_two_stages_and_says_so():
    said = []
    made = reread(
        general(), OLD, TEXTS[:50], TEXTS[50:], small(), say=said.append
    )
    receipt = made.receipt
    assert [row["stage"] for row in receipt["epochs"]] == [
        "frozen",
        "all",
        "all",
    ]
    assert receipt["epochs"][-1]["valid_perplexity"] < len(made.vocabulary)
    assert receipt["settings"]["epochs"] == 2 and not receipt["stopped"]
    assert 0 < receipt["known_words"] < 1
    assert receipt["steps"] > 0 and "bigram" in said[1]
    assert "good" in made.vocabulary and "minister" not in made.vocabulary
    assert all(p.requires_grad for p in made.model.parameters())
    assert not made.model.training


def test_recurrent_layers_stand_still_at_first(monkeypatch):
    seen = []

    def watch(model, *args, **options):
        learns = [
            all(p.requires_grad for p in group.parameters())
            for group in model.layer_groups()
        ]
        seen.append(learns)
        return {
            "stopped": False,
            "epochs": [{}],
            "steps": 1,
            "cpu_seconds": 0.1,
            "seconds": 0.2,
        }

    monkeypatch.setattr("sevenlessons.text.rereading.read_texts", watch)
    made = reread(general(), OLD, TEXTS[:50], TEXTS[50:], small())
    assert seen == [[True, False, False, True], [True] * 4]
    assert made.receipt["steps"] == 2
    seen.clear()
    reread(general(), OLD, TEXTS[:50], TEXTS[50:], small(frozen_epochs=0))
    assert seen == [[True] * 4]


def test_the_first_model_is_left_alone_and_the_seed_decides():
    model = general()
    before = {k: v.clone() for k, v in model.state_dict().items()}
    one, two = (
        reread(model, OLD, TEXTS[:50], TEXTS[50:], small(epochs=1)).model
        for _ in range(2)
    )
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name])
    for first, second in zip(one.parameters(), two.parameters(), strict=True):
        assert torch.equal(first, second)


def test_a_stop_keeps_what_there_is():
    def say(line):
        if "after epoch 1" in line:
            raise KeyboardInterrupt

    made = reread(general(), OLD, TEXTS[:50], TEXTS[50:], small(), say=say)
    assert made.receipt["stopped"] and len(made.receipt["epochs"]) == 1


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"epochs": 0}, "epochs must be positive, got 0"),
        ({"lr": -1}, "lr must be positive, got -1"),
        ({"frozen_lr": 0}, "frozen_lr must be positive, got 0"),
        ({"frozen_epochs": -1}, "frozen_epochs must not be negative"),
    ],
)
def test_settings_without_sense(wrong, words):
    with pytest.raises(ValueError, match=words):
        small(**wrong)
