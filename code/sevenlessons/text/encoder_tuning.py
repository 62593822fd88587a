"""The recipe of ULMFiT on an encoder: the head, the last layer, the last two.

The lower layers stay frozen, so their states are computed once
(`sentence_features.token_states`) and the upper ones, those of an
`EncoderClassifier`, learn from these. `fit_head` finds the best head at once,
`tune` unfreezes the layers step by step.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from sevenlessons.training.freezing import freeze_to
from sevenlessons.training.learner import Learner
from sevenlessons.training.precision import MixedPrecisionLearner
from sevenlessons.training.rates import parameter_groups, spread_lr
from sevenlessons.training.schedules import LRScheduler, one_cycle

from .encoder_classifier import EncoderClassifier, pooled_states
from .token_states import StateLoader, TokenStates

__all__ = ["fast_dtype", "fit_head", "tune"]

FACTOR = 2.6  # between the rates of neighboring layer groups


def fast_dtype(device: str = "cpu") -> torch.dtype:
    """Return bfloat16 where the device has instructions for it, else float32.

    Examples
    --------
    >>> fast_dtype() in (torch.bfloat16, torch.float32)
    True

    """
    if torch.device(device).type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        found = torch.cpu.get_capabilities()
        fast = bool(found.get("avx512_bf16") or found.get("amx_bf16"))
    return torch.bfloat16 if fast else torch.float32


def fit_head(
    head: nn.Linear, features: Tensor, target: Tensor, *, decay: float = 0.1
) -> None:
    """Set `head` to the best one for these features: logistic regression.

    Parameters
    ----------
    head
        Changed in place.
    features
        Shape ``(N, E)``.
    target
        Class numbers, shape ``(N,)``.
    decay
        Half of it times the sum of squared weights, over ``N``, is added to
        the mean loss. The same as ``LogisticRegression(C=1 / decay)`` for
        three classes or more. For two, scikit-learn keeps one row of
        weights, the difference of ours, and ``C=2 / decay`` is the same.

    Raises
    ------
    ValueError
        If the shapes do not fit, or a class is not one of the head's.

    Examples
    --------
    >>> head = nn.Linear(2, 2)
    >>> fit_head(head, torch.eye(2), torch.tensor([1, 0]))
    >>> head(torch.eye(2)).argmax(1)
    tensor([1, 0])

    """
    if features.ndim != 2 or features.shape != (
        len(target),
        head.in_features,
    ):
        raise ValueError(
            f"expected features ({len(target)}, {head.in_features}), one row "
            f"a target, got {tuple(features.shape)}"
        )
    if not len(target):
        raise ValueError("no text was given; pass at least one of each class")
    if int(target.min()) < 0 or int(target.max()) >= head.out_features:
        raise ValueError(
            f"targets must be class numbers in [0, {head.out_features}), got "
            f"{int(target.min())} to {int(target.max())}"
        )
    optimizer = torch.optim.LBFGS(
        head.parameters(), max_iter=500, line_search_fn="strong_wolfe"
    )

    def loss() -> Tensor:
        optimizer.zero_grad()
        penalty = decay / 2 * head.weight.square().sum() / len(target)
        total = cross_entropy(head(features), target) + penalty
        total.backward()
        return total

    optimizer.step(loss)


def tune(
    model: EncoderClassifier,
    states: TokenStates,
    target: Tensor,
    *,
    epochs: tuple[int, ...] = (1, 1),
    lr: float = 1e-3,
    batch_size: int = 16,
    weight_decay: float = 0.01,
    decay: float = 0.1,
    dtype: torch.dtype = torch.float32,
    features: Tensor | None = None,
    seed: int = 0,
) -> list[Learner]:
    """Train head, then last layer, then the two last, and so on.

    Parameters
    ----------
    model
        Changed in place; on its device.
    states
        Of the texts to learn from, from below the model's first layer.
    target
        Class numbers, shape ``(N,)``.
    epochs
        Of each stage after the head: with the last layer, the last two, ...
        A stage of 0 epochs is left out.
    lr
        Highest rate of the head; each group before has 2.6 times less.
    batch_size, weight_decay
        Texts a step, and decoupled decay.
    decay
        Of the head that `fit_head` finds at the start.
    dtype
        ``torch.bfloat16`` multiplies matrices in 16 bits.
    features
        What the head reads at first, if it is known: `pooled_states` of the
        same model and states. None computes it.
    seed
        Of order and dropout; on a CPU the same seed gives the same model.

    Returns
    -------
    list of Learner
        One a stage that was trained.

    """
    if len(epochs) > len(model.layers) or any(n < 0 for n in epochs):
        raise ValueError(
            "epochs must be counts of at least 0, one for each of at most "
            f"{len(model.layers)} layers, got {epochs}"
        )
    device = next(model.parameters()).device
    if features is None:
        features = pooled_states(model, states, dtype=dtype)
    fit_head(model.head, features.to(device), target.to(device), decay=decay)
    kind = Learner if dtype == torch.float32 else MixedPrecisionLearner
    loader = StateLoader(
        states, target, batch_size=batch_size, shuffle=True, seed=seed
    )
    groups = len(model.layers) + 1
    rates = spread_lr(lr / FACTOR ** (groups - 1), lr, groups)
    stages = []
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for depth, number in enumerate(epochs, start=2):
            if number == 0:
                continue
            freeze_to(model, -depth)
            optimizer = torch.optim.AdamW(
                parameter_groups(model, rates, weight_decay=weight_decay),
                fused=True,
            )
            cycle = one_cycle(rates, pct_start=0.1, momentum=None)
            learner = kind(
                model,
                loader,
                None,
                cross_entropy,
                optimizer,
                callbacks=[LRScheduler(cycle, number * len(loader))],
                device=device,
            )
            learner.fit(number)
            stages.append(learner)
    return stages
