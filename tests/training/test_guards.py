import warnings

import pytest
import torch
from torch import nn

from sevenlessons.training import guards
from sevenlessons.training.callbacks import Callback, GradientClipping

CPU = torch.device("cpu")


def parts(**changes):
    model = nn.Linear(2, 1)
    given = {
        "model": model,
        "loss_fn": nn.functional.mse_loss,
        "optimizer": torch.optim.SGD(model.parameters(), lr=0.1),
        "metrics": None,
        "callbacks": [],
        "device": CPU,
    }
    return given | changes


# Callbacks ------------------------------------------------------------------


def test_only_hooks_that_do_something_are_bound():
    class Base(Callback):
        def on_loss(self, learner): ...

    class Child(Base):
        """Inherits its hook."""

    clipping, child, own = GradientClipping(), Child(), Callback()
    own.on_loss = lambda learner: None
    hooks = guards.bind_hooks([child, clipping, own])
    assert hooks["on_loss"] == (child.on_loss, own.on_loss)
    assert hooks["on_backward_end"] == (clipping.on_backward_end,)
    assert hooks["on_fit_begin"] == ()
    assert list(hooks) == [h for h in vars(Callback) if h.startswith("on_")]


def test_unknown_hooks_are_refused_wherever_they_stand():
    class Typo(Callback):
        def on_epoch_ends(self, learner): ...

    class Child(Typo): ...

    on_object = Callback()
    on_object.on_batch = print
    for callback, name in (
        (Typo(), "Typo.on_epoch_ends"),
        (Child(), "Child.on_epoch_ends"),
        (on_object, "Callback.on_batch"),
    ):
        with pytest.raises(TypeError, match=f"{name} is not a hook; the ho"):
            guards.bind_hooks([callback])


def test_what_is_no_callback_is_refused():
    with pytest.raises(TypeError, match=r"write GradientClipping\(...\)"):
        guards.bind_hooks([GradientClipping])
    with pytest.raises(TypeError, match="must be Callback objects, got 'clip"):
        guards.bind_hooks(["clipping"])
    with pytest.raises(
        TypeError, match=r"Callback objects, got <class 'int'>$"
    ):
        guards.bind_hooks([int])


# Parts and settings ---------------------------------------------------------


def test_good_parts_pass():
    guards.check_parts(**parts())
    guards.check_parts(**parts(metrics={"mse": nn.MSELoss()}))
    guards.check_parts(**parts(loss_fn=nn.MSELoss()))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"model": nn.Linear}, "model must be a torch.nn.Module, got <class"),
        ({"loss_fn": nn.MSELoss}, "loss_fn must be callable as loss_fn"),
        ({"loss_fn": "mse"}, "loss_fn must be callable .* got 'mse'"),
        ({"optimizer": torch.optim.SGD}, "build it on model.parameters"),
        ({"metrics": [nn.MSELoss()]}, "metrics must be a dictionary"),
    ],
)
def test_wrong_kinds_of_parts(changes, message):
    with pytest.raises(TypeError, match=message):
        guards.check_parts(**parts(**changes))


def test_an_optimizer_of_another_model():
    other = torch.optim.SGD(nn.Linear(2, 1).parameters(), lr=0.1)
    with pytest.raises(ValueError, match="holds none of the model's param"):
        guards.check_parts(**parts(optimizer=other))


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a GPU")
def test_a_gpu_that_is_not_there():
    with pytest.raises(ValueError, match="torch sees no GPU here; use dev"):
        guards.check_parts(**parts(device=torch.device("cuda")))


def test_epochs():
    assert guards.check_epochs(1) == 1
    for epochs in (0, -3):
        with pytest.raises(ValueError, match=f"at least 1, got {epochs}"):
            guards.check_epochs(epochs)
    for epochs in (1.0, "3", True, None):
        with pytest.raises(TypeError, match=f"whole number, got {epochs!r}"):
            guards.check_epochs(epochs)


