"""Right and wrong answers of forecasts."""

import math

import torch

RMSPE = "lesson6/rmspe_from_logs"
BEST = "lesson6/best_state"
WIDTH = "lesson6/input_width"
DRAW = "lesson6/score_of_draw"


def rmspe(prediction, target):
    return ((prediction - target).exp() - 1).square().mean().sqrt().item()


def by_sales(prediction, target):
    said, true = prediction.exp(), target.exp()
    return float((((said - true) / true) ** 2).mean() ** 0.5)


def of_the_predicted(prediction, target):
    return (1 - (target - prediction).exp()).square().mean().sqrt().item()


def of_logs(prediction, target):
    return (prediction - target).square().mean().sqrt().item()


def of_log_shares(prediction, target):
    return ((prediction - target) / target).square().mean().sqrt().item()


def without_root(prediction, target):
    return rmspe(prediction, target) ** 2


def absolute(prediction, target):
    return ((prediction - target).exp() - 1).abs().mean().item()


def of_means(prediction, target):
    said, true = prediction.exp(), target.exp()
    return float((said - true).square().mean().sqrt() / true.mean())


def best(scores, patience, better=lambda new, old: new < old, last=False):
    lowest, kept = math.inf, 0
    for epoch, score in enumerate(scores, start=1):
        if better(score, lowest):
            lowest, kept = score, epoch
        elif epoch - kept >= patience:
            return (epoch if last else kept), epoch
    return (len(scores) if last else kept), len(scores)


def by_counter(scores, patience):
    lowest, kept, wait = scores[0], 1, 0
    for epoch in range(2, len(scores) + 1):
        wait += 1
        if scores[epoch - 1] < lowest:
            lowest, kept, wait = scores[epoch - 1], epoch, 0
        if wait == patience:
            return kept, epoch
    return kept, len(scores)


def never_stops(scores, patience):
    return scores.index(min(scores)) + 1, len(scores)


def sees_the_future(scores, patience):
    return scores.index(min(scores)) + 1, best(scores, patience)[1]


def never_resets(scores, patience):
    lowest, kept, wait = math.inf, 0, 0
    for epoch, score in enumerate(scores, start=1):
        if score < lowest:
            lowest, kept = score, epoch
        else:
            wait += 1
            if wait == patience:
                return kept, epoch
    return kept, len(scores)


def against_the_last(scores, patience):
    kept, wait = 1, 0
    for epoch in range(2, len(scores) + 1):
        if scores[epoch - 1] < scores[epoch - 2]:
            kept, wait = epoch, 0
        else:
            wait += 1
            if wait == patience:
                return kept, epoch
    return kept, len(scores)


def waits_longer(scores, patience):
    return best(scores, patience + 1)


def from_zero(scores, patience):
    kept, run = best(scores, patience)
    return kept - 1, run


def width(sizes, num_numbers, rounded=round, most=600):
    dims = [min(most, rounded(1.6 * n**0.56)) for n in sizes]
    return sum(dims) + num_numbers


def rounded_once(sizes, num_numbers):
    return round(sum(min(600, 1.6 * n**0.56) for n in sizes)) + num_numbers


def capped_at_the_end(sizes, num_numbers):
    return min(600, width(sizes, num_numbers, most=10**9))


def draw(shares, shops, drawn):
    rows = [i for one in drawn for i, shop in enumerate(shops) if shop == one]
    return shares[rows].square().mean().sqrt().item()


def by_counts(shares, shops, drawn):
    times = torch.tensor([float(drawn.count(shop)) for shop in shops])
    return float(((times * shares**2).sum() / times.sum()).sqrt())


def once_each(shares, shops, drawn):
    return draw(shares, shops, list(dict.fromkeys(drawn)))


def all_days(shares, shops, drawn):
    return shares.square().mean().sqrt().item()


def mean_of_shops(shares, shops, drawn):
    return sum(draw(shares, shops, [one]) for one in drawn) / len(drawn)


def root_of_shop_means(shares, shops, drawn):
    each = [draw(shares, shops, [one]) ** 2 for one in drawn]
    return (sum(each) / len(each)) ** 0.5


def mean_share(shares, shops, drawn):
    rows = [i for one in drawn for i, shop in enumerate(shops) if shop == one]
    return shares[rows].abs().mean().item()


def by_place(shares, shops, drawn):
    names = list(dict.fromkeys(shops))
    return shares[[names.index(one) for one in drawn]].norm().item()


RIGHT = {
    RMSPE: [rmspe, by_sales],
    BEST: [best, by_counter],
    WIDTH: [width, lambda s, n: n + sum(width([one], 0) for one in s)],
    DRAW: [draw, by_counts],
}
WRONG = {
    RMSPE: [
        (of_the_predicted, "divide by the true sales"),
        (of_logs, "NOT"),
        (of_log_shares, "NOT"),
        (without_root, "then the root"),
        (absolute, "then the root"),
        (of_means, "NOT"),
        (lambda p, t: 0.0, "NOT"),
        (lambda p, t: 0.5, "NOT"),
    ],
    BEST: [
        (never_stops, "NOT"),
        (sees_the_future, "what comes after the stop"),
        (never_resets, "starts anew"),
        (against_the_last, "NOT"),
        (waits_longer, "NOT"),
        (from_zero, "NOT"),
        (lambda s, p: best(s, p, last=True), "NOT"),
        (lambda s, p: best(s, p, lambda new, old: new <= old), "An equal"),
        (lambda s, p: best(s, p)[0], "NOT"),
        (lambda s, p: (1, 1), "NOT"),
    ],
    WIDTH: [
        (lambda s, n: width(s, n, rounded=int), "NOT"),
        (lambda s, n: width(s, n, rounded=math.ceil), "NOT"),
        (lambda s, n: width(s, n, most=10**9), "longer than 600"),
        (lambda s, n: width(s, n, most=50), "NOT"),
        (lambda s, n: width(s, 0), "NOT"),
        (rounded_once, "NOT"),
        (capped_at_the_end, "longer than 600"),
        (lambda s, n: len(s) + n, "NOT"),
        (lambda s, n: 233, "NOT"),
        (lambda s, n: 4 * len(s) + n, "NOT"),
    ],
    DRAW: [
        (once_each, "brings its days twice"),
        (all_days, "NOT"),
        (mean_of_shops, "NOT"),
        (root_of_shop_means, "NOT"),
        (mean_share, "NOT"),
        (by_place, "NOT"),
        (lambda s, n, d: float(s.max()), "NOT"),
    ],
}
