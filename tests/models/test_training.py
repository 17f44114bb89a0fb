"""The training loop: seeds, early stopping, checkpoints that survive a kill, precision, devices."""

from __future__ import annotations

import multiprocessing
import signal
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from graphrec.errors import ModelError, UsageError
from graphrec.models import checkpoint as checkpoints
from graphrec.models.config import GradientConfig
from graphrec.models.reconet.model import RecoNet
from graphrec.models.saving import fit_id
from graphrec.models.training import TrainingTask, train
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkServerProcess
    from pathlib import Path

SETTINGS = {"epochs": 6, "embedding_size": 6, "learning_rate": 0.05, "batch_size": 32}


class Line(TrainingTask):
    """One weight drawn to 3 by random examples; ``values`` is what validation says, epoch by epoch."""

    def __init__(self, values: list[float] | None = None, at: float = 1.0) -> None:
        self.network = nn.Linear(1, 1, bias=False)
        nn.init.zeros_(self.network.weight)
        self.values, self.at, self.after_epoch, self.steps = values, at, [], 0

    def optimiser(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.network.parameters(), lr=0.1)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[torch.Tensor]:
        for _ in range(4):
            yield torch.from_numpy(rng.random((8, 1), dtype=np.float32) + rng.random(dtype=np.float32))

    def loss(self, batch: torch.Tensor) -> torch.Tensor:
        noisy = batch * (1 + torch.rand(1) / 1000)  # torch's own generator, which the loss may use
        return ((self.network(noisy * self.at) - 3 * noisy) ** 2).mean()

    def after_step(self) -> None:
        self.steps += 1

    def validate(self) -> float | None:
        self.after_epoch.append(self.network.weight.item())
        return None if self.values is None else self.values[len(self.after_epoch) - 1]


def test_the_best_epochs_weights_are_restored() -> None:
    task = Line(values=[1, 3, 2, 2.5, 0, 9])
    state = train(task, GradientConfig(epochs=20, patience=3), identity={})
    assert (state.epoch, state.best_epoch, state.best_value) == (5, 2, 3)
    assert task.network.weight.item() == task.after_epoch[1] != task.after_epoch[4]
    assert task.steps == 5 * 4


def test_without_validation_all_epochs_run() -> None:
    task = Line()
    state = train(task, GradientConfig(epochs=9, patience=1), identity={})
    assert (state.epoch, state.best_epoch, state.best_value) == (9, 9, None)
    assert task.network.weight.item() == task.after_epoch[-1]
    assert len(state.losses) == 9
    assert state.losses[-1] < state.losses[0] / 5


def test_progress_is_told() -> None:
    told: list[tuple[str, int, int]] = []
    train(Line(values=[2, 1, 1]), GradientConfig(epochs=8, patience=2), identity={}, progress=lambda *a: told.append(a))
    assert told == [("training", done, 8) for done in (0, 1, 2, 3, 8)]


def test_the_callers_random_numbers_are_left_alone() -> None:
    task = Line()
    torch.manual_seed(5)
    expected = torch.rand(3)
    torch.manual_seed(5)
    train(task, GradientConfig(epochs=2), identity={})
    torch.testing.assert_close(torch.rand(3), expected)


def test_a_loss_that_is_no_number_is_an_error() -> None:
    with pytest.raises(ModelError, match=r"training failed in epoch 1: the loss is no number.*learning_rate"):
        train(Line(at=float("inf")), GradientConfig(epochs=2), identity={})


def test_a_loss_that_went_wrong_leaves_no_checkpoint(tmp_path: Path) -> None:
    """What the error says to do, another learning rate, is then not refused for the sake of the checkpoint."""
    folder = tmp_path / "checkpoint"
    line, told = Line(), list[tuple[bool, int]]()

    def spoil(what: str, done: int, total: int) -> None:
        told.append(((folder / checkpoints.FILE).exists(), done))
        line.at = float("inf") if done == 2 else 1.0

    with pytest.raises(ModelError, match="training failed in epoch 3"):
        train(line, GradientConfig(epochs=5), identity={"rate": 1}, checkpoint=folder, progress=spoil)
    assert told == [(False, 0), (True, 1), (True, 2)]
    assert not folder.exists()
    assert train(Line(), GradientConfig(epochs=5), identity={"rate": 2}, checkpoint=folder).epoch == 5


def test_a_device_that_is_not_there_is_refused() -> None:
    with pytest.raises(UsageError, match="cuda:77 is not there"):
        train(Line(), GradientConfig(device="cuda:77"), identity={})


