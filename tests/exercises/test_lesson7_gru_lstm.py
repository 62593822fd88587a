"""Right and wrong answers of the page of gates."""

import copy

import torch
from torch import nn

PEEP = "lesson7/peephole"
HELD = "lesson7/held_gate"
SIZE = "lesson7/recurrent_size"


def peephole(
    x,
    hidden,
    cell,
    weight_ih,
    weight_hh,
    bias,
    peep,
    *,
    order=(0, 1, 2),
    late=False,
    early=False,
    ones=False,
    coupled=False,
):
    rows = x @ weight_ih.T + hidden @ weight_hh.T + bias
    add, keep, candidate, show = rows.chunk(4, dim=1)
    p, q, r = (peep[i] for i in order)
    add = (add + p * (cell.tanh() if late else cell)).sigmoid()
    keep = (keep + q * cell).sigmoid()
    if coupled:
        keep = 1 - add
    new = keep * cell + add * candidate.tanh()
    shown = cell if early else new
    if ones:
        shown = shown.tanh()
    return (show + r * shown).sigmoid() * new.tanh(), new


def no_peephole(x, hidden, cell, weight_ih, weight_hh, bias, peep):
    return peephole(x, hidden, cell, weight_ih, weight_hh, bias, 0 * peep)


def held(cell, keep, *, rows=1, sign=1, size=30.0, inplace=False):
    new = cell if inplace else copy.deepcopy(cell)
    h = cell.hidden_size
    with torch.no_grad():
        part = slice(rows * h, (rows + 1) * h)
        new.bias_ih[part] = sign * (size if keep else -size)
        new.bias_hh[part] = 0
    return new


def held_by_adding(cell, keep):
    new = copy.deepcopy(cell)
    h = cell.hidden_size
    with torch.no_grad():
        new.bias_hh[h : 2 * h] += 40.0 if keep else -40.0
    return new


def held_by_weights(cell, keep):
    new = held(cell, keep)
    h = cell.hidden_size
    with torch.no_grad():
        new.weight_hh[h : 2 * h] = 0
    return new


def all_biases(cell, keep):
    new = copy.deepcopy(cell)
    with torch.no_grad():
        new.bias_ih.fill_(30.0 if keep else -30.0)
    return new


def size(kind, inputs, hidden, layers, *, biases=2, blocks=(1, 3, 4)):
    gates = dict(zip(("rnn", "gru", "lstm"), blocks, strict=True))[kind]
    first = gates * hidden * (inputs + hidden + biases)
    return first + (layers - 1) * gates * hidden * (2 * hidden + biases)


def size_by_torch(kind, inputs, hidden, layers):
    module = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}[kind]
    return sum(p.numel() for p in module(inputs, hidden, layers).parameters())


RIGHT = {
    PEEP: [peephole],
    HELD: [held, held_by_adding],
    SIZE: [size, size_by_torch],
}
WRONG = {
    PEEP: [
        (no_peephole, "the cell as it was"),
        (lambda *a: peephole(*a, order=(1, 0, 2)), "NOT"),
        (lambda *a: peephole(*a, order=(2, 1, 0)), "NOT"),
        (lambda *a: peephole(*a, early=True), "looks at the new cell"),
        (lambda *a: peephole(*a, ones=True), "looks at the new cell"),
        (lambda *a: peephole(*a, late=True), "the cell as it was"),
        (lambda *a: peephole(*a, coupled=True), "NOT"),
        (lambda *a: peephole(*a)[::-1], "NOT"),
        (lambda *a: peephole(*a)[0], "NOT"),
    ],
    HELD: [
        (lambda c, k: held(c, k, sign=-1), "share of the OLD state"),
        (lambda c, k: held(c, k, rows=0), "reset, update, candidate"),
        (lambda c, k: held(c, k, rows=2), "reset, update, candidate"),
        (lambda c, k: held(c, k, size=3.0), "at most 0.001"),
        (lambda c, k: held(c, k, inplace=True), "deepcopy"),
        (lambda c, k: held(c, True), "share of the OLD state"),
        (lambda c, k: held(c, False), "share of the OLD state"),
        (held_by_weights, "something else"),
        (all_biases, "something else"),
        (lambda c, k: c, "away from what it should be"),
        (lambda c, k: torch.zeros(3), "return a cell"),
    ],
    SIZE: [
        (lambda *a: size(*a, biases=1), "two biases"),
        (lambda *a: size(*a, biases=0), "two biases"),
        (lambda *a: size(*a, blocks=(1, 2, 3)), "a GRU three"),
        (lambda *a: size(*a, blocks=(1, 4, 3)), "a GRU three"),
        (lambda *a: size(*a[:3], 1), "states below"),
        (lambda k, i, h, n: n * size(k, i, h, 1), "states below"),
        (lambda k, i, h, n: size(k, h, h, n), "NOT"),
    ],
}
