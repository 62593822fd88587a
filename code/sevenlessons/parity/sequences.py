r"""What reads texts, beside torch's: LSTM, attention, a block of both."""

from collections.abc import Iterator

import torch
from torch import Tensor, nn
from torch.nn import functional

from sevenlessons.scratch.lstm import lstm_layer, lstm_step
from sevenlessons.text.attention import MultiHeadAttention, attention
from sevenlessons.text.attention_masks import causal_mask
from sevenlessons.text.causal_transformer import Block

from .pieces import Pair, Piece
from .sides import arrived, compare_functions

__all__ = ["sequence_pieces"]


def sequence_pieces() -> tuple[Piece, ...]:
    """Return the pieces of the networks that read texts.

    Examples
    --------
    >>> from sevenlessons.parity.sequences import sequence_pieces
    >>> [piece.name for piece in sequence_pieces()][:2]
    ['LSTM cell', 'LSTM layer']

    """
    attends = r"\mathrm{softmax}(Q K^\top / \sqrt{d})\, V"
    return (
        Piece(
            "LSTM cell",
            "scratch/lstm",
            "torch.nn.LSTMCell",
            r"c' = f \cdot c + i \cdot g, \quad h' = o \cdot \tanh(c')",
            "lesson4/sentiment",
            _cell,
        ),
        Piece(
            "LSTM layer",
            "scratch/lstm",
            "torch.nn.LSTM",
            r"(h_t, c_t) = \mathrm{cell}(x_t, h_{t-1}, c_{t-1})",
            "lesson4/sentiment",
            _layer,
        ),
        Piece(
            "attention",
            "text/attention",
            "torch.nn.functional.scaled_dot_product_attention",
            attends,
            "lesson4/attention",
            _attention,
        ),
        Piece(
            "attention with several heads",
            "text/attention",
            "torch.nn.MultiheadAttention",
            r"W_o\,[\mathrm{head}_1; \ldots; \mathrm{head}_h] + b_o",
            "lesson4/attention",
            _heads,
        ),
        Piece(
            "block of a transformer",
            "text/causal_transformer",
            "torch.nn.TransformerEncoderLayer",
            r"x \leftarrow x + A(\mathrm{norm}(x)), \quad "
            r"x \leftarrow x + F(\mathrm{norm}(x))",
            "lesson4/attention",
            _block,
        ),
    )


def _numbers(
    generator: torch.Generator, dtype: torch.dtype, *shape: int
) -> Tensor:
    return torch.randn(*shape, generator=generator, dtype=dtype)


