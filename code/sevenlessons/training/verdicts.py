"""What a diagnosis says: the likely fault, the evidence, the remedy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["Diagnosis"]

REMEDIES: Mapping[str, tuple[str, ...]] = {
    "learning rate too high": (
        "Begin again with fresh weights and a tenth of the rate.",
        "Let `lr_find` show where the loss still falls.",
    ),
    "learning rate too low": (
        "Try ten times the rate; `lr_find` shows how far you can go.",
        "Ten times the epochs would do too, at ten times the cost.",
    ),
    "too few epochs": (
        "Train on, for as long again, and look whether the curve bends.",
        "If it is a straight line, a higher rate is the cheaper trial.",
    ),
    "too many epochs": (
        "Keep the weights of the best epoch, or train only so far.",
        "Then what makes learning by heart harder: more photos, cleaner "
        "labels, augmentation, weight decay.",
    ),
}


@dataclass(frozen=True)
class Diagnosis:
    """The likely fault of a training, with the evidence and the remedy.

    Attributes
    ----------
    fault
        ``"learning rate too high"``, ``"learning rate too low"``, ``"too few
        epochs"``, ``"too many epochs"``, or None.
    enough
        False if too little was recorded; then `fault` is None.
    evidence, remedy
        Sentences; those of the evidence hold the numbers.

    Examples
    --------
    >>> print(Diagnosis(None, evidence=("The loss settled at 0.3.",)))
    healthy
      evidence: The loss settled at 0.3.

    """

    fault: str | None
    enough: bool = True
    evidence: tuple[str, ...] = ()
    remedy: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """The fault, or ``"healthy"``, or ``"not enough to say"``."""
        return self.fault or (
            "healthy" if self.enough else "not enough to say"
        )

    def __str__(self) -> str:
        lines = [self.verdict]
        lines += [f"  evidence: {sentence}" for sentence in self.evidence]
        lines += [f"  remedy: {sentence}" for sentence in self.remedy]
        return "\n".join(lines)
