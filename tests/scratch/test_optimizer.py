import pytest
import torch

from sevenlessons.scratch.adam import Adam
from sevenlessons.scratch.adamw import AdamW
from sevenlessons.scratch.optimizer import Optimizer
from sevenlessons.scratch.rmsprop import RMSprop
from sevenlessons.scratch.sgd import SGD

RULES = [SGD, RMSprop, Adam, AdamW]
each_rule = pytest.mark.parametrize("rule", RULES)


def weight(*values):
    return torch.tensor(values, requires_grad=True)


@each_rule
def test_what_has_no_gradient_stays_and_takes_no_step(rule):
    moved, kept = weight(1.0, 2.0), weight(3.0)
    optimizer = rule([moved, kept], lr=0.1)
    moved.grad = torch.ones(2)
    optimizer.step()
    assert optimizer.steps == [1, 0]
    assert kept.item() == 3.0 and (moved < torch.tensor([1.0, 2.0])).all()


@each_rule
def test_zero_grad_forgets_and_step_leaves_the_gradient(rule):
    one = weight(1.0, 2.0)
    optimizer = rule([one])
    one.grad = torch.tensor([1.0, -2.0])
    optimizer.step()
    assert one.grad.tolist() == [1.0, -2.0]
    optimizer.zero_grad()
    assert one.grad is None


@each_rule
def test_a_gradient_of_zero_moves_nothing_but_decay(rule):
    one = weight(1.0, -2.0)
    optimizer = rule([one], lr=0.1, weight_decay=0.0)
    for _ in range(3):
        one.grad = torch.zeros(2)
        optimizer.step()
    assert one.tolist() == [1.0, -2.0]


@each_rule
@pytest.mark.parametrize("shape", [(), (0,), (1,), (2, 0, 3), (1, 2, 1)])
def test_any_shape(rule, shape):
    one = torch.ones(shape, requires_grad=True)
    optimizer = rule([one], lr=0.1)
    one.grad = torch.ones(shape)
    optimizer.step()
    assert one.shape == shape and (one < 1).all()


@each_rule
def test_the_rate_may_change_between_steps(rule):
    ours, theirs = weight(1.0, -1.0), weight(1.0, -1.0)
    one = rule([ours], lr=0.1)
    two = getattr(torch.optim, rule.__name__)([theirs], lr=0.1)
    for lr in (0.1, 0.02, 0.5):
        one.lr = two.param_groups[0]["lr"] = lr
        for p in (ours, theirs):
            p.grad = p.detach() * torch.tensor([3.0, 0.1])
        one.step()
        two.step()
        torch.testing.assert_close(ours, theirs)


@each_rule
@pytest.mark.parametrize("lr", [-1.0, float("nan")])
def test_numbers_below_zero_are_refused(rule, lr):
    with pytest.raises(
        ValueError, match=rf"lr.* must be 0 or more, got {lr:g}"
    ):
        rule([weight(1.0)], lr=lr)
    with pytest.raises(ValueError, match="weight_decay must be 0 or more"):
        rule([weight(1.0)], weight_decay=-0.1)


@each_rule
def test_bad_params_are_refused(rule):
    one = weight(1.0, 2.0)
    used = iter([one])
    list(used)
    with pytest.raises(ValueError, match=r"params is empty; pass model\."):
        rule(used)
    with pytest.raises(TypeError, match=r"a single one; put it in brackets"):
        rule(one)
    with pytest.raises(ValueError, match="2 tensors, and one of them twice"):
        rule([one, one])


def test_the_loop_alone_has_no_rule():
    one = weight(1.0)
    optimizer = Optimizer([one], lr=0.1)
    one.grad = torch.ones(1)
    with pytest.raises(NotImplementedError, match="Optimizer has no rule"):
        optimizer.step()


@each_rule
def test_what_was_computed_is_refused(rule):
    w = torch.ones(2, requires_grad=True) * 0.1
    with pytest.raises(TypeError, match="got a computed tensor; make one"):
        rule([weight(1.0), w])
    with pytest.raises(TypeError, match="got dict; make one"):
        rule([{"params": [weight(1.0)]}])
    with pytest.raises(TypeError, match="got str; make one"):
        rule("ab")


@each_rule
@pytest.mark.parametrize("options", [{}, {"momentum": 0.9}])
def test_without_decay_an_infinite_weight_stays(rule, options):
    if options and rule in (Adam, AdamW):
        options = {"amsgrad": True}
    ours, theirs = weight(torch.inf, 1.0), weight(torch.inf, 1.0)
    one = rule([ours], lr=0.1, weight_decay=0.0, **options)
    two = getattr(torch.optim, rule.__name__)(
        [theirs], lr=0.1, weight_decay=0.0, **options
    )
    for p, optimizer in ((ours, one), (theirs, two)):
        p.grad = torch.tensor([0.5, 0.5])
        optimizer.step()
    assert ours[0] == torch.inf
    torch.testing.assert_close(ours, theirs)
