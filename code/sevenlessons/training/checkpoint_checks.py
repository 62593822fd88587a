"""Does a checkpoint belong to this learner? If not, say where it differs.

All is compared before anything is loaded, so that a refused checkpoint
leaves the learner as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from .callbacks import Callback

if TYPE_CHECKING:
    from .learner import Learner

__all__ = ["check_learner", "check_weights", "kinds", "with_memory"]


def with_memory(callbacks: Iterable[Callback]) -> list[Callback]:
    """Return the callbacks that have a state to keep."""
    return [
        callback
        for callback in callbacks
        if type(callback).state_dict is not Callback.state_dict
    ]


def kinds(learner: Learner) -> dict[str, str]:
    """Return the names of the classes a learner is made of."""
    return {
        name: type(part).__name__
        for name, part in (
            ("learner", learner),
            ("model", learner.model),
            ("optimizer", learner.optimizer),
        )
    }


def check_learner(learner: Learner, state: Mapping[str, Any]) -> None:
    """Refuse the checkpoint of a learner built otherwise, in words."""
    for part, kind in kinds(learner).items():
        if kind != state["kinds"][part]:
            raise ValueError(
                f"the checkpoint was written with a {part} of the class "
                f"{state['kinds'][part]}, got {kind}; build the {part} as "
                "it was"
            )
    check_weights(learner.model, state["learner"]["model"])
    own, saved = (
        [len(group["params"]) for group in optimizer["param_groups"]]
        for optimizer in (
            learner.optimizer.state_dict(),
            state["learner"]["optimizer"],
        )
    )
    if own != saved:
        raise ValueError(
            "the optimizer in the checkpoint has parameter groups of "
            f"{saved} tensors, got {own}; build the groups as they were"
        )
    own_kinds = [type(c).__name__ for c in with_memory(learner.callbacks)]
    saved_kinds = [callback["kind"] for callback in state["callbacks"]]
    if own_kinds != saved_kinds:
        raise ValueError(
            "the checkpoint holds what these callbacks remember: "
            f"{', '.join(saved_kinds) or 'none'}; the learner has "
            f"{', '.join(own_kinds) or 'none'}; pass the same ones in the "
            "same order"
        )


def check_weights(model: nn.Module, weights: Mapping[str, Any]) -> None:
    """Refuse weights that `model` cannot take, before it takes any."""
    own = model.state_dict()
    wrong = [f"{name} is missing" for name in own if name not in weights]
    wrong += [f"{name} is unknown" for name in weights if name not in own]
    wrong += [
        f"{name} has shape {tuple(weights[name].shape)}, expected "
        f"{tuple(tensor.shape)}"
        for name, tensor in own.items()
        if isinstance(weights.get(name), Tensor)
        and weights[name].shape != tensor.shape
    ]
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        raise ValueError(
            "the checkpoint does not fit this model: "
            f"{'; '.join(wrong[:3])}{more}; build the model as it was "
            "when the checkpoint was written"
        )
