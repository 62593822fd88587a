"""Checks of recurrent networks: cut, forget, count, and a line to pass."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.data.number_streams import number_tokens
from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.text.backoff import BackoffNgram

from .lesson7_rnn_cases import Sums, adding_batches, share_right

__all__ = [
    "check_back_off",
    "check_forget",
    "check_on_word",
    "check_read_batches",
]


@exercise(
    "lesson7/read_batches",
    takes="rnn, batches",
    asks="Return the outputs of all batches, the state carried, its gradient "
    "cut.",
)
def check_read_batches(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check values, and whose inputs each batch's gradient reaches."""
    for rows, lengths in [(2, [4, 3, 5]), (1, [1, 1]), (3, [6])]:
        rnn = nn.RNN(3, 4, batch_first=True)
        with torch.no_grad():
            for p in rnn.parameters():
                p.copy_(0.6 * torch.randn(p.shape, generator=trial.generator))
        batches = [
            torch.randn(rows, n, 3, generator=trial.generator).requires_grad_()
            for n in lengths
        ]
        with torch.no_grad():
            line = rnn(torch.cat(batches, dim=1))[0]
        expected = list(line.split(lengths, dim=1))
        words = f"{len(lengths)} batches of {lengths} words"
        got = trial.call(words, answer, [rnn, batches], may_change=True)
        wrong = difference(
            [o.detach() for o in got] if _tensors(got) else got, expected, 1e-5
        )
        if not trial.expect(
            words,
            not wrong,
            f"{wrong} Each batch begins with the state in which the one "
            "before ended.",
        ) or not _reaches(trial, got, batches):
            return


