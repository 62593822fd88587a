import pytest
import torch
from torch import nn

from sevenlessons.text.attention_masks import causal_mask
from sevenlessons.text.causal_transformer import Block, CausalTransformer


def small(**options):
    options = {"max_length": 9, "seed": 1} | options
    return CausalTransformer(20, 8, 2, 2, **options)


def numbers(n=3, length=9):
    generator = torch.Generator().manual_seed(0)
    return torch.randint(20, (n, length), generator=generator)


def test_a_block_equals_the_layer_of_torch():
    torch.manual_seed(0)
    ours = Block(8, 2).double()
    for p in ours.parameters():
        nn.init.normal_(p)
    theirs = nn.TransformerEncoderLayer(
        8, 2, 32, 0.0, "gelu", batch_first=True, norm_first=True
    ).double()
    parts = ours.attention
    state = {
        "self_attn.in_proj_weight": torch.cat(
            [m.weight for m in (parts.query, parts.key, parts.value)]
        ),
        "self_attn.in_proj_bias": torch.cat(
            [m.bias for m in (parts.query, parts.key, parts.value)]
        ),
        "self_attn.out_proj.weight": parts.out.weight,
        "self_attn.out_proj.bias": parts.out.bias,
    }
    pairs = {
        "linear1": ours.feed_forward[0],
        "linear2": ours.feed_forward[2],
        "norm1": ours.norm1,
        "norm2": ours.norm2,
    }
    for name, module in pairs.items():
        state[f"{name}.weight"] = module.weight
        state[f"{name}.bias"] = module.bias
    theirs.load_state_dict({k: v.detach() for k, v in state.items()})
    x = torch.randn(3, 5, 8, dtype=torch.float64)
    y = x.clone().requires_grad_()
    x.requires_grad_()
    mask = causal_mask(5)
    one, two = ours(x, mask), theirs(y, src_mask=~mask)
    torch.testing.assert_close(one, two)
    upstream = torch.randn_like(one)
    one.backward(upstream)
    two.backward(upstream)
    torch.testing.assert_close(x.grad, y.grad)
    grads = {name: p.grad for name, p in theirs.named_parameters()}
    for kind in ("weight", "bias"):
        found = torch.cat(
            [
                getattr(m, kind).grad
                for m in (parts.query, parts.key, parts.value)
            ]
        )
        torch.testing.assert_close(
            found, grads.pop(f"self_attn.in_proj_{kind}")
        )
        for name, module in (
            pairs | {"self_attn.out_proj": parts.out}
        ).items():
            found = getattr(module, kind).grad
            torch.testing.assert_close(found, grads.pop(f"{name}.{kind}"))
    assert not grads


@pytest.mark.parametrize("place", range(9))
def test_a_later_token_changes_no_earlier_score(place):
    model, text = small().eval(), numbers()
    other = text.clone()
    other[:, place] = (other[:, place] + 1) % 20
    before, after = model(text), model(other)
    torch.testing.assert_close(before[:, :place], after[:, :place])
    assert not torch.allclose(before[:, place:], after[:, place:])


def test_a_shorter_text_has_the_same_scores():
    model, text = small().eval(), numbers()
    torch.testing.assert_close(model(text)[:, :4], model(text[:, :4]))


def test_the_order_of_the_tokens_matters():
    model = small().eval()
    one = torch.tensor([[1, 2, 3, 4]])
    other = torch.tensor([[2, 1, 3, 4]])
    assert not torch.allclose(model(one)[:, -1], model(other)[:, -1])


def test_embeddings_are_tied_and_scores_are_near_zero_at_first():
    model = small()
    assert sum(p.numel() for p in model.parameters()) == (
        20 * 8 + 9 * 8 + 2 * (12 * 8**2 + 13 * 8) + 2 * 8 + 20
    )
    loss = nn.functional.cross_entropy(
        model(numbers()).flatten(0, 1), numbers().flatten()
    )
    assert abs(loss.item() - torch.tensor(20.0).log().item()) < 0.2


def test_weights_are_shares_of_what_came_before():
    model = small().eval()
    found = model.attention_weights(numbers())
    assert [tuple(w.shape) for w in found] == [(3, 2, 9, 9)] * 2
    for weights in found:
        torch.testing.assert_close(weights.sum(-1), torch.ones(3, 2, 9))
        assert not weights.triu(1).any()


def test_it_learns_to_repeat():
    model = small(max_length=8)
    text = numbers(1, 4).repeat(1, 2)
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    for _ in range(80):
        scores = model(text[:, :-1]).flatten(0, 1)
        loss = nn.functional.cross_entropy(scores, text[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.3


def test_the_seed_decides_and_the_state_outside_stays():
    before = torch.get_rng_state()
    one, same, other = small(seed=3), small(seed=3), small(seed=4)
    assert torch.equal(before, torch.get_rng_state())
    assert torch.equal(one(numbers()), same(numbers()))
    assert not torch.equal(one(numbers()), other(numbers()))


def test_dropout_only_in_training():
    model, text = small(dropout=0.5), numbers()
    assert not torch.equal(model(text), model(text))
    model.eval()
    assert torch.equal(model(text), model(text))


def test_layer_groups_hold_every_parameter_once():
    model = small()
    groups = model.layer_groups()
    held = [p for group in groups for p in group.parameters()]
    assert len(groups) == 4
    assert len(held) == len(set(map(id, held)))
    assert {id(p) for p in held} == {id(p) for p in model.parameters()}


@pytest.mark.parametrize(
    "call, words",
    [
        (lambda: small()(numbers(2, 1)[:, :0]), r"T from 1 to .*, got \(2, 0"),
        (lambda: small(max_length=4)(numbers()), "max_length=4"),
        (lambda: small()(numbers()[0]), r"got \(9,\)"),
        (lambda: small()(numbers() - 1), r"in \[0, 20\), got -1 to "),
        (
            lambda: small()(
                numbers().clamp(max=19).index_fill(1, torch.tensor([3]), 20)
            ),
            r"in \[0, 20\), got \d to 20; use those of",
        ),
        (lambda: small(max_length=0), "max_length must be at least 1"),
        (lambda: CausalTransformer(9, 8, 2, 0, 4), "num_layers must be"),
        (lambda: CausalTransformer(9, 8, 3, 1, 4), "multiple of num_heads"),
    ],
)
def test_what_does_not_fit_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
