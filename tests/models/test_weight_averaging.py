"""Averaged weights: the moving average by hand, and what the loop validates and keeps."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from graphrec.models.config import GradientConfig
from graphrec.models.training import train
from graphrec.models.weight_averaging import Averaging
from tests.models.test_training import Line


def test_the_average_by_hand() -> None:
    """From 0: after step 1 it keeps 1/11 of itself, after step 2 2/12, and from then on at most .15."""
    module = nn.Linear(1, 1, bias=False)
    nn.init.zeros_(module.weight)
    averaging = Averaging(module, 0.15, {}, 0)
    expected, seen = 0.0, []
    for step, (weight, kept) in enumerate([(11.0, 1 / 11), (3.0, 0.15), (1.0, 0.15)], start=1):
        nn.init.constant_(module.weight, weight)
        averaging.step()
        expected = kept * expected + (1 - kept) * weight
        seen.append(averaging.average["weight"].item())
        assert averaging.steps == step
        assert seen[-1] == pytest.approx(expected)
    assert seen[0] == pytest.approx(10)
    assert seen[1] == pytest.approx(1.5 + 2.55)
    with averaging.in_place():
        assert module.weight.item() == pytest.approx(seen[-1])
    assert module.weight.item() == 1.0


def test_the_loop_validates_and_keeps_the_average() -> None:
    task = Line(values=[1, 2, 3])
    state = train(task, GradientConfig(epochs=3, averaging=0.9), identity={})
    assert task.network.weight.item() == task.after_epoch[2] == state.average["weight"].item()
    assert state.steps == 12


def test_without_validation_the_average_is_what_remains() -> None:
    task = Line()
    state = train(task, GradientConfig(epochs=3, averaging=0.9), identity={})
    assert torch.equal(task.network.weight.detach(), state.average["weight"])


def test_without_averaging_nothing_changes() -> None:
    task = Line(values=[1, 2, 3])
    state = train(task, GradientConfig(epochs=3), identity={})
    assert not state.average
    assert task.network.weight.item() == task.after_epoch[2] == state.best["weight"].item()
