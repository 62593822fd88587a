import pytest
import torch
from tests.data.mask_samples import mask, picture

from sevenlessons.data.mask_items import MaskItems
from sevenlessons.data.mask_pairs import pair_masks
from sevenlessons.vision.augment import HorizontalFlip
from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.segmentation_phases import (
    Phase,
    TrainingSettings,
)
from sevenlessons.vision.segmentation_recipe import train_segmenter
from sevenlessons.vision.unet import UNet

CLASSES = ["left", "right", "void"]
SMALL, LARGE = (32, 32), (48, 48)


@pytest.fixture(scope="module")
def items(tmp_path_factory):
    """Dark left, bright right; the uppermost rows are void."""
    root = tmp_path_factory.mktemp("halves")
    for i in range(5):
        path = picture(root / "images" / f"{i}.png", 48, 48, seed=i)
        answer = torch.zeros(48, 48, dtype=torch.uint8)
        answer[:, 24:] = 1
        answer[:4] = 2
        mask(root / "masks" / f"{i}.png", answer.numpy())
        assert path.exists()
    pairs = pair_masks(root / "images", root / "masks")
    return MaskItems(pairs[:4], LARGE), MaskItems(pairs[4:], LARGE)


def model():
    body = load_backbone("mobilenet_v2", pretrained=False, seed=0)
    return UNet(body, 3, width=4, seed=0)


def fit(items, phases, network=None, on_epoch=lambda row: None, **options):
    settings = TrainingSettings(void=2, batch_size=2, **options)
    return train_segmenter(
        network or model(),
        *items,
        classes=CLASSES,
        phases=phases,
        settings=settings,
        on_epoch=on_epoch,
    )


def stop_at(epoch):
    rows = []

    def on_epoch(row):
        rows.append(row)
        if len(rows) == epoch:
            raise KeyboardInterrupt

    return on_epoch


def test_it_learns_where_things_are_and_keeps_the_best(items):
    phases = [Phase(SMALL, 2, frozen=True), Phase(LARGE, 6, frozen=False)]
    told = []
    found = fit(items, phases, on_epoch=told.append, lr=0.03)
    assert [row["phase"] for row in told] == (
        ["32 x 32, decoder alone"] * 2 + ["48 x 48, all layers"] * 6
    )
    assert found.rows == told and found.stopped == ""
    last = [row["valid_mean_iou"] for row in told[2:]]
    assert found.best["valid_mean_iou"] == max(last)
    images, truth = items[1].stacked()
    answers = found.segmenter.answers(images)
    judged = truth != 2
    right = (answers == truth)[judged].double().mean().item()
    assert right == pytest.approx(found.best["valid_accuracy"], abs=1e-6)
    assert answers.max() <= 1  # never void


def test_a_frozen_phase_leaves_the_body_alone(items):
    network = model()
    before = {k: v.clone() for k, v in network.backbone.state_dict().items()}
    fit(items, [Phase(SMALL, 1, frozen=True)], network)
    for name, value in network.backbone.state_dict().items():
        assert torch.equal(before[name], value), name
    fit(items, [Phase(SMALL, 1, frozen=False)], network)
    changed = [
        not torch.equal(before[name], value)
        for name, value in network.backbone.state_dict().items()
        if "running" not in name and "num_batches" not in name
    ]
    assert any(changed)


def test_the_same_seed_gives_the_same_network(items):
    phases = [Phase(SMALL, 2, frozen=False)]
    options = {"transforms": [HorizontalFlip()]}
    one, two = (fit(items, phases, **options).segmenter for _ in range(2))
    for a, b in zip(
        one.model.parameters(), two.model.parameters(), strict=True
    ):
        assert torch.equal(a, b)


def test_stopped_in_a_phase_the_best_so_far_is_kept(items):
    phases = [Phase(SMALL, 2, frozen=True), Phase(LARGE, 3, frozen=False)]
    found = fit(items, phases, on_epoch=stop_at(4))
    assert found.stopped == "stopped from the keyboard"
    assert found.segmenter.size == LARGE and len(found.rows) == 4
    found = fit(items, phases, on_epoch=stop_at(2))
    assert found.segmenter.size == SMALL and len(found.rows) == 2


def test_stopped_before_anything_there_is_nothing(items):
    class Impatient(UNet):
        def forward(self, images):
            raise KeyboardInterrupt

    body = load_backbone("mobilenet_v2", pretrained=False)
    with pytest.raises(KeyboardInterrupt):
        fit(items, [Phase(SMALL, 1, frozen=True)], Impatient(body, 3))


def test_a_loss_of_nan_ends_the_training(items):
    network = model()

    def poison(row):
        network.head.last.weight.data.fill_(torch.nan)

    phases = [Phase(SMALL, 3, frozen=True)]
    found = fit(items, phases, network, on_epoch=poison)
    assert "loss is nan" in found.stopped and len(found.rows) == 1
    network.head.last.weight.data.fill_(torch.nan)
    with pytest.raises(FloatingPointError):
        fit(items, phases, network)


def test_no_phase_is_no_training(items):
    with pytest.raises(ValueError, match="at least one phase"):
        fit(items, [])


def test_an_epoch_that_could_not_be_judged_is_not_kept(items, monkeypatch):
    values = iter([float("nan"), 0.25, float("nan")])
    monkeypatch.setattr(
        "sevenlessons.vision.segmentation_recipe.IoU.compute",
        lambda metric: next(values),
    )
    found = fit(items, [Phase(SMALL, 3, frozen=True)])
    assert found.best["valid_mean_iou"] == 0.25


def test_pictures_of_one_size_are_read_once(items, monkeypatch):
    reads = []
    stacked = MaskItems.stacked

    def counted(part):
        reads.append(part.size)
        return stacked(part)

    monkeypatch.setattr(MaskItems, "stacked", counted)
    sizes = [(SMALL, True), (SMALL, False), (LARGE, True)]
    fit(items, [Phase(size, 1, frozen=frozen) for size, frozen in sizes])
    assert reads == [SMALL, SMALL, LARGE, LARGE]
