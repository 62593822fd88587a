import pytest
import torch
from torch import nn

from sevenlessons.text.attention import (
    MultiHeadAttention,
    attention,
    attention_weights,
)
from sevenlessons.text.attention_masks import causal_mask, padding_mask

EMPTY_ROW = torch.ones(5, 6, dtype=torch.bool).index_fill(
    0, torch.tensor([2]), False
)
MASKS = {
    "none": None,
    "causal": causal_mask(6)[:5],
    "padding": padding_mask([6, 1, 3]),
    "both": causal_mask(6)[:5] & padding_mask([6, 1, 3]),
    "a row that sees nothing": EMPTY_ROW,
    "added": torch.randn(
        3, 1, 5, 6, generator=torch.Generator().manual_seed(9)
    ).double(),
    "added, and a row that sees nothing": torch.zeros(5, 6)
    .masked_fill(~EMPTY_ROW, -torch.inf)
    .index_fill(1, torch.tensor([4]), -torch.inf)
    .double(),
}
each_mask = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)


def parts(*, need_gradient=True):
    """Query, key and value of 3 texts, 2 heads, widths 4 and 7."""
    generator = torch.Generator().manual_seed(0)
    return [
        torch.randn(
            *(3, 2, places, width),
            dtype=torch.float64,
            generator=generator,
            requires_grad=need_gradient,
        )
        for places, width in ((5, 4), (6, 4), (6, 7))
    ]


@each_mask
def test_equals_the_fused_one_forward_and_backward(mask):
    ours, theirs = parts(), parts()
    reference = nn.functional.scaled_dot_product_attention
    one = attention(*ours, mask)
    two = reference(*theirs, attn_mask=mask)
    torch.testing.assert_close(one, two, rtol=1e-12, atol=1e-12)
    upstream = torch.randn_like(one)
    one.backward(upstream)
    two.backward(upstream)
    for a, b in zip(ours, theirs, strict=True):
        torch.testing.assert_close(a.grad, b.grad, rtol=1e-10, atol=1e-12)


@each_mask
def test_gradients_are_those_of_finite_differences(mask):
    assert torch.autograd.gradcheck(
        lambda q, k, v: attention(q, k, v, mask), parts()
    )


@each_mask
def test_shares_add_up_to_one_and_hidden_places_get_none(mask):
    query, key, _ = parts(need_gradient=False)
    weights = attention_weights(query, key, mask)
    assert (weights >= 0).all()
    total = torch.ones(3, 2, 5, dtype=torch.float64)
    if mask is not None and not mask.isfinite().all():
        mask = mask != -torch.inf
    if mask is not None and mask.dtype == torch.bool:
        assert not weights[(~mask).expand_as(weights)].any()
        total *= mask.any(-1)
    torch.testing.assert_close(weights.sum(-1), total)


def test_large_scores_do_not_overflow():
    x = torch.full((1, 3, 4), 1e4)
    assert torch.isfinite(attention(x, x, x, causal_mask(3))).all()


def test_the_order_of_the_places_does_not_matter_without_a_mask():
    query, key, value = parts(need_gradient=False)
    order = torch.randperm(6)
    torch.testing.assert_close(
        attention(query, key, value),
        attention(query, key[:, :, order], value[:, :, order]),
    )


def filled_like(ours, width, heads):
    """torch's layer with the weights of ours."""
    theirs = nn.MultiheadAttention(width, heads, batch_first=True).double()
    maps = [ours.query, ours.key, ours.value]
    state = {
        "in_proj_weight": torch.cat([m.weight for m in maps]),
        "in_proj_bias": torch.cat([m.bias for m in maps]),
        "out_proj.weight": ours.out.weight,
        "out_proj.bias": ours.out.bias,
    }
    theirs.load_state_dict({k: v.detach() for k, v in state.items()})
    return theirs


@pytest.mark.parametrize("heads", [1, 2, 4])
@pytest.mark.parametrize("fused", [False, True])
def test_equals_the_layer_of_torch(heads, fused):
    torch.manual_seed(heads)
    ours = MultiHeadAttention(8, heads, fused=fused).double()
    theirs = filled_like(ours, 8, heads)
    x = torch.randn(3, 6, 8, dtype=torch.float64, requires_grad=True)
    y = x.detach().clone().requires_grad_()
    seen = causal_mask(6) & padding_mask([6, 2, 4])
    one = ours(x, x, x, seen)
    hidden = (~seen).expand(3, heads, 6, 6).flatten(0, 1)
    two, weights = theirs(y, y, y, attn_mask=hidden)
    torch.testing.assert_close(one, two, rtol=1e-10, atol=1e-12)
    torch.testing.assert_close(ours.weights(x, x, seen).mean(1), weights)
    upstream = torch.randn_like(one)
    one.backward(upstream)
    two.backward(upstream)
    torch.testing.assert_close(x.grad, y.grad, rtol=1e-8, atol=1e-10)
    maps = [ours.query, ours.key, ours.value]
    pairs = [
        (
            torch.cat([getattr(m, kind).grad for m in maps]),
            getattr(theirs, f"in_proj_{kind}").grad,
        )
        for kind in ("weight", "bias")
    ] + [
        (mine.grad, other.grad)
        for mine, other in zip(
            ours.out.parameters(), theirs.out_proj.parameters(), strict=True
        )
    ]
    for one, two in pairs:
        torch.testing.assert_close(one, two, rtol=1e-8, atol=1e-10)


def test_another_text_can_be_looked_at():
    layer = MultiHeadAttention(8, 2).double()
    theirs = filled_like(layer, 8, 2)
    x, y = (torch.randn(3, n, 8, dtype=torch.float64) for n in (5, 7))
    torch.testing.assert_close(layer(x, y, y), theirs(x, y, y)[0])


@pytest.mark.parametrize("fused", [False, True])
def test_dropout_only_in_training(fused):
    layer = MultiHeadAttention(8, 2, dropout=0.5, fused=fused)
    x = torch.randn(2, 5, 8)
    assert not torch.equal(layer(x, x, x), layer(x, x, x))
    layer.eval()
    assert torch.equal(layer(x, x, x), layer(x, x, x))


@pytest.mark.parametrize(
    "call, words",
    [
        (
            lambda: attention_weights(torch.ones(2, 3), torch.ones(2, 4)),
            "query has width 3, key 4",
        ),
        (
            lambda: attention(
                torch.ones(2, 3), torch.ones(2, 3), torch.ones(4, 3)
            ),
            "2 keys and 4 values",
        ),
        (
            lambda: attention_weights(
                torch.ones(2, 3), torch.ones(2, 3), causal_mask(3)
            ),
            r"\(3, 3\), which does not broadcast .* \(2, 2\)",
        ),
        (
            lambda: attention_weights(
                torch.ones(2, 3), torch.ones(2, 3), padding_mask([2])
            ),
            "does not broadcast",
        ),
        (lambda: MultiHeadAttention(10, 4), "embed_dim=10, num_heads=4"),
        (lambda: MultiHeadAttention(8, 0), "both at least 1"),
        (lambda: MultiHeadAttention(8, 2, dropout=1.0), r"\[0, 1\), got 1"),
    ],
)
def test_what_does_not_fit_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("kind", [torch.int64, torch.uint8])
def test_a_mask_of_whole_numbers_is_refused_and_not_added(kind):
    x = torch.ones(3, 2)
    with pytest.raises(TypeError, match=rf"got {kind}; mask\.bool\(\) makes"):
        attention(x, x, x, causal_mask(3).to(kind))
