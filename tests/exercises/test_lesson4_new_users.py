"""Right and wrong answers of new users and lists."""

from math import log, log2

import torch

FOLD_IN = "lesson4/fold_in"
NDCG = "lesson4/ndcg"
SHARE = "lesson4/popular_share"


def taste(factors, ratings, alpha):
    eye = torch.eye(factors.shape[1], dtype=factors.dtype)
    return torch.linalg.inv(factors.T @ factors + alpha * eye) @ (
        factors.T @ ratings
    )


def taste_by_rows(factors, ratings, alpha):
    size = factors.shape[1]
    root = alpha**0.5 * torch.eye(size, dtype=factors.dtype)
    zeros = torch.zeros(size, dtype=factors.dtype)
    return torch.linalg.lstsq(
        torch.cat([factors, root]), torch.cat([ratings, zeros])[:, None]
    ).solution[:, 0]


def ndcg(ranked, liked, k, first=2):
    gains = [1 / log2(i + first) for i in range(k)]
    hits = sum(g for g, f in zip(gains, ranked, strict=False) if f in liked)
    best = sum(gains[: len(liked)])
    return hits / best if liked else 0.0


def share(counts, ranked):
    top = counts.topk(len(counts) // 10).indices
    return (ranked[..., None] == top).any(dim=-1).float().mean()


def share_of_films(counts, ranked):
    return share(counts, ranked.unique())


def share_of_users(counts, ranked):
    top = counts.topk(len(counts) // 10).indices
    return torch.isin(ranked, top).any(dim=1).float().mean()


def share_rounded_up(counts, ranked):
    top = counts.topk(-(-len(counts) // 10)).indices
    return torch.isin(ranked, top).float().mean()


RIGHT = {
    FOLD_IN: [taste, taste_by_rows],
    NDCG: [ndcg],
    SHARE: [share],
}
WRONG = {
    FOLD_IN: [
        (lambda q, r, a: taste(q, r, a * max(len(q), 1)), "Add alpha to"),
        (lambda q, r, a: taste(q, r, 1.0), "NOT five films"),
        (lambda q, r, a: taste(q, r, 1e-9), "NOT one film, one factor"),
        (lambda q, r, a: torch.linalg.pinv(q) @ r, "NOT one film"),
        (
            lambda q, r, a: torch.linalg.inv(q.T @ q + a) @ (q.T @ r),
            "NOT five films",
        ),
        (lambda q, r, a: taste(q, r - r.mean(), a), "NOT one film"),
        (lambda q, r, a: torch.zeros(q.shape[1]).double(), "NOT one film"),
    ],
    NDCG: [
        (lambda r, x, k: ndcg(r, x, k, first=3), "NOT"),
        (lambda r, x, k: ndcg(r, x, len(r)), "NOT a hit behind place k"),
        (
            lambda r, x, k: ndcg(r, set(r[:k]) & x, k),
            "NOT a hit behind place k",
        ),
        (
            lambda r, x, k: (
                ndcg(r, x, k)
                * sum(1 / log2(i + 2) for i in range(min(k, len(x))))
                / max(sum(1 / log2(i + 2) for i in range(len(x))), 1e-9)
            ),
            "The best list has no more hits than places",
        ),
        (
            lambda r, x, k: len(set(r[:k]) & x) / max(min(k, len(x)), 1),
            "NOT a hit in second place",
        ),
        (
            lambda r, x, k: sum(1 / log(i + 2) for i in range(k) if r[i] in x),
            "NOT a hit in second place",
        ),
        (lambda r, x, k: 1.0, "NOT a hit in second place"),
        (lambda r, x, k: ndcg(r, set(r) & x, k), "would hold it, too"),
        (lambda r, x, k: ndcg(r, x, k) if x else 1.0, "Then return 0"),
    ],
    SHARE: [
        (share_of_films, "Each recommendation counts"),
        (share_of_users, "NOT the same popular film twice"),
        (share_rounded_up, "The tenth is"),
        (lambda c, r: share(-c, r), "NOT one of four"),
        (lambda c, r: 1 - share(c, r), "NOT one of four"),
        (lambda c, r: 100 * share(c, r), "NOT one of four"),
        (lambda c, r: torch.tensor(0.25), "NOT the same popular"),
    ],
}
