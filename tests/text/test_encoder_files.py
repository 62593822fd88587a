import json

import pytest
import torch

from sevenlessons.text.awd_lstm import AWDLSTM, LanguageModel
from sevenlessons.text.encoder_files import (
    check_folder,
    load_encoder,
    save_encoder,
)
from sevenlessons.text.vocabulary import Vocabulary

WORDS = Vocabulary(["xxunk", "xxpad", "a", "film", "Ã©t\u00e9", "\u4f60"])


def model(**options):
    return LanguageModel(AWDLSTM(6, 4, 5, num_layers=3, **options))


@pytest.fixture
def folder(tmp_path):
    return save_encoder(
        model(seed=4), WORDS, tmp_path / "new", receipt={"seed": 4}
    )


def test_everything_comes_back(folder):
    again, vocabulary, receipt = load_encoder(folder)
    assert vocabulary.tokens == WORDS.tokens and receipt == {"seed": 4}
    numbers = torch.tensor([[2, 3, 4]])
    assert not again.training
    assert torch.equal(again(numbers), model(seed=4).eval()(numbers))
    assert {p.name for p in folder.iterdir()} == {
        "encoder.json",
        "encoder.safetensors",
    }


def test_half_is_half_as_long_and_nearly_the_same(folder, tmp_path):
    half = save_encoder(
        model(seed=4), WORDS, tmp_path / "h", receipt={}, dtype=torch.float16
    )
    sizes = [
        (f / "encoder.safetensors").stat().st_size for f in (folder, half)
    ]
    assert sizes[1] < 0.7 * sizes[0]
    (again, *_), (full, *_) = load_encoder(half), load_encoder(folder)
    for a, b in zip(again.parameters(), full.parameters(), strict=True):
        assert a.dtype == torch.float32 and torch.allclose(a, b, atol=1e-3)


def test_an_earlier_one_is_replaced_and_other_things_are_not(folder, tmp_path):
    save_encoder(model(seed=5), WORDS, folder, receipt={"seed": 5})
    assert load_encoder(folder)[2] == {"seed": 5}
    (folder / "letter.txt").write_text("dear")
    with pytest.raises(FileExistsError, match="holds other files"):
        save_encoder(model(), WORDS, folder, receipt={})
    assert load_encoder(folder)[2] == {"seed": 5}
    other = tmp_path / "other"
    other.mkdir()
    (other / "encoder.json").write_text("{}")
    with pytest.raises(FileExistsError, match="this program did not write"):
        check_folder(other)
    file = tmp_path / "file"
    file.write_text("")
    with pytest.raises(FileExistsError, match="is a file; name a folder"):
        check_folder(file)


def test_what_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(ValueError, match="has 2 tokens, the model 6 rows"):
        save_encoder(
            model(), Vocabulary(["xxunk", "a"]), tmp_path / "x", receipt={}
        )
    broken = model()
    torch.nn.init.constant_(broken.head.bias, float("nan"))
    with pytest.raises(ValueError, match=r"head.bias hold nan or infinity"):
        save_encoder(broken, WORDS, tmp_path / "x", receipt={})
    assert not (tmp_path / "x").exists()


def test_missing_files_are_told(folder):
    (folder / "encoder.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match="safetensors is missing; `py"):
        load_encoder(folder)


def test_damaged_weights_are_refused(folder):
    path = folder / "encoder.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ValueError, match="is not the file that was written"):
        load_encoder(folder)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "other"},
        {"hidden_size": 10**9},
        {"hidden_size": -1},
        {"hidden_size": 5.5},
        {"num_layers": "3"},
        {"tokens": [1, 2]},
        {"tokens": None},
        {"receipt": []},
        {"padding_idx": "1"},
    ],
)
def test_damaged_settings_are_refused(folder, change):
    path = folder / "encoder.json"
    settings = json.loads(path.read_text()) | change
    path.write_text(json.dumps(settings))
    with pytest.raises(ValueError, match="was not written by save_encoder"):
        load_encoder(folder)


def test_settings_that_are_no_json_or_do_not_fit_are_refused(folder):
    path = folder / "encoder.json"
    text = path.read_text()
    path.write_text(text.replace('"hidden_size": 5', '"hidden_size": 7'))
    with pytest.raises(ValueError, match="do not fit the sizes"):
        load_encoder(folder)
    path.write_text(text[:50])
    with pytest.raises(ValueError, match="was not written by save_encoder"):
        load_encoder(folder)
