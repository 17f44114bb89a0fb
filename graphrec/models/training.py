"""The training loop of every model that learns by gradient descent.

A model hands in a ``TrainingTask``: its network, the batches of an epoch, the loss of a batch. The loop owns the
device, mixed precision, seeds, early stopping, checkpoints and progress. What a batch is, is the task's own business:
arrays of examples, blocks of a graph that a sampler drew, rows of an autoencoder. Where a model needs more than one
loss or an inner search, ``loss`` computes it; ``batches`` yields alternating phases; ``after_step`` is the place for
proximal steps, and ``after_averaging`` for what an average of weights undoes of them.

The next batches are made while this one is computed with (``graphrec.models.prefetch``), and several processes may
train together (``graphrec.models.distributed``); a task knows of neither.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from contextlib import closing
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.dataset.kinds import LINKS
from graphrec.digests import digest
from graphrec.errors import ModelError, UsageError
from graphrec.models.checkpoint import State, drop_checkpoint, read_checkpoint, write_checkpoint
from graphrec.models.distributed import Team, current_team
from graphrec.models.prefetch import prefetch
from graphrec.models.schedule import Schedule
from graphrec.models.weight_averaging import Averaging
from graphrec.progress import no_progress

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from torch import nn

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.knowledge import Knowledge
    from graphrec.dataset.mentions import Mentions
    from graphrec.models.config import GradientConfig
    from graphrec.models.recommender import Recommender
    from graphrec.progress import Progress


class TrainingTask(ABC):
    """A network with its batches, loss and validation, as the training loop needs them.

    Attributes:
        network: parameters and buffers; all that is learned is in its state.
        deterministic_batches: whether batches depend on the epoch and ``rng`` alone, so that they can be made ahead;
            false where they depend on what was learned.
    """

    network: nn.Module
    deterministic_batches: bool = True

    @abstractmethod
    def optimiser(self) -> torch.optim.Optimizer:
        """Return a new optimiser of the network's parameters."""

    @abstractmethod
    def batches(self, epoch: int, rng: np.random.Generator) -> Iterable[Any]:
        """Yield the batches of an epoch; every random choice comes from ``rng``, so that processes make the same."""

    @abstractmethod
    def loss(self, batch: Any) -> torch.Tensor:
        """Return the loss of a batch, one number with gradients."""

    def validate(self) -> float | None:
        """Return the validation value of the network, larger is better; None where there is nothing to validate on."""
        return None

    def loss_without_knowledge(self) -> float | None:
        """Return the loss of predicting the same for everyone and everything; None where nobody worked it out."""
        return None

    def after_step(self) -> None:  # noqa: B027 - most models have nothing to do here
        """Do the work that follows a step of the optimiser."""

    def after_averaging(self) -> None:  # noqa: B027 - most models have nothing to do here
        """Change the averaged weights, which the network has for a while, before they are validated and kept.

        The average itself is left as it is. An average of weights that are exactly 0 now and were not before is not 0:
        what a proximal step made sparse is made sparse again here.
        """


def train(
    task: TrainingTask,
    config: GradientConfig,
    *,
    identity: Mapping[str, Any],
    checkpoint: Path | None = None,
    progress: Progress = no_progress,
) -> State:
    """Train until the schedule is over or validation stops getting better, and leave the best weights in the network.

    Within ``graphrec.models.distributed.joined`` all processes of a team call this, and end with the same weights.

    Every epoch draws its randomness from the seed and its own number alone, so that a training taken up from a
    checkpoint ends, on CPU, with the very weights of one that was never disturbed. The caller's generators are left
    as they were.

    Args:
        task: what to train.
        config: epochs or steps, patience, device, precision, seed.
        identity: what the result depends on; a checkpoint of anything else is refused.
        checkpoint: folder for the checkpoint; None keeps none.
        progress: told how many epochs are done; of a team, only the first process's is.

    Raises:
        UsageError: the device is not there.
        ModelError: the loss is no longer a number, or the checkpoint is of another training. A training whose loss
            went wrong leaves no checkpoint: none but the same settings could go on from it, and would fail again.
    """
    team = current_team()
    device = device_of(config, team)
    task.network.to(device)
    team.broadcast_weights(task.network)
    optimiser = task.optimiser()
    state = (team.agreed(lambda: read_checkpoint(checkpoint, identity)) if checkpoint else None) or State()
    if state.epoch:
        task.network.load_state_dict(state.weights)
        _restore_optimiser(optimiser, state.optimiser)
    averaging = Averaging(task.network, config.averaging, state.average, state.steps)
    tell = progress if team.first else no_progress
    schedule = Schedule(config)
    tell("training", state.epoch, schedule.expected_epochs(state))
    cuda = [device] if device.type == "cuda" else []
    with torch.random.fork_rng(devices=cuda):
        while not schedule.is_over(state):
            steps_before = state.steps
            try:
                _epoch(task, optimiser, averaging, config, state, device, team)
            except ModelError:
                if checkpoint and team.first:
                    drop_checkpoint(checkpoint)
                raise
            if schedule.is_validated(state, steps_before):
                _validate(task, averaging, state, team)
                if checkpoint and team.first:
                    state.optimiser = _optimiser_tensors(optimiser)
                    write_checkpoint(checkpoint, state, identity)
            tell("training", state.epoch, schedule.expected_epochs(state))
    tell("training", schedule.expected_epochs(state), schedule.expected_epochs(state))
    if state.best:
        task.network.load_state_dict(state.best)
    return state


