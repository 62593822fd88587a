"""What `scratch` holds and no library has: how it is tested instead."""

__all__ = ["without_reference"]

REASONS: dict[str, str] = {
    "camera.gnomonic": "against spherical trigonometry, and its inverse",
    "camera.project": "against points whose pixels are known",
    "convolution.check_convolution": "refuses input; computes nothing",
    "descent.make_line": "draws points; seeds and spread are tested",
    "float_bits.Format": "holds sizes, equal to those of torch.finfo",
    "float_bits.Pieces": "holds the answer of pieces, which is compared",
    "least_squares.largest_stable_lr": "walks just below and above it",
    "mel.log_mel_pictures": "a tone shows where its pitch is",
    "mel.mel_filters": "corners, areas and range are tested; no library "
    "with mel filters is installed",
    "pca.Components": "holds the answer of pca, which is compared",
    "windows.Windows": "its places are those of every piece with windows",
    "windows.output_size": "against the shapes that torch returns",
    "windows.padded": "against torch.nn.functional.pad",
    "windows.pair": "refuses input; computes nothing",
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
    >>> without_reference()["windows.padded"]
    'against torch.nn.functional.pad'

    """
    return dict(sorted(REASONS.items()))