def _cell(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    theirs = nn.LSTMCell(3, 4).to(dtype)
    shapes = ((5, 3), (5, 4), (5, 4), (16, 3), (16, 4), (16,), (16,))
    inputs = [_numbers(generator, dtype, *shape) for shape in shapes]

    def one(*t: Tensor) -> Tensor:
        return torch.cat(lstm_step(t[0], (t[1], t[2]), *t[3:]))

    def two(*t: Tensor) -> Tensor:
        weights = dict(
            zip(dict(theirs.named_parameters()), t[3:], strict=True)
        )
        called = (t[0], (t[1], t[2]))
        return torch.cat(torch.func.functional_call(theirs, weights, called))

    yield from compare_functions(one, two, inputs)


def _layer(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    theirs = nn.LSTM(3, 4, batch_first=True).to(dtype)
    names = list(dict(theirs.named_parameters()))
    for n, steps in ((2, 6), (1, 1)):
        shapes = ((n, steps, 3), (16, 3), (16, 4), (16,), (16,))
        inputs = [_numbers(generator, dtype, *shape) for shape in shapes]

        def two(*t: Tensor) -> Tensor:
            weights = dict(zip(names, t[1:], strict=True))
            return torch.func.functional_call(theirs, weights, t[:1])[0]

        yield from compare_functions(
            lambda *t: lstm_layer(*t)[0],
            two,
            inputs,
            prefix=f"{n} texts of {steps} steps: ",
        )


def _attention(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    reference = functional.scaled_dot_product_attention
    hidden = causal_mask(5)
    for name, mask in {"all seen": None, "causal": hidden}.items():
        inputs = [
            _numbers(generator, dtype, 2, 3, 5, width) for width in (4, 4, 6)
        ]
        yield from compare_functions(
            lambda q, k, v, mask=mask: attention(q, k, v, mask),
            lambda q, k, v, mask=mask: reference(q, k, v, attn_mask=mask),
            inputs,
            prefix=f"{name}: ",
        )


def _filled(
    module: nn.Module, generator: torch.Generator, dtype: torch.dtype
) -> nn.Module:
    """Give each parameter random numbers."""
    module.to(dtype)
    with torch.no_grad():
        for p in module.parameters():
            p.copy_(0.3 * _numbers(generator, dtype, *p.shape))
    return module


def _maps(ours: MultiHeadAttention) -> dict[str, Tensor]:
    """Return the weights of ours in torch's layout."""
    maps = [ours.query, ours.key, ours.value]
    return {
        "in_proj_weight": torch.cat([m.weight for m in maps]).detach(),
        "in_proj_bias": torch.cat([m.bias for m in maps]).detach(),
        "out_proj.weight": ours.out.weight.detach(),
        "out_proj.bias": ours.out.bias.detach(),
    }


def _heads(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    seen = causal_mask(5)
    for heads in (1, 2):
        ours = MultiHeadAttention(8, heads)
        _filled(ours, generator, dtype)
        theirs = nn.MultiheadAttention(8, heads, batch_first=True).to(dtype)
        theirs.load_state_dict(_maps(ours))
        yield from compare_functions(
            lambda *t, ours=ours: ours(*t, seen),
            lambda *t, theirs=theirs: theirs(
                *t, attn_mask=~seen, need_weights=False
            )[0],
            [_numbers(generator, dtype, 2, 5, 8) for _ in range(3)],
            prefix=f"{heads} heads: ",
        )
        yield from _map_gradients(ours, theirs, f"{heads} heads: ")


def _map_gradients(
    ours: MultiHeadAttention, theirs: nn.MultiheadAttention, prefix: str
) -> Iterator[Pair]:
    """Compare the gradients that the last comparison left behind."""
    maps, out = [ours.query, ours.key, ours.value], theirs.out_proj
    for end in ("weight", "bias"):
        weights = [getattr(m, end) for m in maps]
        name = f"in_proj_{end}"
        yield Pair(
            f"{prefix}gradient of {name}",
            torch.cat([arrived(w.grad, w.detach()) for w in weights]),
            getattr(theirs, name).grad,
        )
        yield Pair(
            f"{prefix}gradient of out_proj.{end}",
            getattr(ours.out, end).grad,
            getattr(out, end).grad,
        )


def _block(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    generator = torch.Generator().manual_seed(seed)
    ours = Block(8, 2)
    _filled(ours, generator, dtype)
    theirs = nn.TransformerEncoderLayer(
        8, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True
    ).to(dtype)
    state = {
        f"self_attn.{name}": t for name, t in _maps(ours.attention).items()
    }
    parts = {
        "linear1": ours.feed_forward[0],
        "linear2": ours.feed_forward[2],
        "norm1": ours.norm1,
        "norm2": ours.norm2,
    }
    for name, part in parts.items():
        for end, t in part.state_dict().items():
            state[f"{name}.{end}"] = t
    theirs.load_state_dict(state)
    seen = causal_mask(5)
    yield from compare_functions(
        lambda x: ours(x, seen),
        lambda x: theirs(x, src_mask=~seen),
        [_numbers(generator, dtype, 2, 5, 8)],
    )
    yield from _map_gradients(ours.attention, theirs.self_attn, "attention: ")
    for name, part in parts.items():
        for end, parameter in part.named_parameters():
            other = getattr(getattr(theirs, name), end)
            yield Pair(
                f"gradient of {name}.{end}",
                arrived(parameter.grad, parameter.detach()),
                other.grad,
            )
