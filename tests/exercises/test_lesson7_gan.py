"""Right and wrong answers of the page about the restoration GAN."""

import numpy as np
import torch
from torch.nn.functional import binary_cross_entropy_with_logits, softplus

TURNS = "lesson7/turns"
STEP = "lesson7/fooling_step"
FRECHET = "lesson7/frechet_by_hand"
TWINS = "lesson7/twins"


def turns(losses, threshold):
    phase, log = "critic", []
    for loss in losses:
        log.append(phase)
        good = phase == "critic" and loss < threshold
        phase = "generator" if good else "critic"
    return log


def turns_at(losses, threshold):
    return turns(losses, threshold + 1e-9)


def generator_too(losses, threshold):
    phase, log = "critic", []
    for loss in losses:
        log.append(phase)
        phase = "generator" if loss < threshold else "critic"
    return log


def at_once(losses, threshold):
    return ["generator" if loss < threshold else "critic" for loss in losses]


def alternate(losses, threshold):
    return [("critic", "generator")[i % 2] for i in range(len(losses))]


def step(
    generator,
    critic,
    spoiled,
    optimizer,
    *,
    freeze=True,
    still=True,
    back=True,
    modes=True,
    real=1.0,
    steps=True,
    detach=False,
    keep=True,
):
    wanted = [p.requires_grad for p in critic.parameters()]
    training = critic.training
    if freeze:
        critic.requires_grad_(requires_grad=False)
    if still:
        critic.eval()
    made = generator(spoiled)
    if detach:
        made = made.detach()
    scores = critic(made)
    loss = binary_cross_entropy_with_logits(
        scores, torch.full_like(scores, real)
    )
    optimizer.zero_grad()
    if not keep:
        critic.zero_grad()
    if loss.requires_grad:
        loss.backward()
    if steps:
        optimizer.step()
    for p, wants in zip(critic.parameters(), wanted, strict=True):
        p.requires_grad_(wants if back else True)
    if modes:
        critic.train(training)
    return loss.item()


def step_by_grad(generator, critic, spoiled, optimizer):
    training = critic.training
    critic.eval()
    loss = softplus(-critic(generator(spoiled))).mean()
    own = list(generator.parameters())
    for p, g in zip(own, torch.autograd.grad(loss, own), strict=True):
        p.grad = g
    optimizer.step()
    critic.train(training)
    return loss.item()


def frechet(real, made, *, ddof=1, root="matrix", square=True, shift=True):
    a, b = real.numpy(), made.numpy()
    one, two = np.cov(a.T, ddof=ddof), np.cov(b.T, ddof=ddof)
    if root == "matrix":
        values = np.linalg.eigvals(one @ two).real.clip(0)
        cross = np.sqrt(values).sum()
    elif root == "diagonal":
        cross = np.sqrt(np.diag(one) * np.diag(two)).sum()
    else:
        cross = np.trace(np.sqrt(np.abs(one @ two)))
    apart = ((a.mean(0) - b.mean(0)) ** 2).sum() if shift else 0
    apart = apart if square else apart**0.5
    return float(apart + np.trace(one) + np.trace(two) - 2 * cross)


def twins(real, made, *, middle="median", share=0.25, self_too=False):
    def nearest(rows):
        apart = (rows[:, None] - rows[None]).square().sum(2).sqrt()
        if not self_too:
            apart = apart + torch.diag(torch.full((len(rows),), torch.inf))
        return apart.amin(1)

    usual = getattr(nearest(real), middle)()
    return (nearest(made) < share * usual).double().mean().item()


RIGHT = {
    TURNS: [turns],
    STEP: [step, step_by_grad],
    FRECHET: [frechet],
    TWINS: [twins],
}
WRONG = {
    TURNS: [
        (turns_at, "Equal to the threshold"),
        (generator_too, "whatever the generator's loss"),
        (at_once, "The critic begins"),
        (alternate, "The critic begins"),
        (lambda x, t: turns(x, t)[:-1], "NOT"),
        (lambda x, t: turns(x, 0.5), "second argument"),
        (lambda x, t: ["critic"] * len(x), "The critic begins"),
    ],
    STEP: [
        (lambda *a: step(*a, freeze=False), "requires_grad_"),
        (lambda *a: step(*a, still=False), "eval mode"),
        (lambda *a: step(*a, back=False), "Note before"),
        (lambda *a: step(*a, modes=False), "other mode"),
        (lambda *a: step(*a, real=0.0), "answer real"),
        (lambda *a: step(*a, steps=False), "one step"),
        (lambda *a: step(*a, detach=True), "one step"),
        (lambda *a: step(*a, keep=False), "gradient of the critic"),
        (lambda *a: 0.69, "answer real"),
    ],
    FRECHET: [
        (lambda a, b: frechet(a, b, ddof=0), "divide by N - 1"),
        (lambda a, b: frechet(a, b, root="diagonal"), "of a matrix"),
        (lambda a, b: frechet(a, b, root="each"), "NOT"),
        (lambda a, b: frechet(a, b, square=False), "squared distance"),
        (lambda a, b: frechet(a, b, shift=False), "squared distance"),
        (lambda a, b: 0.0, "squared distance"),
        (lambda a, b: frechet(a, b) ** 0.5 if a is not b else 0, "NOT"),
    ],
    TWINS: [
        (lambda a, b: twins(a, b, middle="mean"), "drawn off by far rows"),
        (lambda a, b: twins(a, b, share=0.5), "A quarter"),
        (lambda a, b: twins(a, b, share=0.1), "A quarter"),
        (lambda a, b: twins(a, b, self_too=True), "NOT"),
        (lambda a, b: twins(b, a), "NOT"),
        (lambda a, b: twins(b, b), "not its own twin"),
        (lambda a, b: 1.0, "NOT"),
    ],
}
