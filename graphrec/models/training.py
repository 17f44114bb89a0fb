"""The training loop of every model that learns by gradient descent.

A model hands in a ``Trainee``: its network, the batches of an epoch, the loss of a batch. The loop owns the device,
mixed precision, seeds, early stopping, checkpoints and progress. What a batch is, is the trainee's own business: arrays
of examples, blocks of a graph that a sampler drew, rows of an autoencoder. Where a model needs more than one loss or
an inner search, ``loss`` computes it; ``batches`` yields alternating phases; ``after_step`` is the place for proximal
steps and averaged weights.
"""

from __future__ import annotations

import hashlib
import math
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.errors import ModelError, UsageError
from graphrec.models.averaging import Averaging
from graphrec.models.checkpoint import State, drop_checkpoint, read_checkpoint, write_checkpoint
from graphrec.store.base import silent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from torch import nn

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.config import GradientConfig
    from graphrec.models.recommender import Recommender
    from graphrec.store.base import Progress


class Trainee(ABC):
    """What the loop trains.

    Attributes:
        network: parameters and buffers; all that is learned is in its state.
    """

    network: nn.Module

    @abstractmethod
    def optimiser(self) -> torch.optim.Optimizer:
        """Return a new optimiser of the network's parameters."""

    @abstractmethod
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[Any]:
        """Yield the batches of an epoch; every random choice comes from ``rng`` or from torch's own generator."""

    @abstractmethod
    def loss(self, batch: Any) -> torch.Tensor:
        """Return the loss of a batch, one number with gradients."""

    def validate(self) -> float | None:
        """Return how good the network is now, larger is better; None where there is nothing to validate on."""
        return None

    def after_step(self) -> None:  # noqa: B027 - most models have nothing to do here
        """Do what follows a step of the optimiser."""


def train(
    trainee: Trainee,
    config: GradientConfig,
    *,
    identity: Mapping[str, Any],
    checkpoint: Path | None = None,
    progress: Progress = silent,
) -> State:
    """Train until the epochs are done or validation stops getting better, and leave the best weights in the network.

    Every epoch draws its randomness from the seed and its own number alone, so that a training taken up from a
    checkpoint ends, on CPU, with the very weights of one that was never disturbed. The caller's generators are left
    as they were.

    Args:
        trainee: what to train.
        config: epochs, patience, device, precision, seed.
        identity: what the result depends on; a checkpoint of anything else is refused.
        checkpoint: folder for the checkpoint; None keeps none.
        progress: told how many epochs are done.

    Raises:
        UsageError: the device is not there.
        ModelError: the loss is no longer a number, or the checkpoint is of another training. A training whose loss
            went wrong leaves no checkpoint: none but the same settings could go on from it, and would fail again.
    """
    device = device_of(config)
    trainee.network.to(device)
    optimiser = trainee.optimiser()
    state = (read_checkpoint(checkpoint, identity) if checkpoint else None) or State()
    if state.epoch:
        trainee.network.load_state_dict(state.weights)
        _restore_optimiser(optimiser, state.optimiser)
    averaging = Averaging(trainee.network, config.averaging, state.average, state.steps)
    progress("training", state.epoch, config.epochs)
    cuda = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        while state.epoch < config.epochs and not _exhausted(state, config):
            try:
                _epoch(trainee, optimiser, averaging, config, state, device)
            except ModelError:
                if checkpoint:
                    drop_checkpoint(checkpoint)
                raise
            _judge(trainee, averaging, state)
            if checkpoint:
                state.optimiser = _optimiser_tensors(optimiser)
                write_checkpoint(checkpoint, state, identity)
            progress("training", state.epoch, config.epochs)
    progress("training", config.epochs, config.epochs)
    if state.best:
        trainee.network.load_state_dict(state.best)
    return state


def identity_of(
    model: Recommender, dataset: Dataset, validation: Incidence | None, given: Dataset | None = None
) -> dict[str, Any]:
    """Return what a training's result depends on, for its checkpoint."""
    return {
        "model": model.name,
        "config": model.config.model_dump(),
        "data": dataset.fingerprint,
        "split": dataset.split,
        "positive_if": dataset.positive_if.text,
        "positives": _digest(dataset.positives),
        "item_attributes": _digest(dataset.item_attributes),
        "user_attributes": _digest(dataset.user_attributes),
        "validation": "none" if validation is None else _digest(validation),
        "given": "none" if given is None else _digest(given.positives),
    }


def _digest(incidence: Incidence) -> str:
    digest = hashlib.sha256(incidence.indptr.tobytes())
    digest.update(incidence.indices.tobytes())
    return digest.hexdigest()[:16]


def device_of(config: GradientConfig) -> torch.device:
    """Return the device to train on; raise UsageError for a GPU that is not there."""
    if config.device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    device = torch.device(config.device)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise UsageError(
            f"the device {config.device} is not there",
            remedy="Set device to auto or cpu, or install a CUDA build of torch",
        )
    return device


def _epoch(
    trainee: Trainee,
    optimiser: torch.optim.Optimizer,
    averaging: Averaging,
    config: GradientConfig,
    state: State,
    device: torch.device,
) -> None:
    rng = np.random.default_rng([config.seed, state.epoch])
    torch.manual_seed(int(rng.integers(2**63)))
    trainee.network.train()
    total, steps = torch.zeros((), device=device), 0
    for batch in trainee.batches(state.epoch, rng):
        optimiser.zero_grad(set_to_none=True)
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=config.precision == "mixed"):
            loss = trainee.loss(batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        trainee.after_step()
        averaging.step()
        total += loss.detach()
        steps += 1
    mean = float(total) / max(steps, 1)
    if not steps or not math.isfinite(mean):
        what = "the loss is no number" if steps else "there are no examples"
        raise ModelError(
            f"training failed in epoch {state.epoch + 1}: {what}",
            remedy="Lower learning_rate" if steps else "The data has too few interactions for this model",
        )
    state.losses.append(mean)
    state.epoch += 1
    state.steps, state.average = averaging.steps, averaging.average


def _judge(trainee: Trainee, averaging: Averaging, state: State) -> None:
    """Validate, and keep the weights where they are the best so far; averaged ones where there is an average."""
    trainee.network.eval()
    with torch.no_grad(), averaging.in_place():
        value = trainee.validate()
        if value is not None:
            state.values.append(value)
        if value is None:
            state.best_epoch = state.epoch
        elif state.best_value is None or value > state.best_value:
            state.best_value, state.best_epoch = value, state.epoch
        if state.best_epoch == state.epoch and (value is not None or averaging.average):
            state.best = {name: tensor.detach().clone() for name, tensor in trainee.network.state_dict().items()}
    state.weights = trainee.network.state_dict()


def _exhausted(state: State, config: GradientConfig) -> bool:
    return state.best_value is not None and state.epoch - state.best_epoch >= config.patience


def _optimiser_tensors(optimiser: torch.optim.Optimizer) -> dict[str, torch.Tensor]:
    """Return the state of the optimiser, ``parameter.name`` to tensor; numbers become tensors without a dimension."""
    states = optimiser.state_dict()["state"]
    return {f"{index}.{name}": torch.as_tensor(value) for index, part in states.items() for name, value in part.items()}


def _restore_optimiser(optimiser: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor]) -> None:
    states: dict[int, dict[str, torch.Tensor]] = {}
    for key, tensor in tensors.items():
        index, _, name = key.partition(".")
        states.setdefault(int(index), {})[name] = tensor
    optimiser.load_state_dict({"state": states, "param_groups": optimiser.state_dict()["param_groups"]})