def identity_of(
    model: Recommender, dataset: Dataset, validation: Incidence | None, fold_in: Dataset | None = None
) -> dict[str, Any]:
    """Return everything that a training's result depends on, for its checkpoint."""
    return {
        "model": model.name,
        "config": model.config.model_dump(exclude=model.config.unstated),
        "data": dataset.fingerprint,
        "split": dataset.split,
        "positive_if": dataset.positive_if.text,
        "positives": _digest(dataset.positives),
        **({"negatives": _digest(dataset.negatives)} if dataset.negative_if.text else {}),
        **{name: _digest(dataset.links[kind]) for name, kind in LINKS.items()},
        **({"mentions": _digest_of_mentions(dataset.mentions)} if len(dataset.mentions) else {}),
        "knowledge": _digest_of_facts(dataset.knowledge),
        "validation": "none" if validation is None else _digest(validation),
        "fold_in": "none" if fold_in is None else _digest(fold_in.positives),
    }


def _digest(incidence: Incidence) -> str:
    values = () if incidence.values is None else (incidence.values.tobytes(),)
    return digest(incidence.indptr.tobytes(), incidence.indices.tobytes(), *values)


def _digest_of_facts(knowledge: Knowledge) -> str:
    columns = (knowledge.head, knowledge.relation, knowledge.tail)
    return digest("\n".join(knowledge.relations), *(column.tobytes() for column in columns))


def _digest_of_mentions(mentions: Mentions) -> str:
    columns = (mentions.user, mentions.item, mentions.feature, mentions.sentiment, mentions.count)
    return digest(*(column.tobytes() for column in columns))


def device_of(config: GradientConfig, team: Team | None = None) -> torch.device:
    """Return the device to train on, each process of a team its own GPU; raise UsageError for one that is not there."""
    place = f":{team.local_rank}" if team and team.size > 1 else ""
    if config.device == "auto":
        return torch.device(f"cuda{place}" if torch.cuda.is_available() else "cpu")
    device = torch.device(f"cuda{place}" if config.device == "cuda" else config.device)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise UsageError(
            f"the device {config.device} is not there",
            remedy="Set device to auto or cpu, or install a CUDA build of torch",
        )
    return device


def _epoch(
    task: TrainingTask,
    optimiser: torch.optim.Optimizer,
    averaging: Averaging,
    config: GradientConfig,
    state: State,
    device: torch.device,
    team: Team,
) -> None:
    rng = np.random.default_rng([config.seed, state.epoch])
    torch.manual_seed((int(rng.integers(2**63)) + team.rank) % 2**63)
    task.network.train()
    totals = torch.zeros(2, device=device)
    shared = team.share(task.batches(state.epoch, rng))
    with closing(prefetch(shared) if task.deterministic_batches else shared) as batches:
        for batch in batches:
            optimiser.zero_grad(set_to_none=True)
            if batch is not None:
                with torch.autocast(device.type, dtype=torch.bfloat16, enabled=config.precision == "mixed"):
                    loss = task.loss(batch)
                loss.backward()  # type: ignore[no-untyped-call]
                totals += torch.stack([loss.detach().float(), torch.ones((), device=device)])
            team.average_gradients(task.network, batch is not None)
            optimiser.step()
            task.after_step()
            averaging.step()
    total, steps = team.sum_over_processes(totals).tolist()
    mean = total / max(steps, 1)
    if not steps or not math.isfinite(mean):
        fault = "the loss is no number" if steps else "there are no examples"
        raise ModelError(
            f"training failed in epoch {state.epoch + 1}: {fault}",
            remedy="Lower learning_rate" if steps else "The data has too few interactions for this model",
        )
    state.losses.append(mean)
    state.epoch += 1
    state.steps, state.average = averaging.steps, averaging.average


def _validate(task: TrainingTask, averaging: Averaging, state: State, team: Team) -> None:
    """Validate, and keep the weights where they are the best so far; averaged ones where there is an average."""
    task.network.eval()
    with torch.no_grad(), averaging.in_place():
        if averaging.average:
            task.after_averaging()
        value = team.agreed(task.validate)
        if value is not None:
            state.values.append(value)
        if value is None:
            state.best_epoch = state.epoch
        elif state.best_value is None or value > state.best_value:
            state.best_value, state.best_epoch = value, state.epoch
        if state.best_epoch == state.epoch and (value is not None or averaging.average):
            state.best = {name: tensor.detach().clone() for name, tensor in task.network.state_dict().items()}
    state.weights = task.network.state_dict()


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
