"""A training that is killed: run as a process by test_checkpoint.

``python interrupted.py training FOLDER`` is killed in the middle of the
third epoch, ``python interrupted.py writing FOLDER`` while the checkpoint of
the third epoch is half written. The test imports `build` for the same
learner in its own process.
"""

import os
import signal
import sys

import torch
from torch import nn

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.training.callbacks import Callback, EarlyStopping
from sevenlessons.training.checkpoint import Checkpoint
from sevenlessons.training.learner import Learner
from sevenlessons.training.schedules import LRScheduler, one_cycle

EPOCHS = 5
BATCHES = 7


def build(folder, *others, make=Learner, optimizer="SGD"):
    """Dropout, shuffling, a schedule, momentum: all that has a memory."""
    torch.manual_seed(1)
    model = nn.Sequential(
        nn.Linear(6, 16),
        nn.BatchNorm1d(16),
        nn.ReLU(),
        nn.Dropout(0.5),
        nn.Linear(16, 3),
    )
    generator = torch.Generator().manual_seed(2)
    x = torch.randn(52, 6, generator=generator)
    y = torch.randint(3, (52,), generator=generator)
    parameters = model.parameters()
    return make(
        model,
        TensorLoader(x, y, batch_size=8, shuffle=True, seed=3),
        TensorLoader(x[:20], y[:20], batch_size=8),
        nn.functional.cross_entropy,
        torch.optim.SGD(parameters, lr=0.1, momentum=0.9)
        if optimizer == "SGD"
        else torch.optim.AdamW(parameters, lr=0.01),
        callbacks=[
            LRScheduler(one_cycle(0.2), num_steps=EPOCHS * BATCHES),
            EarlyStopping(patience=EPOCHS),
            *others,
            Checkpoint(folder),
        ],
    )


class KillAt(Callback):
    """Kill the process, without any clean-up, after `step` steps."""

    def __init__(self, step):
        self.step = step

    def on_backward_end(self, learner):
        if len(learner.history.steps) == self.step:
            os.kill(os.getpid(), signal.SIGKILL)


def save_half(value, file):
    """Write the beginning of what `torch.save` writes, then be killed."""
    file.write(b"PK\x03\x04 the beginning of a file")
    file.flush()
    os.kill(os.getpid(), signal.SIGKILL)


class KillWhileWriting(Callback):
    """Be killed within the writing of the third checkpoint."""

    def on_epoch_end(self, learner):
        if learner.epochs_done == 3:
            torch.save = save_half


if __name__ == "__main__":
    torch.set_num_threads(1)
    how, folder = sys.argv[1:]
    middle = KillAt(2 * BATCHES + 3)
    killer = middle if how == "training" else KillWhileWriting()
    build(folder, killer).fit(EPOCHS)
