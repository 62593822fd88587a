"""What `scratch` holds and no library has: how it is tested instead."""

__all__ = ["without_reference"]

REASONS: dict[str, str] = {
    "camera.gnomonic": "great circles stay straight",
    "camera.project": "against points whose pixels are known",
    "descent.make_line": "draws points; seeds and spread are tested",
    "finite_differences.best_step": "against the measured error of many steps",
    "finite_differences.gradient_deviations": "finds planted mistakes",
    "least_squares.largest_stable_lr": "walks just below and above it",
    "mel.log_mel_pictures": "a tone shows where its pitch is",
    "mel.mel_filters": "triangles that add up to one; no library with mel "
    "filters is installed",
}


def without_reference() -> dict[str, str]:
    """Return what is in no piece, and how it is tested instead.

    Returns
    -------
    dict
        ``"module.name"``, as in the room `scratch`, to words.

    Examples
    --------
    >>> from sevenlessons.parity.exceptions import without_reference
    >>> without_reference()["camera.project"]
    'against points whose pixels are known'

    """
    return dict(sorted(REASONS.items()))
