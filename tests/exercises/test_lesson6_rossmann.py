"""Right and wrong answers of the page on tables in time."""

import torch

SINCE = "lesson6/days_since"
WEEK = "lesson6/week_before"
CONSTANT = "lesson6/best_constant"
JOIN = "lesson6/join_keys"


def since(stores, days, promo):
    found, store, last = [], None, None
    for s, day, on in zip(stores, days, promo, strict=True):
        if s != store:
            store, last = s, None
        if on:
            last = day
        found.append(None if last is None else day - last)
    return found


def since_across_shops(stores, days, promo):
    return since([0] * len(days), days, promo)


def since_by_rows(stores, days, promo):
    return since(stores, list(range(len(days))), promo)


def since_without_today(stores, days, promo):
    found, store, last = [], None, None
    for s, day, on in zip(stores, days, promo, strict=True):
        if s != store:
            store, last = s, None
        found.append(None if last is None else day - last)
        if on:
            last = day
    return found


def since_the_first_day(stores, days, promo):
    starts = {}
    for s, day in zip(stores, days, strict=True):
        starts.setdefault(s, day)
    return [
        day - starts[s] if v is None else v
        for s, day, v in zip(
            stores, days, since(stores, days, promo), strict=True
        )
    ]


def until(stores, days, promo):
    back = since(stores[::-1], [-d for d in days[::-1]], promo[::-1])
    return back[::-1]


def nearest(stores, days, promo):
    both = zip(
        since(stores, days, promo), until(stores, days, promo), strict=True
    )
    return [
        min((v for v in pair if v is not None), default=None) for pair in both
    ]


def week(days, sales, first=1, last=7):
    return [
        sum(
            s
            for d, s in zip(days, sales, strict=True)
            if first <= day - d <= last
        )
        for day in days
    ]


def week_with_two_ends(days, sales):
    found, start, total = [], 0, 0
    for i, day in enumerate(days):
        while days[start] < day - 7:
            total -= sales[start]
            start += 1
        found.append(total)
        total += sales[i]
    return found


def constant(sales):
    return float((1 / sales).sum() / (1 / sales**2).sum())


def join(keys, table):
    values = {}
    for key, value in table:
        if key in values:
            raise ValueError(f"{key} stands twice")
        values[key] = value
    lacking = sorted(set(keys) - set(values))
    return [values.get(key) for key in keys], lacking


def join_of_a_dictionary(keys, table):
    values = dict(table)
    return [values.get(k) for k in keys], sorted(set(keys) - set(values))


def join_that_repeats(keys, table):
    values, _ = join(keys, table)
    return values, sorted(k for k in keys if k not in dict(table))


def join_inner(keys, table):
    values, lacking = join(keys, table)
    return [v for v in values if v is not None], lacking


def join_that_trusts_zero(keys, table):
    values = dict(table)
    join(keys, table)
    return join(keys, table)[0], sorted({k for k in keys if not values.get(k)})


def join_with_key_error(keys, table):
    if len({k for k, _ in table}) < len(table):
        raise KeyError("twice")
    return join(keys, table)


def join_that_asks_only_what_is_needed(keys, table):
    return join(keys, [row for row in table if row[0] in set(keys)])


def join_that_minds_other_values_only(keys, table):
    return join(keys, sorted(set(table)))


RIGHT = {
    SINCE: [since],
    WEEK: [week, week_with_two_ends],
    CONSTANT: [
        constant,
        lambda sales: (1 / sales).sum() / sales.pow(-2).sum(),
    ],
    JOIN: [join],
}
WRONG = {
    SINCE: [
        (since_across_shops, "is none of the next shop"),
        (since_by_rows, "Count days of the calendar"),
        (since_without_today, "it is 0"),
        (since_the_first_day, "nobody can say: None"),
        (until, "NOT one shop, every day"),
        (nearest, "NOT one shop, every day"),
        (
            lambda *given: [v or 0 for v in since(*given)],
            "nobody can say: None",
        ),
        (lambda stores, days, promo: [0] * len(days), "it is 0"),
    ],
    WEEK: [
        (lambda d, s: week(d, s, 0, 6), "leave it out"),
        (lambda d, s: week(d, s, 0, 7), "leave it out"),
        (lambda d, s: week(d, s, 1, 6), "the oldest of them seven days ago"),
        (lambda d, s: week(d, s, 1, 8), "the oldest of them seven days ago"),
        (lambda d, s: week(d, s, -7, -1), "NOT three days in a row"),
        (lambda d, s: week(d, s, -3, 3), "NOT three days in a row"),
        (
            lambda d, s: [sum(s[max(0, i - 7) : i]) for i in range(len(s))],
            "Count days of the calendar",
        ),
        (lambda d, s: [0] * len(d), "NOT three days in a row"),
    ],
    CONSTANT: [
        (lambda sales: float(sales.mean()), "Neither mean nor median"),
        (lambda sales: float(sales.median()), "NOT two days"),
        (lambda sales: float(sales.log().mean().exp()), "NOT two days"),
        (lambda sales: float(1 / (1 / sales).mean()), "NOT two days"),
        (lambda sales: float(sales.min()), "NOT two days"),
        (lambda sales: 50.0, "NOT two days"),
    ],
    JOIN: [
        (join_of_a_dictionary, "raise a ValueError"),
        (join_that_repeats, "once, in alphabetical order"),
        (join_inner, "NOT two are lacking"),
        (join_that_trusts_zero, "A value of 0 was found, too"),
        (join_with_key_error, "ValueError is asked for, not KeyError"),
        (join_that_asks_only_what_is_needed, "NOT a key twice, nobody asks"),
        (join_that_minds_other_values_only, "NOT a key twice, nobody asks"),
        (lambda keys, table: join(keys, table)[::-1], "NOT all known"),
    ],
}


def test_the_closed_form_is_the_minimum():
    torch.manual_seed(0)
    sales = 100 + 900 * torch.rand(30, dtype=torch.float64)
    best = constant(sales)

    def error(c):
        return ((c - sales) / sales).square().mean()

    for other in (best * 0.99, best * 1.01, sales.mean(), sales.median()):
        assert error(other) > error(best)
