"""Transfer learning: a trained body, a new head, and what may learn.

A `TransferModel` is a backbone and a head. Its layer groups run from early
to late; `freezing` says which of them learn, and `rates` gives each its own
learning rate.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from sevenlessons.training.callbacks import Callback

from .backbones import Backbone

if TYPE_CHECKING:
    from sevenlessons.training.learner import Learner

__all__ = ["FixedScales", "FrozenBatchNorm", "TransferModel"]

_NORMS = nn.modules.batchnorm._BatchNorm


class TransferModel(nn.Module):
    """A backbone with a head on top.

    Parameters
    ----------
    backbone
        A whole backbone, or the later part of one.
    head
        Turns the backbone's maps into scores; see `make_head`.
    num_groups
        Layer groups, the head being the last; at least 2.

    Examples
    --------
    >>> import torch
    >>> from sevenlessons.vision.backbones import load_backbone
    >>> from sevenlessons.vision.heads import make_head
    >>> backbone = load_backbone("squeezenet_1_1", pretrained=False)
    >>> head = make_head(backbone.out_channels, 5)
    >>> model = TransferModel(backbone, head)
    >>> model.eval()(torch.zeros(1, 3, 64, 64)).shape
    torch.Size([1, 5])

    """

    def __init__(
        self, backbone: Backbone, head: nn.Module, *, num_groups: int = 3
    ) -> None:
        super().__init__()
        if num_groups < 2:
            raise ValueError(
                f"num_groups must be at least 2, the body and the head, got "
                f"{num_groups}"
            )
        backbone.groups(num_groups - 1)  # refuses what cannot be
        self.num_groups = num_groups
        self.backbone = backbone
        self.head = head

    def forward(self, images: Tensor) -> Tensor:
        """Return scores (N, K) of images (N, 3, H, W)."""
        return self.head(self.backbone(images))

    def layer_groups(self) -> list[nn.Module]:
        """Return the groups, earliest layers first, the head last."""
        return [*self.backbone.groups(self.num_groups - 1), self.head]


class FrozenBatchNorm(Callback):
    """Keep the statistics of frozen batch norms as they are.

    In training mode a batch norm measures each batch and remembers a running
    mean, frozen or not: a body that should not change would drift. This
    callback puts each batch norm without learning parameters in eval mode
    at the beginning of each epoch.

    Parameters
    ----------
    whole_backbone
        Do so for each batch norm of ``model.backbone``, learning or not: with
        small batches the statistics of the body's own training are better
        than those of the batch.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> norm = nn.BatchNorm2d(2).requires_grad_(False)
    >>> FrozenBatchNorm().on_epoch_begin(SimpleNamespace(model=norm))
    >>> norm.training
    False

    """

    shapes_step = True  # the rate finder must train as the fit does

    def __init__(self, *, whole_backbone: bool = False) -> None:
        self.whole_backbone = whole_backbone

    def on_fit_begin(self, learner: Learner) -> None:
        if self.whole_backbone and not hasattr(learner.model, "backbone"):
            raise TypeError(
                "whole_backbone needs a model with a backbone such as "
                f"TransferModel, got {type(learner.model).__name__}"
            )

    def on_epoch_begin(self, learner: Learner) -> None:
        body: set[nn.Module] = set()
        if self.whole_backbone:
            body = set(learner.model.get_submodule("backbone").modules())
        for module in learner.model.modules():
            if not isinstance(module, _NORMS):
                continue
            if module in body:
                module.eval()
            parameters = list(module.parameters())
            if parameters and not any(p.requires_grad for p in parameters):
                module.eval()


class FixedScales(Callback):
    """Keep scale and shift of the body's batch norms as they are.

    They are parameters like any other and learn when the body does, unless
    this callback says at the beginning of each epoch that they may not. Put
    it behind a callback that thaws layer groups, such as `Thaw`.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> model = nn.ModuleDict({"backbone": nn.BatchNorm2d(2)})
    >>> FixedScales().on_epoch_begin(SimpleNamespace(model=model))
    >>> [p.requires_grad for p in model.parameters()]
    [False, False]

    """

    shapes_step = True  # the rate finder must train as the fit does

    def on_fit_begin(self, learner: Learner) -> None:
        if not hasattr(learner.model, "backbone"):
            raise TypeError(
                "FixedScales needs a model with a backbone such as "
                f"TransferModel, got {type(learner.model).__name__}"
            )

    def on_epoch_begin(self, learner: Learner) -> None:
        for module in learner.model.get_submodule("backbone").modules():
            if isinstance(module, _NORMS):
                module.requires_grad_(False)
                for parameter in module.parameters():
                    parameter.grad = None  # an old one would still be used
