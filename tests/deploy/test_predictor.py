import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import safetensors.torch
import torch

from sevenlessons.data.imagefiles import ImageError
from sevenlessons.deploy.bundle import describe_bytes, read_settings
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.deploy.schema import BundleError

ALONE = """
import sys, torch, safetensors.torch
from sevenlessons.deploy.predictor import Predictor
torch.set_num_threads(int(sys.argv[3]))
predictor = Predictor.load(sys.argv[1])
images = safetensors.torch.load_file(sys.argv[2])["images"]
safetensors.torch.save_file(
    {"p": predictor.probabilities(images)}, sys.argv[2]
)
"""


@pytest.mark.parametrize("name", ["gray", "color"])
def test_a_fresh_process_gives_the_same_bits(name, request, noise, tmp_path):
    folder = request.getfixturevalue(name)
    predictor = Predictor.load(folder)
    channels = predictor.settings["input"]["channels"]
    images = noise(5, channels, predictor.size, predictor.size)
    file = tmp_path / "exchange.safetensors"
    safetensors.torch.save_file({"images": images}, file)
    threads = str(torch.get_num_threads())
    subprocess.run(
        [sys.executable, "-c", ALONE, str(folder), str(file), threads],
        check=True,
        cwd=tmp_path,  # nothing of ours lies here
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        timeout=120,
    )
    theirs = safetensors.torch.load_file(file)["p"]
    assert torch.equal(theirs, predictor.probabilities(images))


def test_a_photo_in_three_forms(color, photo):
    predictor = Predictor.load(color)
    answer = predictor.predict(photo)
    assert answer == predictor.predict(photo.read_bytes())
    assert list(answer.probabilities) == sorted(
        predictor.classes, key=answer.probabilities.get, reverse=True
    )
    assert sum(answer.probabilities.values()) == pytest.approx(1)
    assert answer.probability == answer.probabilities[answer.label]
    many = predictor.predict_many([photo, str(photo)])
    assert [one.label for one in many] == [answer.label] * 2


def test_below_the_threshold_it_is_not_sure(color, photo, forge):
    sure = Predictor.load(color).predict(photo)
    predictor = Predictor.load(forge(color, threshold=sure.probability))
    assert predictor.predict(photo) == sure  # at the threshold it answers
    predictor.threshold = sure.probability + 1e-6
    unsure = predictor.predict(photo)
    assert unsure.label is None
    assert unsure.probability == sure.probability
    assert unsure.probabilities == sure.probabilities


def test_facts_are_at_hand(gray):
    predictor = Predictor.load(gray)
    assert predictor.classes == ["no", "yes"]
    assert predictor.size == 28 and predictor.threshold is None
    assert predictor.settings["metrics"][0]["key"] == "lesson2/toy_accuracy"
    assert repr(predictor) == "Predictor(small_cnn, 2 classes, 28 px)"


def test_the_batch_changes_rounding_only(color, noise):
    predictor = Predictor.load(color)
    images = noise(7, 3, 32, 32)
    together = predictor.probabilities(images)
    alone = torch.cat([predictor.probabilities(row[None]) for row in images])
    torch.testing.assert_close(together, alone, rtol=0, atol=1e-6)


def test_threads_do_not_disturb_each_other(color, noise):
    predictor = Predictor.load(color)
    batches = [noise(2, 3, 32, 32, seed=seed) for seed in range(12)]
    expected = [predictor.probabilities(batch) for batch in batches]
    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(predictor.probabilities, batches))
    assert all(map(torch.equal, got, expected))


def test_each_listed_file_must_be_whole(gray, forge):
    content = b"onnx"
    files = read_settings(gray)["files"]
    forge(gray, files={**files, "model.onnx": describe_bytes(content)})
    with pytest.raises(BundleError, match=r"model\.onnx is missing"):
        Predictor.load(gray)
    (gray / "model.onnx").write_bytes(b"ONNX")
    with pytest.raises(BundleError, match="SHA-256 does not fit"):
        Predictor.load(gray)
    (gray / "model.onnx").write_bytes(content)
    Predictor.load(gray)


def test_a_pickle_in_the_folder_is_never_opened(gray, tmp_path):
    # A file that would leave a mark if anything unpickled it
    mark = tmp_path / "mark"
    code = f"cpathlib\nPath\n(V{mark}\ntRctouch\n".encode()
    for name in ("model.pkl", "bundle.pkl", "model.pt"):
        (gray / name).write_bytes(code)
    Predictor.load(gray)
    assert not mark.exists()


def test_wrong_pictures(gray, tmp_path):
    predictor = Predictor.load(gray)
    with pytest.raises(
        ValueError, match=r"shape \(N, 1, 28, 28\), got \(1, 3"
    ):
        predictor.probabilities(torch.zeros(1, 3, 28, 28, dtype=torch.uint8))
    with pytest.raises(TypeError, match=r"expected bytes, torch\.uint8, got"):
        predictor.probabilities(torch.zeros(1, 1, 28, 28))
    text = tmp_path / "text.png"
    text.write_text("no picture")
    with pytest.raises(ImageError, match="is no picture that can be read"):
        predictor.predict(text)


def test_settings_are_plain_json(gray):
    settings = Predictor.load(gray).settings
    assert json.loads(json.dumps(settings)) == settings