@pytest.mark.parametrize(("stopped_after", "averaging"), [(1, 0), (3, 0), (6, 0), (2, 0.9)])
def test_a_resumed_training_ends_with_the_same_weights(stopped_after: int, averaging: float, tmp_path: Path) -> None:
    data = toy()
    settings = {**SETTINGS, "averaging": averaging}
    undisturbed = RecoNet(**settings).fit(data, validation=data.positives)

    class StoppedError(Exception):
        pass

    def stop(what: str, done: int, total: int) -> None:
        if done == stopped_after:
            raise StoppedError

    with pytest.raises(StoppedError):
        RecoNet(**settings).fit(data, validation=data.positives, checkpoint=tmp_path, progress=stop)
    told: list[int] = []
    resumed = RecoNet(**settings).fit(
        data, validation=data.positives, checkpoint=tmp_path, progress=lambda _, done, __: told.append(done)
    )
    assert told[0] == stopped_after
    assert fit_id(resumed) == fit_id(undisturbed)
    for name in ("epochs", "loss", "validation_recall@50"):
        assert resumed.record.metrics[name] == undisturbed.record.metrics[name]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"settings": {"learning_rate": 0.01}}, r"config\.learning_rate was 0\.05 and is 0\.01"),
        ({"settings": {"seed": 4}}, r"config\.seed was 0 and is 4"),
        ({"data": toy(seed=1)}, "item_attributes was"),
        ({"validation": None}, "validation was .* and is 'none'"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(changed: dict[str, Any], said: str, tmp_path: Path) -> None:
    data = toy()
    RecoNet(**SETTINGS).fit(data, validation=data.positives, checkpoint=tmp_path)
    model = RecoNet(**{**SETTINGS, **changed.get("settings", {})})
    validation = changed.get("validation", data.positives)
    with pytest.raises(ModelError, match=said):
        model.fit(changed.get("data", data), validation=validation, checkpoint=tmp_path)


def test_the_last_checkpoint_tells_the_loss_of_every_epoch(tmp_path: Path) -> None:
    """Also where validation stopped the training, and where it is validated every few steps alone."""
    assert checkpoints.losses_in(tmp_path / "one") is None
    config = GradientConfig(epochs=9, patience=2)
    state = train(Line([1, 3, 2, 2, 0, 9, 0, 0, 0]), config, identity={}, checkpoint=tmp_path / "one")
    assert len(state.losses) == 4
    assert checkpoints.losses_in(tmp_path / "one") == state.losses
    config = GradientConfig(steps=18, least_epochs=1, validate_every=8)
    state = train(Line(), config, identity={}, checkpoint=tmp_path / "two")
    assert checkpoints.losses_in(tmp_path / "two") == state.losses
    assert len(state.losses) == 5


def test_a_checkpoint_of_another_model_says_so_first(tmp_path: Path) -> None:
    config = GradientConfig(epochs=1)
    train(Line(), config, identity={"batch": 1, "model": "line"}, checkpoint=tmp_path)
    with pytest.raises(ModelError, match="model was 'line' and is 'curve'"):
        train(Line(), config, identity={"batch": 2, "model": "curve"}, checkpoint=tmp_path)


def test_the_device_may_change(tmp_path: Path) -> None:
    RecoNet(**SETTINGS).fit(toy(), checkpoint=tmp_path)
    assert RecoNet(**SETTINGS, device="cpu").fit(toy(), checkpoint=tmp_path).record.metrics["epochs"] == 6


@pytest.mark.parametrize("damage", [lambda b: b[: len(b) // 2], lambda b: b"", lambda b: b"\xff" * len(b)])
def test_a_damaged_checkpoint_is_named(damage: Any, tmp_path: Path) -> None:
    RecoNet(**SETTINGS).fit(toy(), checkpoint=tmp_path)
    path = tmp_path / checkpoints.FILE
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ModelError, match="checkpoint is damaged") as caught:
        RecoNet(**SETTINGS).fit(toy(), checkpoint=tmp_path)
    assert str(path) in str(caught.value)


def train_and_tell(checkpoint: Path | None, tell: Connection) -> None:
    """Train in a process of its own; send the epochs done, each as it ends, and the name of the fit."""
    torch.set_num_threads(1)
    settings = {"epochs": 60, "embedding_size": 64, "hidden_size": 64, "batch_size": 8, "learning_rate": 0.003}
    model = RecoNet(**settings).fit(toy(), checkpoint=checkpoint, progress=lambda _, done, __: tell.send(done))
    tell.send(fit_id(model))


def test_a_training_killed_again_and_again_ends_the_same(tmp_path: Path) -> None:
    processes = multiprocessing.get_context("forkserver")  # which imports PyTorch once for all of them
    processes.set_forkserver_preload(["graphrec.models.reconet.model", "graphrec.models.training"])

    def start(checkpoint: Path | None) -> tuple[ForkServerProcess, Connection]:
        ours, theirs = processes.Pipe(duplex=False)
        process = processes.Process(target=train_and_tell, args=(checkpoint, theirs))
        process.start()
        theirs.close()
        return process, ours

    def last(checkpoint: Path | None) -> str:
        process, told = start(checkpoint)
        while isinstance(said := told.recv(), int):
            pass
        process.join()
        assert process.exitcode == 0
        return str(said)

    expected = last(None)
    rng = np.random.default_rng(int(time.time()))
    seen = -1
    for _ in range(3):
        process, told = start(tmp_path)
        first = told.recv()
        assert first >= seen
        while (seen := told.recv()) < first + 3:
            pass
        time.sleep(rng.random() * 0.1)
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL
    assert seen >= 6
    assert last(tmp_path) == expected
    assert [path.name for path in tmp_path.iterdir()] == [checkpoints.FILE]
