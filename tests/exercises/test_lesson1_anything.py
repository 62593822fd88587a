"""Right and wrong answers of page 1.3, beyond images."""

import numpy as np

from sevenlessons.data.scoring import log_loss

LABEL = "lesson1/label_pattern"
PEAK = "lesson1/peak_frequency"
BOUND = "lesson1/clipping_bound"
REFEREE = "lesson1/submission_validator"


def peak(spectrogram, sample_rate, n_fft):
    row = spectrogram.mean(dim=1).argmax().item()
    return row * sample_rate / n_fft


def best_bound(valid_target, valid_p, test_target, test_p):
    bounds = np.geomspace(1e-4, 0.49, 300)
    losses = [log_loss(valid_target, valid_p, bound=b) for b in bounds]
    return bounds[int(np.argmin(losses))]


def is_valid(ids, rows):
    return [name for name, _ in rows] == ids and all(
        0 <= p <= 1 for _, p in rows
    )


RIGHT = {
    LABEL: [r"^(.+)_\d+\.\w+$"],
    PEAK: [peak],
    BOUND: [best_bound],
    REFEREE: [is_valid],
}
WRONG = {
    LABEL: [
        (r"([a-z]+)_\d+", "NOT a hyphen"),
        (r"^([^_]+)_", "NOT an underscore in the label"),
        (r"^(.+)_\d+\.(\w+)$", "Yours has 2 groups"),
        (r"^.+_\d+$", "Yours has 0 groups"),
        (r"(", "Python says"),
        (3, "Pass it as text"),
        (r"^(.+?)(?:_\d+)?\.\w+$", "NOT a name without a number"),
        (rb"^(.+)_\d+", "Pass it as text"),
    ],
    PEAK: [
        (lambda s, rate, n: s.mean(dim=1).argmax(), "row k is"),
        (lambda s, rate, n: s.mean(dim=0).argmax() * rate / n, "row k is"),
        (lambda s, rate, n: s[:, -1].argmax() * rate / n, "row k is"),
        (lambda s, rate, n: s.mean(dim=1), "A number of Hz is asked for"),
    ],
    BOUND: [
        (lambda vt, vp, tt, tp: 0.1 * 1e-9, "a fine grid finds"),
        (lambda vt, vp, tt, tp: best_bound(tt, tp, vt, vp), "fine grid"),
        (
            lambda vt, vp, tt, tp: (
                best_bound(vt, vp, tt, tp) + 1e-6 * float(tp.mean())
            ),
            "Choose on the validation rows alone",
        ),
        (lambda vt, vp, tt, tp: 0.7, r"A bound is in [0, 0.5)"),
        (lambda vt, vp, tt, tp: "small", "One number is asked for"),
    ],
    REFEREE: [
        (lambda ids, rows: True, "NOT a missing id"),
        (
            lambda ids, rows: (
                {n for n, _ in rows} == set(ids)
                and all(0 <= p <= 1 for _, p in rows)
            ),
            "NOT wrong order",
        ),
        (
            lambda ids, rows: (
                [n for n, _ in rows] == ids
                and not any(p < 0 or p > 1 for _, p in rows)
            ),
            "NOT a probability that is not a number",
        ),
        (lambda ids, rows: "fine", "you returned 'fine'"),
    ],
}