def _tensors(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(
        isinstance(one, Tensor) for one in value
    )


def _reaches(
    trial: Trial, outputs: list[Tensor], inputs: list[Tensor]
) -> bool:
    """Check that each output depends on its own batch alone."""
    for k, out in enumerate(outputs):
        if not trial.expect(
            "outputs keep their graph",
            out.requires_grad,
            f"the outputs of batch {k} have no graph; cut the state alone, "
            "or nothing is learned.",
        ):
            return False
        found = torch.autograd.grad(
            out[:, -1].sum(), inputs, retain_graph=True, allow_unused=True
        )
        own = found[k]
        if not trial.expect(
            "the gradient reaches the first word of its own batch",
            own is not None and bool(own[:, 0].abs().sum() > 0),
            f"the last output of batch {k} sends nothing to the first word "
            "of this batch; do not cut inside a batch.",
        ):
            return False
        if not trial.expect(
            "the gradient stops at the batch before",
            all(grad is None for grad in found[:k]),
            f"the outputs of batch {k} send a gradient into a batch before; "
            "`detach` the state.",
        ):
            return False
    return True


@exercise(
    "lesson7/forget",
    takes="model, learn, train_batches, valid_batches, epochs",
    asks="Return the validation accuracy of each epoch, with the state "
    "forgotten between passes.",
)
def check_forget(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check scores, modes, what training saw, and what is left behind."""
    for epochs, left in [(1, 0), (2, 3), (3, 1)]:
        model = Sums(left)
        train = adding_batches(trial, [4, 3, 2], rows=2)
        valid = adding_batches(trial, [3, 1, 5], rows=2)
        seen: list[list[int]] = []

        def learn(
            inputs: Tensor,
            targets: Tensor,
            model: Sums = model,
            seen: list[list[int]] = seen,
        ) -> None:
            seen.append(model(inputs)[:, -1].argmax(1).tolist())

        words = f"{epochs} epochs, a state left over from before"
        args = [model, learn, train, valid, epochs]
        got = trial.call(words, answer, args, may_change=True)
        one = share_right(valid)
        wrong = difference(got, [one] * epochs, 1e-6)
        if not trial.expect(
            words,
            not wrong,
            f"{wrong} Reset before the first validation batch, not between "
            "batches, and count words, not batches.",
        ):
            return
        line = torch.cat([x for x, _ in train], 1).cumsum(1) % 5
        ends = [3, 6, 8]
        if not trial.expect(
            "training begins each epoch without a past",
            seen == [line[:, end].tolist() for end in ends] * epochs,
            "the states that training saw are not those of a model that "
            "forgets at each epoch and reads on in between.",
        ):
            return
        modes = ([True] * 3 + [False] * 3) * epochs
        if not trial.expect(
            "the modes",
            [mode for mode, _ in model.log] == modes,
            "training batches want training mode, the others evaluation "
            "mode, in every epoch.",
        ) or not trial.expect(
            "nothing is left behind",
            isinstance(model.state, int) and model.state == 0,
            "after the last validation the state is still there; reset it.",
        ):
            return


@exercise(
    "lesson7/back_off",
    takes="learned, asked, most",
    asks="Return the guesses for words 1, 2, ... of `asked`.",
)
def check_back_off(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check ties, words never seen, no context, and human numbers."""
    swap = trial.random.randint(3, 8)
    for words, learned, asked, most in [
        (
            "the longest past decides",
            [1, 2, 3, 4, 2, 5, 4, 2, 5],
            [1, 2, 0],
            2,
        ),
        ("no farther back", [1, 2, 3, 4, 2, 5, 4, 2, 5], [1, 2, 0], 1),
        ("a tie", [1, swap, 1, 2, 1, swap + 1], [1, 1, 1], 1),
        ("words never seen", [1, 1, 2, 1, 1], [swap + 9, 8, 1, 2, 9], 3),
        ("no context", [4, swap, swap, 4, swap], [1, 2, 3], 0),
        (
            "many words",
            [trial.random.randrange(4) for _ in range(80)],
            [trial.random.randrange(5) for _ in range(60)],
            trial.random.randint(2, 4),
        ),
    ]:
        size = max(*learned, *asked) + 1
        expected = BackoffNgram(learned, size, most).guesses(asked).tolist()
        if not trial.equal(
            words,
            answer,
            [learned, asked, most],
            expected,
            hint="The longest past that was seen speaks alone; of equal "
            "counts the first that was seen.",
        ):
            return
    train, valid = number_tokens().tolist(), number_tokens("valid").tolist()
    right = BackoffNgram(train, 38, 4).guesses(valid) == torch.tensor(
        valid[1:]
    )
    got = trial.call("human numbers", answer, [train, valid, 4])
    found = sum(g == t for g, t in zip(got, valid[1:], strict=False))
    trial.expect(
        "human numbers",
        len(got) == len(right) and found == int(right.sum()),
        f"{found} words are right, expected {int(right.sum())}",
        given=[],
    )


@exercise(
    "lesson7/on_word",
    takes="guesses, targets, word",
    asks="Return the share right on one word, and the line of a model that "
    "never says it.",
)
def check_on_word(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check words that are said too often, too seldom, and in any shape."""
    for words, shape in [
        ("one row", (40,)),
        ("streams", (8, 25)),
        ("three axes", (2, 3, 30)),
    ]:
        targets = torch.randint(0, 4, shape, generator=trial.generator)
        guesses = torch.randint(0, 4, shape, generator=trial.generator)
        word = trial.random.randrange(4)
        flat, said = targets.view(-1), guesses.view(-1)
        flat[:12], said[:12] = word, word  # planted: 12 right, 5 missed,
        flat[12:17], said[12:17] = word, (word + 1) % 4
        flat[17:20], said[17:20] = (word + 2) % 4, word  # 3 said in vain
        here = targets == word
        expected = (
            (guesses[here] == word).double().mean().item(),
            1 - here.double().mean().item(),
        )
        if not trial.equal(
            words,
            answer,
            [guesses, targets, word],
            expected,
            tolerance=1e-6,
            hint="Look where the target is the word, wherever the guess is "
            "it too or not; the line counts all targets.",
        ):
            return
