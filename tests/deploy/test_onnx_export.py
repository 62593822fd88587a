import os
import subprocess
import sys
import warnings

import onnx
import pytest
import torch
from PIL import Image

from sevenlessons.deploy import onnx_export as module
from sevenlessons.deploy.bundle import read_settings
from sevenlessons.deploy.inference import photos_to_tensor
from sevenlessons.deploy.onnx_export import (
    ExportNetwork,
    export_onnx,
    run_onnx,
)
from sevenlessons.deploy.predictor import Predictor
from sevenlessons.deploy.schema import BundleError
from sevenlessons.vision.small_cnn import SmallCNN


def smooth(size):
    """Return a photo like those that people take: no noise."""
    gradient = Image.radial_gradient("L").resize((61, 47))
    image = Image.merge("RGB", [gradient, gradient.rotate(90), gradient])
    return photos_to_tensor([image], size)


def test_the_same_answers_for_any_number_of_pictures(color, forge, noise):
    forge(color, views=[0, 3, 6])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        path = export_onnx(color)
    predictor = Predictor.load(color)  # checks the new file too
    assert path == color / "model.onnx"
    assert "model.onnx" in predictor.settings["files"]
    for images in (noise(1, 3, 32, 32), noise(5, 3, 32, 32), smooth(32)):
        ours = predictor.probabilities(images)
        gap = (run_onnx(path, images) - ours).abs().max()
        assert gap < 1e-5  # asked for: 1e-4
        torch.testing.assert_close(ours.sum(1), torch.ones(len(images)))


def test_the_file_as_programs_see_it(gray):
    path = export_onnx(gray)
    assert [p.name for p in gray.glob("*onnx*")] == ["model.onnx"]
    model = onnx.load(path, load_external_data=False)
    (given,), (made,) = model.graph.input, model.graph.output
    assert (given.name, made.name) == ("images", "probabilities")

    def shape(value):
        dims = value.type.tensor_type.shape.dim
        return [dim.dim_param or dim.dim_value for dim in dims]

    assert shape(given) == ["N", 1, 28, 28] and shape(made) == ["N", 2]
    assert given.type.tensor_type.elem_type == onnx.TensorProto.FLOAT
    assert all(not t.external_data for t in model.graph.initializer)


def test_the_same_bytes_again_and_nothing_of_our_machine(gray):
    first = export_onnx(gray).read_bytes()
    before = read_settings(gray)
    assert export_onnx(gray).read_bytes() == first
    assert read_settings(gray) == before
    for word in (b"/site-packages", b"sevenlessons", b".py", b"stack_trace"):
        assert word not in first


def test_stopped_midway_the_bundle_can_still_be_loaded(gray, monkeypatch):
    path = export_onnx(gray)
    replace = os.replace

    def other(network, shape):  # as another version of torch would write it
        return path.read_bytes() + b"\x1a\x00"  # an empty text more

    def stops(source, target):
        replace(source, target)
        if target == path:
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "_to_onnx", other)
    monkeypatch.setattr(os, "replace", stops)
    with pytest.raises(KeyboardInterrupt):
        export_onnx(gray)
    assert path.read_bytes()[-2:] == b"\x1a\x00"
    Predictor.load(gray)


def test_export_network_is_the_network_without_the_check(noise):
    model = SmallCNN(3).eval()
    network = ExportNetwork(model, views=[0]).eval()
    images = noise(3, 1, 28, 28)
    torch.testing.assert_close(network(images / 255), model(images).softmax(1))
    network(images.float())  # would be refused by the model
    with pytest.raises(ValueError, match="must lie in"):
        model(images.float())


def test_a_disagreement_is_not_kept(gray, monkeypatch):
    def wrong(content, images):
        return torch.full((len(images), 2), 0.5) + 0.1

    monkeypatch.setattr(module, "run_onnx", wrong)
    with pytest.raises(RuntimeError, match="onnxruntime's answer differs"):
        export_onnx(gray)
    assert not list(gray.glob("*onnx*"))
    Predictor.load(gray)


def test_a_damaged_bundle_is_refused_first(gray):
    (gray / "model.safetensors").write_bytes(b"x")
    with pytest.raises(BundleError, match="copy the bundle again"):
        export_onnx(gray)


def test_without_the_extra_a_message_says_what_to_install():
    code = (
        "import sys; sys.modules['onnxruntime'] = None\n"
        "import sevenlessons.deploy.predictor, sevenlessons.deploy.export\n"
        "assert 'onnx' not in sys.modules\n"
        "import sevenlessons.deploy.onnx_export"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; sys.path[:] = {sys.path}\n{code}",
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: ONNX needs a package")
    assert 'pip install "sevenlessons[onnx]"' in last
