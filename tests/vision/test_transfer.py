from types import SimpleNamespace

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from sevenlessons.training.freezing import (
    freeze,
    freeze_to,
    layer_groups,
    unfreeze,
)
from sevenlessons.vision.backbones import split_backbone
from sevenlessons.vision.heads import make_head
from sevenlessons.vision.transfer import (
    FixedScales,
    FrozenBatchNorm,
    TransferModel,
)

TARGET = torch.tensor([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])


def step(model, photos):
    """Take one step of SGD with decay on everything that is listed."""
    optimizer = torch.optim.SGD(
        model.parameters(), lr=0.1, momentum=0.9, weight_decay=0.1
    )
    F.cross_entropy(model(photos), TARGET).backward()
    optimizer.step()


def copied(state):
    return {name: value.clone() for name, value in state.items()}


def test_the_model_is_backbone_then_head(model, photos):
    model.eval()
    expected = model.head(model.backbone(photos))
    assert torch.equal(model(photos), expected)


def test_groups_hold_every_parameter_once(model):
    groups = layer_groups(model)
    assert len(groups) == 3
    assert groups[-1] is model.head
    listed = [id(p) for group in groups for p in group.parameters()]
    assert sorted(listed) == sorted(map(id, model.parameters()))
    assert len(set(listed)) == len(listed)


@pytest.mark.parametrize("group", [-3, -2, -1, 0, 1, 2])
def test_frozen_weights_keep_every_bit_and_get_no_gradient(
    model, photos, group
):
    unfreeze(model)
    model(photos).sum().backward()  # old gradients lie about
    freeze_to(model, group)
    before = [copied(part.state_dict()) for part in layer_groups(model)]
    step(model, photos)
    for number, part in enumerate(layer_groups(model)):
        learns = number >= group % 3
        for name, parameter in part.named_parameters():
            assert (parameter.grad is not None) == learns
            if not learns:
                assert torch.equal(parameter, before[number][name])
        moved = [
            not torch.equal(parameter, before[number][name])
            for name, parameter in part.named_parameters()
        ]
        assert any(moved) == learns


def test_freeze_and_unfreeze(model):
    freeze(model)
    assert not any(p.requires_grad for p in model.backbone.parameters())
    assert all(p.requires_grad for p in model.head.parameters())
    unfreeze(model)
    assert all(p.requires_grad for p in model.parameters())


def statistics(module):
    return copied(dict(module.named_buffers()))


def test_frozen_statistics_stay_with_the_callback_only(model, photos):
    freeze(model)
    before = statistics(model.backbone)
    model.train()
    FrozenBatchNorm().on_epoch_begin(SimpleNamespace(model=model))
    step(model, photos)
    after = statistics(model.backbone)
    assert all(torch.equal(after[name], before[name]) for name in before)
    model.train()
    step(model, photos)
    drifted = statistics(model.backbone)
    assert not torch.equal(
        drifted["body.0.1.running_mean"], before["body.0.1.running_mean"]
    )


def test_only_frozen_norms_are_put_in_eval_mode(model):
    freeze_to(model, 1)
    model.train()
    FrozenBatchNorm().on_epoch_begin(SimpleNamespace(model=model))
    early, late, head = layer_groups(model)
    norms = (nn.BatchNorm1d, nn.BatchNorm2d)
    for part, training in ((early, False), (late, True), (head, True)):
        modes = {m.training for m in part.modules() if isinstance(m, norms)}
        assert modes == {training}
    assert head[2].training  # dropout goes on


def test_in_a_fit_the_frozen_body_does_not_change(model, photos):
    learner_module = pytest.importorskip("sevenlessons.training.learner")
    freeze(model)
    before = copied(model.backbone.state_dict())
    learner = learner_module.Learner(
        model,
        [(photos, TARGET)],
        None,
        F.cross_entropy,
        torch.optim.AdamW(model.parameters(), lr=0.01),
        callbacks=[FrozenBatchNorm()],
    )
    first = learner.fit(1).epochs[-1]["train_loss"]
    last = learner.fit(30).epochs[-1]["train_loss"]
    assert last < first
    for name, value in model.backbone.state_dict().items():
        assert torch.equal(value, before[name])


def test_it_learns_a_handful_of_pictures(model, photos):
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        for _ in range(60):
            loss = F.cross_entropy(model(photos), TARGET)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    assert (model.eval()(photos).argmax(1) == TARGET).float().mean() >= 0.9


def test_the_late_part_alone_can_be_tuned(tiny, photos):
    early, late = split_backbone(tiny.eval(), 3)
    maps = early(photos).detach()
    model = TransferModel(late, make_head(8, 3), num_groups=2)
    before = copied(early.state_dict())
    whole = tiny(photos)
    step(model.train(), maps)
    tiny.eval()
    assert not torch.equal(tiny(photos), whole)  # the weights are shared
    assert all(
        torch.equal(value, before[name])
        for name, value in early.state_dict().items()
    )


def test_messages(tiny, model):
    for group in (3, -4):
        with pytest.raises(ValueError, match=r"must be in \[-3, 3\), since"):
            freeze_to(model, group)
    with pytest.raises(ValueError, match="num_groups must be at least 2"):
        TransferModel(tiny, nn.Identity(), num_groups=1)
    with pytest.raises(ValueError, match=r"must be in \[1, 4\], the number"):
        TransferModel(tiny, nn.Identity(), num_groups=6)


def test_fixed_scales_lets_all_but_the_norms_learn(model):
    unfreeze(model)
    for parameter in model.parameters():
        parameter.grad = torch.ones_like(parameter)
    learner = SimpleNamespace(model=model)
    FixedScales().on_fit_begin(learner)
    FixedScales().on_epoch_begin(learner)
    for module in model.modules():
        own = list(module.parameters(recurse=False))
        is_norm = isinstance(module, nn.BatchNorm2d)  # the head has 1d ones
        assert all(p.requires_grad != is_norm for p in own)
        assert all((p.grad is None) == is_norm for p in own)
    with pytest.raises(TypeError, match="needs a model with a backbone"):
        FixedScales().on_fit_begin(SimpleNamespace(model=nn.Linear(1, 1)))
