"""Right and wrong answers of the page on recurrent networks."""

from collections import Counter, defaultdict

import torch

READ = "lesson7/read_batches"
FORGET = "lesson7/forget"
BACK = "lesson7/back_off"
WORD = "lesson7/on_word"


def read(rnn, batches, cut=True, carried=True, whole=False, inputs=False):
    hidden, outputs = None, []
    for x in batches:
        out, new = rnn(x.detach() if inputs else x, hidden)
        hidden = new.detach() if cut else new
        hidden = hidden if carried else None
        outputs.append(out.detach() if whole else out)
    return outputs


def word_by_word(rnn, batches):
    hidden, outputs = None, []
    for x in batches:
        parts = []
        for t in range(x.shape[1]):
            out, hidden = rnn(x[:, t : t + 1], hidden)
            hidden = hidden.detach()
            parts.append(out)
        outputs.append(torch.cat(parts, 1))
    return outputs


def from_copies(rnn, batches):
    hidden, outputs = None, []
    for x in batches:
        out, hidden = rnn(x, hidden)
        hidden = torch.tensor(hidden.tolist())
        outputs.append(out)
    return outputs


def last_states(rnn, batches):
    return [out[:, -1:] for out in read(rnn, batches)]


def fit(
    model,
    learn,
    train,
    valid,
    epochs,
    first=True,
    between=True,
    end=True,
    each=False,
    modes=True,
    batches=False,
    last=False,
    once=False,
):
    shares = []
    for epoch in range(epochs):
        model.train()
        if first and not (once and epoch):
            model.reset()
        for inputs, targets in train:
            if each:
                model.reset()
            learn(inputs, targets)
        if modes:
            model.eval()
        if between:
            model.reset()
        found = []
        for inputs, targets in valid:
            found.append(model(inputs).argmax(-1) == targets)
        if batches:
            means = [hits.double().mean().item() for hits in found]
            shares.append(sum(means) / len(means))
        else:
            shares.append(torch.cat(found, 1).double().mean().item())
    if end:
        model.reset()
    return shares[-1:] if last else shares


def reset_each_valid(model, learn, train, valid, epochs):
    class Again:
        def __iter__(self):
            for pair in valid:
                model.reset()
                yield pair

    return fit(model, learn, train, Again(), epochs)


def guesses(learned, asked, most, turn=False, shortest=False):
    seen = defaultdict(Counter)
    order = range(len(learned) - 1, -1, -1) if turn else range(len(learned))
    for i in order:
        for k in range(min(most, i) + 1):
            seen[tuple(learned[i - k : i])][learned[i]] += 1
    best = {past: c.most_common(1)[0][0] for past, c in seen.items()}
    found = []
    for i in range(1, len(asked)):
        past = tuple(asked[max(i - most, 0) : i])
        while past not in best:
            past = () if shortest else past[1:]
        found.append(best[past])
    return found


def by_scanning(learned, asked, most):
    if len(learned) > 1000:  # a scan of long lines would take minutes
        return guesses(learned, asked, most)
    found = []
    for i in range(1, len(asked)):
        for k in range(min(most, i), -1, -1):
            past = asked[i - k : i]
            after = [
                learned[j]
                for j in range(k, len(learned))
                if learned[j - k : j] == past
            ]
            if after:
                found.append(max(after, key=after.count))
                break
    return found


def on_word(guesses, targets, word):
    here = targets == word
    alone = (guesses[here] == word).double().mean().item()
    return alone, 1 - here.double().mean().item()


def on_word_counted(guesses, targets, word):
    right = total = count = 0
    pairs = zip(guesses.flatten(), targets.flatten(), strict=True)
    for guess, target in pairs:
        total += 1
        if target == word:
            count += 1
            right += int(guess == word)
    return right / count, (total - count) / total


RIGHT = {
    READ: [read, from_copies],
    FORGET: [fit, lambda *a: fit(*a, last=False)],
    BACK: [guesses, by_scanning],
    WORD: [on_word, on_word_counted],
}
WRONG = {
    READ: [
        (lambda *a: read(*a, cut=False), "`detach` the state"),
        (lambda *a: read(*a, carried=False), "the one before ended"),
        (lambda *a: read(*a, whole=True), "have no graph"),
        (lambda *a: read(*a, inputs=True), "do not cut inside"),
        (word_by_word, "do not cut inside"),
        (last_states, "NOT"),
        (lambda rnn, b: torch.cat(read(rnn, b), 1), "NOT"),
        (lambda rnn, b: read(rnn, b[::-1])[::-1], "NOT"),
    ],
    FORGET: [
        (lambda *a: fit(*a, between=False), "before the first validation"),
        (lambda *a: fit(*a, first=False), "without a past"),
        (lambda *a: fit(*a, once=True), "without a past"),
        (lambda *a: fit(*a, each=True), "without a past"),
        (lambda *a: fit(*a, modes=False), "evaluation mode"),
        (lambda *a: fit(*a, end=False), "still there"),
        (lambda *a: fit(*a, batches=True), "count words"),
        (lambda *a: fit(*a, last=True), "NOT"),
        (reset_each_valid, "not between"),
        (lambda *a: [0.5] * a[-1], "NOT"),
    ],
    BACK: [
        (lambda *a: guesses(*a, turn=True), "the first that was seen"),
        (lambda *a: guesses(*a, shortest=True), "longest past"),
        (lambda a, b, n: guesses(a, b, max(n - 1, 0)), "NOT"),
        (lambda a, b, n: guesses(a, b, n + 1), "NOT"),
        (lambda a, b, n: guesses(b, b, n), "NOT"),
        (lambda a, b, n: guesses(a, b, n)[1:], "NOT"),
        (lambda a, b, n: [Counter(a).most_common(1)[0][0]] * 3, "NOT"),
    ],
    WORD: [
        (lambda g, t, w: on_word(t, g, w), "wherever the guess"),
        (lambda g, t, w: on_word(g, t, w)[::-1], "NOT"),
        (
            lambda g, t, w: (
                (g == t).double().mean().item(),
                on_word(g, t, w)[1],
            ),
            "NOT",
        ),
        (
            lambda g, t, w: (
                on_word(g, t, w)[0],
                (g == t)[t != w].double().mean().item(),
            ),
            "NOT",
        ),
        (
            lambda g, t, w: (
                on_word(g, t, w)[0],
                1 - (g == w).double().mean().item(),
            ),
            "counts all targets",
        ),
        (lambda g, t, w: (on_word(g, t, w)[0], 0.846), "NOT"),
    ],
}
