"""How long a training lasts, in epochs or in steps, and when it is validated. An epoch of ``Line`` has four steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.models.checkpoint import State
from graphrec.models.config import GradientConfig
from graphrec.models.reconet.config import RecoNetConfig
from graphrec.models.reconet.model import RecoNet
from graphrec.models.registry import MODELS, registered_model
from graphrec.models.saving import fit_id
from graphrec.models.schedule import Schedule
from graphrec.models.training import train
from graphrec.testing.toy import toy
from tests.models.test_training import Line

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("settings", "epochs", "validations"),
    [
        ({"epochs": 5}, 5, 5),
        ({"epochs": 5, "steps": 100, "least_epochs": 50, "validate_every": 10}, 5, 5),
        # ten steps are passed in epoch 3 (12), twenty in epoch 5 (20), and with epoch 8 (32) the thirty steps are done
        ({"steps": 30, "least_epochs": 1, "validate_every": 10}, 8, 3),
        ({"steps": 30, "least_epochs": 1, "validate_every": 1}, 8, 8),
        ({"steps": 30, "least_epochs": 1, "validate_every": 1000}, 8, 1),
        ({"steps": 4, "least_epochs": 6, "validate_every": 8}, 6, 3),
    ],
)
def test_a_training_is_as_long_as_it_says(settings: dict[str, int], epochs: int, validations: int) -> None:
    task = Line()
    state = train(task, GradientConfig(**settings), identity={})
    assert (state.epoch, state.steps, state.best_epoch) == (epochs, 4 * epochs, epochs)
    assert len(task.after_epoch) == validations


def test_patience_counts_validations() -> None:
    """The second of the validations, after epoch 4, is the best; three more do not reach it."""
    task = Line(values=[1, 5, 2, 3, 4, 9])
    config = GradientConfig(steps=1000, least_epochs=1, validate_every=8, patience=3)
    state = train(task, config, identity={})
    assert (state.epoch, state.best_epoch, state.best_value) == (10, 4, 5)
    assert task.network.weight.item() == task.after_epoch[1]


def test_the_same_length_by_steps_or_by_epochs_gives_the_same_weights() -> None:
    by_epochs, by_steps = Line(), Line()
    train(by_epochs, GradientConfig(epochs=8), identity={})
    train(by_steps, GradientConfig(steps=30, least_epochs=1, validate_every=10), identity={})
    assert by_steps.network.weight.item() == by_epochs.network.weight.item()


def test_how_far_a_training_has_come_is_told_once_an_epoch_is_measured() -> None:
    schedule = Schedule(GradientConfig(steps=30, least_epochs=3))
    assert schedule.expected_epochs(State()) == 0
    assert schedule.expected_epochs(State(epoch=1, steps=4)) == 8
    assert schedule.expected_epochs(State(epoch=1, steps=400)) == 3
    assert Schedule(GradientConfig(epochs=5)).expected_epochs(State()) == 5


def test_a_training_by_steps_goes_on_from_its_checkpoint(tmp_path: Path) -> None:
    data = toy()
    settings = {"steps": 40, "least_epochs": 2, "validate_every": 6, "embedding_size": 6, "batch_size": 32}
    undisturbed = RecoNet(**settings).fit(data, validation=data.positives)

    class StoppedError(Exception):
        pass

    def stop(what: str, done: int, total: int) -> None:
        if done == 7:
            raise StoppedError

    with pytest.raises(StoppedError):
        RecoNet(**settings).fit(data, validation=data.positives, checkpoint=tmp_path, progress=stop)
    resumed = RecoNet(**settings).fit(data, validation=data.positives, checkpoint=tmp_path)
    assert fit_id(resumed) == fit_id(undisturbed)
    for name in ("epochs", "steps", "best_epoch", "loss"):
        assert resumed.record.metrics[name] == undisturbed.record.metrics[name]


def test_what_was_run_is_told_from_what_was_kept() -> None:
    data = toy()
    model = RecoNet(epochs=12, patience=3, embedding_size=8, learning_rate=0.1, batch_size=32)
    metrics = model.fit(data, validation=data.positives).record.metrics
    assert metrics["best_epoch"] <= metrics["epochs"] <= 12
    assert metrics["epochs"] in (metrics["best_epoch"] + 3, 12)
    assert metrics["steps"] % metrics["epochs"] == 0


def test_steps_identify_a_fit_where_they_count_and_earlier_fits_are_known() -> None:
    """A fit of 30 epochs that was made before there were steps has the settings it always had."""
    assert {"steps", "least_epochs", "validate_every"} <= RecoNetConfig(epochs=30).unstated
    assert not {"steps", "least_epochs", "validate_every"} & RecoNetConfig().unstated
    assert "steps" not in RecoNetConfig(epochs=30, steps=7).unstated


@pytest.mark.parametrize("name", sorted(MODELS))
def test_no_model_that_trains_by_gradient_has_epochs_by_default(name: str) -> None:
    config = registered_model(name).Config()
    if isinstance(config, GradientConfig):
        assert config.epochs is None
        assert config.steps >= 90
