"""Right and wrong answers of the page on points."""

import torch
import torch.nn.functional as F

UNIT = "lesson3/unit"
RMS = "lesson3/rms_pixels"
MIRROR = "lesson3/mirror"
ROBUST = "lesson3/robust_fit"


def unit(column, row, height, width):
    return 2 * column / width - 1, 2 * row / height - 1


def rms(mse, side):
    return (2 * mse) ** 0.5 * side / 2


def mirror(images, points):
    return images.flip(-1), points * torch.tensor([-1.0, 1.0])


def mirror_by_index(images, points):
    width = images.shape[-1]
    moved = points.clone()
    moved[:, 0] = -moved[:, 0]
    return images[..., torch.arange(width - 1, -1, -1)], moved


def fit(inputs, points, loss=None, steps=600):
    loss = loss or (lambda a, b: F.smooth_l1_loss(a, b, beta=0.05))
    weights = torch.zeros(inputs.shape[1], 2, requires_grad=True)
    optimizer = torch.optim.Adam([weights], lr=0.05)
    for step in range(steps):
        optimizer.param_groups[0]["lr"] = 0.05 * (1 - step / steps)
        value = loss(inputs @ weights, points)
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
    return weights.detach()


def reweighted(inputs, points):
    """Least squares again and again, far rows counting less."""
    weight = torch.ones(len(inputs), 1)
    for _ in range(60):
        scaled = weight.sqrt()
        found = torch.linalg.lstsq(inputs * scaled, points * scaled).solution
        far = (inputs @ found - points).norm(dim=1, keepdim=True)
        weight = 1 / far.clamp(min=0.01)
    return found


def cut_by_hand(inputs, points):
    """Least squares without the rows that look too large."""
    near = (points.abs() <= 10).all(dim=1)
    return torch.linalg.lstsq(inputs[near], points[near]).solution


def least_squares(inputs, points):
    return torch.linalg.lstsq(inputs, points).solution


RIGHT = {
    UNIT: [unit, lambda c, r, h, w: [c / w * 2 - 1, (r - h / 2) / (h / 2)]],
    RMS: [rms, lambda mse, side: side * (mse / 2) ** 0.5],
    MIRROR: [mirror, mirror_by_index],
    ROBUST: [fit, reweighted],
}
WRONG = {
    UNIT: [
        (lambda c, r, h, w: (c / w, r / h), "NOT the upper left corner"),
        (
            lambda c, r, h, w: (2 * c / h - 1, 2 * r / w - 1),
            "NOT the lower right",
        ),
        (
            lambda c, r, h, w: (2 * r / h - 1, 2 * c / w - 1),
            "x belongs to the column",
        ),
        (lambda c, r, h, w: (2 * c / w - 1, 1 - 2 * r / h), "NOT the upper"),
        (lambda c, r, h, w: 0.0, "Two numbers are asked for"),
    ],
    RMS: [
        (lambda mse, side: (2 * mse) ** 0.5 * side, "one unit is half a side"),
        (lambda mse, side: mse**0.5 * side / 2, "too small"),
        (lambda mse, side: mse * side, "NOT 200 points"),
        (lambda mse, side: 10.0, "NOT 200 points"),
    ],
    MIRROR: [
        (lambda images, points: (images.flip(-1), points), "which of x and y"),
        (
            lambda images, points: (images.flip(-1), 1 - points),
            "which of x and y",
        ),
        (
            lambda images, points: (
                images.flip(-2),
                points * torch.tensor([1.0, -1.0]),
            ),
            "not mirrored left and right",
        ),
        (
            lambda images, points: (images.flip(-1), -points),
            "which of x and y",
        ),
        (lambda images, points: images.flip(-1), "return images, points"),
        (lambda images, points: (images, points), "flip its last axis"),
    ],
    ROBUST: [
        (least_squares, "NOT one absurd label among 60"),
        (lambda i, p: fit(i, p, F.mse_loss), "smooth_l1_loss"),
        (cut_by_hand, "drop no point by a size chosen by hand"),
        (lambda i, p: fit(i, p, steps=3), "Take more steps"),
        (lambda i, p: torch.zeros(i.shape[1], 2), "NOT no absurd label"),
        (lambda i, p: 3, "is asked for, not 3"),
    ],
}
