"""Right and wrong answers of the page on a loop that feeds itself."""

import random

LOOP = "lesson6/exploring_loop"
CAP = "lesson6/cap_shares"
NEXT = "lesson6/next_item"


def loop(taste, explore, rounds, seed, pick="most", of="all", own=True):
    chance = random.Random(seed if own else 0)
    shows, clicks = [0] * len(taste), [0] * len(taste)
    for _ in range(rounds):
        if chance.random() < explore:
            last = len(taste) - (of != "all")
            item = chance.randrange(last)
        else:
            best = max(clicks)
            item = clicks.index(best)
            if pick == "last":
                item = len(clicks) - 1 - clicks[::-1].index(best)
            if pick == "shows":
                item = shows.index(max(shows))
        shows[item] += 1
        if of == "seen" or chance.random() < taste[item]:
            clicks[item] += 1
    return shows


def everybody_clicks(taste, explore, rounds, seed):
    return loop([1.0 if t else 0.0 for t in taste], explore, rounds, seed)


def all_may_click(taste, explore, rounds, seed):
    chance = random.Random(seed)
    shows, clicks = [0] * len(taste), [0] * len(taste)
    for _ in range(rounds):
        if chance.random() < explore:
            item = chance.randrange(len(taste))
        else:
            item = clicks.index(max(clicks))
        shows[item] += 1
        for k, t in enumerate(taste):
            clicks[k] += chance.random() < t
    return shows


def by_choices(taste, explore, rounds, seed):
    chance = random.Random(seed)
    shows, clicks = [0] * len(taste), [0] * len(taste)
    items = range(len(taste))
    for _ in range(rounds):
        item = max(items, key=lambda k: (clicks[k], -k))
        if chance.random() < explore:
            item = chance.choice(list(items))
        shows[item] += 1
        clicks[item] += int(chance.random() < taste[item])
    return shows


def cap(shares, most, passes=99, spread="proportion"):
    full = set()
    made = list(shares)
    for _ in range(passes):
        over = {k for k, s in enumerate(made) if s > most + 1e-12}
        if not over:
            break
        full |= over
        left = 1 - most * len(full)
        rest = [s for k, s in enumerate(shares) if k not in full]
        for k, s in enumerate(shares):
            if k in full:
                made[k] = most
            elif spread == "proportion":
                made[k] = s * left / sum(rest)
            else:
                made[k] = s + (left - sum(rest)) / len(rest)
    return made


def by_filling(shares, most):
    low, high = 0.0, 1e9
    for _ in range(200):  # the factor that makes the sum one
        middle = (low + high) / 2
        if sum(min(most, middle * s) for s in shares) < 1:
            low = middle
        else:
            high = middle
    return [min(most, high * s) for s in shares]


def cut_only(shares, most):
    return [min(s, most) for s in shares]


def scaled(shares, most):
    cut = cut_only(shares, most)
    return [s / sum(cut) for s in cut]


def following(shows, clicks, plus=1, below=2, last=False):
    rates = [
        (c + plus) / (s + below) if s + below else 0.0
        for s, c in zip(shows, clicks, strict=True)
    ]
    if last:
        return len(rates) - 1 - rates[::-1].index(max(rates))
    return rates.index(max(rates))


RIGHT = {
    LOOP: [loop, by_choices],
    CAP: [cap, by_filling],
    NEXT: [
        following,
        lambda s, c: max(range(len(s)), key=lambda k: (c[k] + 1) / (s[k] + 2)),
    ],
}
WRONG = {
    LOOP: [
        (lambda *a: loop(*a, pick="last"), "the first is shown"),
        (lambda *a: loop(*a, of="seen"), "NOT"),
        (lambda *a: loop(*a, of="not the last"), "Draw from all items"),
        (lambda *a: loop(*a, pick="shows"), "NOT"),
        (lambda *a: loop(*a, own=False), "Twenty seeds gave the same"),
        (lambda t, e, r, s: loop(t, 1 - e, r, s), "NOT"),
        (lambda t, e, r, s: loop(t, 0.0, r, s), "NOT"),
        (lambda t, e, r, s: loop(t, e, r - 1, s), "NOT"),
        (lambda t, e, r, s: loop(t, e / 2, r, s), "NOT"),
        (
            lambda t, e, r, s: loop([p**2 for p in t], e, r, s),
            "as probable as the taste",
        ),
        (all_may_click, "only clicks on what was shown"),
        (lambda t, e, r, s: [r] + [0] * (len(t) - 1), "NOT"),
        (lambda t, e, r, s: [r // len(t)] * len(t), "NOT"),
    ],
    CAP: [
        (cut_only, "in proportion"),
        (scaled, "in proportion"),
        (lambda *a: cap(*a, spread="equal"), "in proportion"),
        (lambda *a: cap(*a, passes=1), "look again"),
        (lambda *a: cap(*a, passes=2), "NOT"),
        (lambda s, m: list(s), "NOT"),
        (lambda s, m: [1 / len(s)] * len(s), "nothing changes"),
    ],
    NEXT: [
        (lambda s, c: c.index(max(c)), "divided by how often"),
        (lambda s, c: s.index(min(s)), "NOT"),
        (lambda *a: following(*a, plus=0, below=0), "it is tried"),
        (lambda *a: following(*a, plus=0, below=2), "it is tried"),
        (lambda *a: following(*a, plus=1, below=1), "NOT"),
        (lambda *a: following(*a, last=True), "Of equal ones the first"),
        (lambda s, c: 0, "NOT"),
        (lambda s, c: following(c, s), "NOT"),
        (
            lambda s, c: max(
                (k + 1) / (n + 2) for n, k in zip(s, c, strict=True)
            ),
            "NOT",
        ),
    ],
}
