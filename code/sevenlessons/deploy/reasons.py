"""Where the model of a bundle looked: the web app's "why?".

Grad-CAM (Selvaraju et al., 2017) on the last maps of the network, for each
view that the predictor averages over; a map of a turned view is turned back
before it is added.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from threading import Lock

import torch
from PIL import Image
from torch import Tensor, nn

from sevenlessons.vision.gradcam import grad_cam
from sevenlessons.vision.small_cnn import SmallCNN
from sevenlessons.vision.symmetries import inverse
from sevenlessons.vision.transfer import TransferModel
from sevenlessons.vision.views import dihedral_view

from .inference import photos_to_tensor
from .predictor import Predictor

__all__ = ["explainer", "last_maps"]


def last_maps(model: nn.Module) -> nn.Module:
    """Return the part of `model` whose output still has a height and width.

    Parameters
    ----------
    model
        A `TransferModel` or a `SmallCNN`: what a bundle may hold.

    Raises
    ------
    TypeError
        If it is another network.

    Examples
    --------
    >>> model = SmallCNN(10)
    >>> last_maps(model) is model.body
    True

    """
    if isinstance(model, TransferModel):
        return model.backbone
    if isinstance(model, SmallCNN):
        return model.body
    raise TypeError(
        f"cannot tell which layer of a {type(model).__name__} to explain: "
        "expected a TransferModel or a SmallCNN, the networks of a bundle"
    )


def explainer(
    predictor: Predictor,
) -> Callable[[Image.Image, str | None], Tensor]:
    """Return a function that says where the model looked for a class.

    Parameters
    ----------
    predictor
        Its network is copied: several threads may ask while others predict.

    Returns
    -------
    Callable
        Takes a picture and the name of a class, or None for the likeliest;
        returns Grad-CAM, shape ``(h, w)``, at least 0, on the CPU: the mean
        over the predictor's views.

    Raises
    ------
    TypeError
        If the network is none that a bundle may hold.

    Examples
    --------
    >>> from sevenlessons.deploy.predictor import Predictor
    >>> look = explainer(Predictor.load("sky"))  # doctest: +SKIP
    >>> look(Image.open("m31.jpg"), "galaxy").shape  # doctest: +SKIP
    torch.Size([4, 4])

    """
    model = deepcopy(predictor.model)
    layer = last_maps(model)
    views = list(predictor.settings["views"])
    mode = predictor.settings["input"]["mode"]
    alone = Lock()  # the hooks of two pictures would mix

    def look(picture: Image.Image, label: str | None = None) -> Tensor:
        images = photos_to_tensor([picture], predictor.size, mode=mode)
        if label is None:
            number = int(predictor.probabilities(images).argmax())
        elif label in predictor.classes:
            number = predictor.classes.index(label)
        else:
            raise ValueError(
                f"the model knows no class {label!r}; it knows "
                f"{', '.join(predictor.classes)}"
            )
        device = next(model.parameters(), images).device
        targets = torch.tensor([number], device=device)
        total = torch.zeros(())
        for view in views:
            side = dihedral_view(images, view).to(device)
            with alone:
                heat = grad_cam(model, side, layer, targets)
            total = total + dihedral_view(heat[0].cpu(), inverse(view))
        return total / len(views)

    return look