def test_rates():
    optimizer = parts()["optimizer"]
    for lr in (0.0, 0.1, torch.tensor(0.1)):
        optimizer.param_groups[0]["lr"] = lr
        guards.check_rates(optimizer)
    optimizer.add_param_group({"params": [nn.Parameter(torch.ones(1))]})
    for lr in (-0.1, float("nan"), float("inf")):
        optimizer.param_groups[1]["lr"] = lr
        message = f"at least 0, got {lr} in parameter group 1"
        with pytest.raises(ValueError, match=message):
            guards.check_rates(optimizer)


# Batches --------------------------------------------------------------------


def test_batches_become_tuples():
    x, y = torch.ones(2), torch.zeros(2)
    for batch in ((x, y), [x, y]):
        moved = guards.move_batch(batch, CPU)
        assert type(moved) is tuple and moved[0] is x and moved[1] is y


def test_batches_that_are_none():
    for batch, kind in (({"x": 1}, "dict"), (torch.ones(2), "Tensor")):
        message = rf"tuples \(\*inputs, target\) of tensors, got {kind}"
        with pytest.raises(TypeError, match=message):
            guards.move_batch(batch, CPU)
    with pytest.raises(TypeError, match="must yield tuples"):
        guards.move_batch((), CPU)
    with pytest.raises(TypeError, match=r"item 1 of the batch .* got str"):
        guards.move_batch((torch.ones(2), "cat"), CPU)
    with pytest.raises(TypeError, match=r"item 0 of the batch .* got list"):
        guards.move_batch(([1, 2], torch.ones(2)), CPU)


def test_an_error_inside_to_is_passed_on():
    class Broken:
        device = None

        def to(self, device, non_blocking):
            raise AttributeError("inside")

    with pytest.raises(AttributeError, match="inside"):
        guards.move_batch((Broken(),), CPU)


# Contexts -------------------------------------------------------------------


def test_modes_are_given_back_one_by_one():
    model = nn.Sequential(nn.Linear(1, 1), nn.Dropout())
    model[1].eval()
    with pytest.raises(RuntimeError), guards.modes_kept(model):
        model.eval()
        raise RuntimeError
    assert [m.training for m in model.modules()] == [True, True, False]


@pytest.mark.parametrize("loss", ["mse_loss", "l1_loss", "smooth_l1_loss"])
def test_broadcasting_is_an_error_that_names_the_remedy(loss):
    message = (
        r"prediction has shape \(4, 1\) but target has shape \(4\); give both "
        r"one shape, for example with target\[:, None\] or prediction.squeeze"
    )
    loss_fn = getattr(nn.functional, loss)
    with pytest.raises(ValueError, match=message), guards.clear_errors():
        loss_fn(torch.ones(4, 1), torch.ones(4))


def test_a_loss_for_each_sample_is_an_error_that_names_the_remedy():
    loss = torch.ones(4, requires_grad=True) * 2
    message = "loss_fn must return one number.* use reduction='mean'"
    with pytest.raises(ValueError, match=message), guards.clear_errors():
        loss.backward()


def test_other_errors_and_warnings_are_left_alone():
    with pytest.raises(RuntimeError, match="mine"), guards.clear_errors():
        raise RuntimeError("mine")
    with pytest.raises(UserWarning, match="mine"), guards.clear_errors():
        raise UserWarning("mine")
    with pytest.warns(UserWarning, match="mine"), guards.clear_errors():
        warnings.warn("mine", stacklevel=1)


def test_one_callback_without_brackets_is_refused(make_learner):
    with pytest.raises(TypeError, match="put it into brackets"):
        make_learner(Callback())


def test_a_model_that_cannot_learn_is_named(make_learner):
    learner = make_learner()
    learner.model.requires_grad_(False)
    with pytest.raises(ValueError, match="every layer is frozen"):
        learner.fit(1)
