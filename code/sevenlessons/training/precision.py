"""Mixed precision: the forward pass in 16 bits, the weights in 32."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from .learner import Learner

__all__ = ["MixedPrecisionLearner"]

_DTYPES = {"bf16": torch.bfloat16, "fp16": torch.float16}


class MixedPrecisionLearner(Learner):
    """A `Learner` whose forward pass runs in bfloat16 or float16.

    Torch's autocast picks the operations that bear 16 bits (products of
    matrices, convolutions). Weights, gradients, the prediction and the loss
    stay in 32 bits.

    With float16 small gradients would vanish. So the loss is multiplied by a
    large scale before backward and the gradients are divided by it before
    the hook ``on_backward_end``: clipping sees true gradients. A step with an
    infinite or undefined gradient is left out, and the scale is halved.

    Parameters
    ----------
    *args, **kwargs
        As for `Learner`.
    precision
        ``"bf16"`` (the range of float32, so no scale is needed), ``"fp16"``,
        or None: bf16 where the device computes with it, else fp16.

    Attributes
    ----------
    precision
        ``"bf16"`` or ``"fp16"``.

    Notes
    -----
    Micikevicius et al. (2018), arXiv:1710.03740. On a CPU only bf16 may be
    faster, and only where the processor has instructions for it.

    Examples
    --------
    >>> model = torch.nn.Linear(1, 1)
    >>> batch = (torch.ones(4, 1), torch.ones(4, 1))
    >>> learner = MixedPrecisionLearner(
    ...     model,
    ...     [batch],
    ...     [batch],
    ...     torch.nn.functional.mse_loss,
    ...     torch.optim.SGD(model.parameters(), lr=0.1),
    ...     precision="bf16",
    ... )
    >>> len(learner.fit(epochs=2).epochs), model.weight.dtype
    (2, torch.float32)

    """

    def __init__(
        self, *args: Any, precision: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if precision is None:
            precision = _fitting(self.device)
        if precision not in _DTYPES:
            raise ValueError(
                f"precision must be 'bf16' or 'fp16', got {precision!r}"
            )
        self.precision = precision
        self.scaler = torch.amp.GradScaler(
            self.device.type, enabled=precision == "fp16"
        )

    @property
    def loss_scale(self) -> float:
        """Factor on the loss in the next backward pass; 1 for bf16."""
        return self.scaler.get_scale()

    def forward(self, *inputs: Tensor) -> Tensor:
        """Return the prediction, computed in 16 bits, handed on in 32."""
        dtype = _DTYPES[self.precision]
        with torch.autocast(self.device.type, dtype=dtype):
            prediction = self.model(*inputs)
        return _in_32_bits(prediction)

    def training_step(self) -> None:
        """Run forward, loss, scaled backward and, if finite, the step."""
        *inputs, target = self.batch
        self.loss = self.loss_fn(self.forward(*inputs), target)
        self.notify("on_loss")
        self.optimizer.zero_grad()
        self.scaler.scale(self.loss).backward()
        self.scaler.unscale_(self.optimizer)  # and looks for inf and nan
        self.notify("on_backward_end")
        self.scaler.step(self.optimizer)
        self.scaler.update()

    def state_dict(self) -> dict[str, Any]:
        return super().state_dict() | {"scaler": self.scaler.state_dict()}

    def load_state_dict(self, state: Any) -> None:
        super().load_state_dict(state)
        self.scaler.load_state_dict(state["scaler"])


def _fitting(device: torch.device) -> str:
    if device.type != "cuda":
        return "bf16"
    has_bf16 = torch.cuda.is_bf16_supported(including_emulation=False)
    return "bf16" if has_bf16 else "fp16"


def _in_32_bits(value: Any) -> Any:
    """Return 16-bit tensors as float32, also inside tuples and lists."""
    if isinstance(value, Tensor):
        low = value.dtype in _DTYPES.values()
        return value.float() if low else value
    if type(value) in (tuple, list):
        return type(value)(_in_32_bits(item) for item in value)
    return value
