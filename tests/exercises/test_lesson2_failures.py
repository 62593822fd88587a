"""Right and wrong answers of page 2.3, four ways training goes wrong."""

import torch
from torch import nn
from torch.nn.functional import cross_entropy

NAME = "lesson2/name_failure"
STOP = "lesson2/stop_epoch"
HEART = "lesson2/learn_by_heart"


def name_failure(train_loss, valid_loss):
    start, end = train_loss[0], train_loss[-1]
    if not end < 1.2 * start:
        return "high"
    if valid_loss[-1] > 1.15 * min(valid_loss):
        return "many"
    return "low" if end > 0.8 * start else "few"


def by_the_gap(train_loss, valid_loss):
    """The rule of thumb that this page is against."""
    if train_loss[-1] < valid_loss[-1]:
        return "many"
    return name_failure(train_loss, valid_loss)


def stop_epoch(valid_loss, patience):
    best = 0
    for epoch, loss in enumerate(valid_loss):
        if loss < valid_loss[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def equal_counts(valid_loss, patience):
    best = 0
    for epoch, loss in enumerate(valid_loss):
        if loss <= valid_loss[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def one_more(valid_loss, patience):
    return stop_epoch(valid_loss, patience + 1)


def where_it_stopped(valid_loss, patience):
    best = 0
    for epoch, loss in enumerate(valid_loss):
        if loss < valid_loss[best]:
            best = epoch
        elif epoch - best >= patience:
            return epoch
    return len(valid_loss) - 1


def learn_by_heart(model, images, target):
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(2000):
        loss = cross_entropy(model(images), target)
        if loss.item() < 0.005:
            break
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


def ten_steps(model, images, target):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(10):
        optimizer.zero_grad()
        cross_entropy(model(images), target).backward()
        optimizer.step()
    return model


def too_high(model, images, target):
    optimizer = torch.optim.SGD(model.parameters(), lr=100.0)
    for _ in range(50):
        optimizer.zero_grad()
        cross_entropy(model(images), target).backward()
        optimizer.step()
    return model


RIGHT = {NAME: [name_failure], STOP: [stop_epoch], HEART: [learn_by_heart]}
WRONG = {
    NAME: [
        (lambda train, valid: "many", "that is not it"),
        (by_the_gap, "that is not it"),
        (lambda train, valid: "healthy", 'Expected "high", "low"'),
        (lambda train, valid: 3, 'Expected "high", "low"'),
    ],
    STOP: [
        (lambda losses, patience: losses.index(min(losses)), "too late"),
        (equal_counts, "NOT an equal loss"),
        (one_more, "Count the epochs since the best"),
        (where_it_stopped, "Count the epochs since the best"),
        (lambda losses, patience: 0, "too small"),
    ],
    HEART: [
        (ten_steps, "should be below 0.01"),
        (too_high, "should be below 0.01"),
        (lambda model, images, target: 0.001, "Return the model"),
        (
            lambda model, images, target: nn.Sequential(
                nn.Flatten(), nn.Linear(196, 5)
            ),
            "Train the one that is passed in",
        ),
    ],
}
