"""Right and wrong answers of the page on ethics."""

REPORT = "lesson6/group_report"
THRESHOLDS = "lesson6/equal_thresholds"
IMPLIED = "lesson6/implied_fpr"
KINDS = "lesson6/bias_kinds"


def share(part, whole, empty=None):
    return part / whole if whole else empty


def report(target, decided, group, swap=False, empty=None, by="truth"):
    made = {}
    for name in set(group):
        rows = [
            (t, d)
            for t, d, g in zip(target, decided, group, strict=True)
            if g == name
        ]
        false = sum(t == 0 and d == 1 for t, d in rows)
        missed = sum(t == 1 and d == 0 for t, d in rows)
        no = sum(t == 0 for t, _ in rows)
        yes = len(rows) - no
        if by == "called":
            yes = sum(d == 0 for _, d in rows)
            no = len(rows) - yes
        if by == "everybody":
            no = yes = len(rows)
        rates = [share(false, no, empty), share(missed, yes, empty)]
        if swap:
            rates.reverse()
        made[name] = [(false + missed) / len(rows), *rates]
    return made


def of_all(target, decided, group):
    one = report(target, decided, ["all"] * len(target))["all"]
    return {name: list(one) for name in set(group)}


def thresholds(scores, target, group, rate, strict=False, rows="yes", n=0):
    made = {}
    for name in set(group):
        mine = sorted(
            (
                s
                for s, t, g in zip(scores, target, group, strict=True)
                if g == name and (t == 1 or rows == "all")
            ),
            reverse=True,
        )
        for value in mine:
            found = sum(s > value if strict else s >= value for s in mine)
            if found + n >= rate * len(mine):
                made[name] = value
                break
        else:
            made[name] = mine[-1]
    return made


def by_rank(scores, target, group, rate):
    made = {}
    for name in sorted(set(group)):
        yes = [
            s
            for s, t, g in zip(scores, target, group, strict=True)
            if g == name and t
        ]
        needed = next(k for k in range(1, 99) if k / len(yes) >= rate - 1e-9)
        made[name] = sorted(yes)[-needed]
    return made


def rounded(scores, target, group, rate, to=round):
    made = {}
    for name in set(group):
        yes = [
            s
            for s, t, g in zip(scores, target, group, strict=True)
            if g == name and t
        ]
        made[name] = sorted(yes)[-max(1, to(rate * len(yes)))]
    return made


def one_for_all(scores, target, group, rate):
    one = thresholds(scores, target, ["a"] * len(scores), rate)["a"]
    return dict.fromkeys(group, one)


def implied(p, v, b):
    return p / (1 - p) * (1 - b) * (1 - v) / v


def by_counting(p, v, b):
    right = p * (1 - b)
    return (right / v - right) / (1 - p)


KEY = {
    "A": "representation",
    "B": "measurement",
    "C": "aggregation",
    "D": "historical",
}

RIGHT = {
    REPORT: [report],
    THRESHOLDS: [thresholds, by_rank],
    IMPLIED: [implied, by_counting],
    KINDS: [KEY],
}
WRONG = {
    REPORT: [
        (lambda *a: report(*a, swap=True), "Divide false alarms"),
        (lambda *a: report(*a, by="called"), "Divide false alarms"),
        (lambda *a: report(*a, by="everybody"), "Divide false alarms"),
        (lambda *a: report(*a, empty=0.0), "false negative rate is None"),
        (of_all, "on its own rows"),
        (lambda t, d, g: report(d, t, g), "Divide false alarms"),
        (lambda t, d, g: {n: [0.3, 0.3, 0.25] for n in set(g)}, "NOT"),
        (
            lambda t, d, g: {n: r[1:] for n, r in report(t, d, g).items()},
            "NOT",
        ),
    ],
    THRESHOLDS: [
        (lambda *a: thresholds(*a, strict=True), "equal to the threshold"),
        (lambda *a: thresholds(*a, rows="all"), "Only rows whose target"),
        (lambda *a: thresholds(*a, n=1), "until enough are found"),
        (lambda *a: rounded(*a), "one is too few"),
        (lambda *a: rounded(*a, to=int), "NOT"),
        (one_for_all, "its own threshold"),
        (lambda s, t, g, r: dict.fromkeys(g, 0.5), "NOT"),
        (lambda s, t, g, r: thresholds(s, t, g, 1 - r), "NOT"),
        (lambda *a: {k: v - 1e-3 for k, v in thresholds(*a).items()}, "NOT"),
    ],
    IMPLIED: [
        (lambda p, v, b: p * (1 - b) * (1 - v) / v, "Count among 100"),
        (lambda p, v, b: implied(p, v, 1 - b), "Count among 100"),
        (lambda p, v, b: (1 - b) * (1 - v) / v, "divided by those who are"),
        (lambda p, v, b: 1 - v, "divided by those who are"),
        (lambda p, v, b: b, "divided by those who are"),
        (lambda p, v, b: p / (1 - p) * b, "1 - fnr"),
        (lambda p, v, b: p / (1 - p) * (1 - b) * (1 - v), "Count among"),
        (lambda p, v, b: 0.25, "NOT"),
    ],
    KINDS: [
        (KEY | {"A": "measurement", "B": "representation"}, "never comes"),
        (KEY | {"C": "historical", "D": "aggregation"}, "a model each"),
        (KEY | {"B": "historical", "D": "measurement"}, "what was meant"),
        (KEY | {"A": "sampling"}, "is none of"),
        (dict.fromkeys("ABCD", "measurement"), "comes twice"),
        (list(KEY.values()), "Keep the dictionary"),
        ({"A": "representation"}, "Keep the dictionary"),
    ],
}
