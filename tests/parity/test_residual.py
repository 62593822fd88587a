"""Residual and dense blocks equal torchvision; mistakes show."""

import pytest
import torch

from sevenlessons.parity import residual
from sevenlessons.parity.compare import limit, measure
from sevenlessons.parity.residual import residual_pieces

PIECES = residual_pieces()
CASES = [(piece, dtype) for piece in PIECES for dtype in piece.dtypes]


def named(name):
    return next(piece for piece in PIECES if piece.name == name)


@pytest.mark.parametrize(
    ("piece", "dtype"), CASES, ids=lambda case: getattr(case, "name", None)
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


@pytest.mark.parametrize("name", [piece.name for piece in PIECES])
def test_gradients_and_what_norms_remember_are_compared(name):
    compared = measure(named(name), torch.float64, seeds=[0])
    assert any("gradient of input" in what for what in compared)
    assert any("conv2.weight" in what for what in compared)
    assert any("running_var" in what for what in compared)


def test_a_block_without_its_shortcut_is_found(monkeypatch):
    class Plain(residual.BasicBlock):
        def __init__(self, *sizes):
            super().__init__(*sizes)
            self.residual = False

    monkeypatch.setattr(residual, "BasicBlock", Plain)
    found = measure(named("residual block"), torch.float64)
    assert found["same shape: value"] > 0.1


def test_relu_before_the_sum_is_found(monkeypatch):
    class Early(residual.BasicBlock):
        def forward(self, x):
            change = self.relu(self.bn1(self.conv1(x)))
            change = self.relu(self.bn2(self.conv2(change)))
            return change + (self.downsample(x) if self.downsample else x)

    monkeypatch.setattr(residual, "BasicBlock", Early)
    assert (
        measure(named("residual block"), torch.float64)["same shape: value"]
        > 0.1
    )


def test_a_stride_in_the_first_convolution_is_found(monkeypatch):
    class First(residual.Bottleneck):
        def __init__(self, *sizes):
            super().__init__(*sizes)
            self.conv1.stride, self.conv2.stride = self.conv2.stride, (1, 1)

    monkeypatch.setattr(residual, "Bottleneck", First)
    found = measure(named("bottleneck block"), torch.float64)
    assert found["half the size: value"] > 0.1
    assert found["same shape: value"] <= 1e-10


def test_maps_in_another_order_are_found(monkeypatch):
    class Front(residual.DenseBlock):
        def forward(self, x):
            maps = x
            for layer in self.values():
                maps = torch.cat([layer(maps), maps], 1)
            return maps

    monkeypatch.setattr(residual, "DenseBlock", Front)
    assert measure(named("dense block"), torch.float64)["value"] > 0.1
