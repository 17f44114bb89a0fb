"""Checkpoints of a training: it can be killed at any moment and resumed, without pickle.

One file, replaced atomically: tensors (weights, best weights so far, state of the optimiser) as safetensors, and all
else as JSON in that file's header, so that the two can never disagree.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save

from graphrec.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch

FORMAT = 2
FILE = "checkpoint.safetensors"
_GROUPS = ("weights", "best", "optimiser", "average")
_NUMBERS = ("epoch", "best_epoch", "best_value", "losses", "values", "steps")
_FREE = frozenset({"config.device"})


@dataclass
class State:
    """The state of a training.

    Attributes:
        epoch: epochs that are done.
        best_epoch: the one with the best validation value; the last one where nothing is validated.
        best_value: validation value of that epoch; None where nothing is validated.
        losses: mean training loss of every epoch.
        values: validation values in their order, one of every epoch that was followed by a validation.
        weights: of the module.
        best: weights of the best epoch; empty where it is the current one.
        optimiser: state of the optimiser, ``parameter.name`` to tensor.
        steps: of the optimiser that are done.
        average: moving average of the weights; empty where none is kept.
    """

    epoch: int = 0
    best_epoch: int = 0
    best_value: float | None = None
    losses: list[float] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    weights: dict[str, torch.Tensor] = field(default_factory=dict)
    best: dict[str, torch.Tensor] = field(default_factory=dict)
    optimiser: dict[str, torch.Tensor] = field(default_factory=dict)
    steps: int = 0
    average: dict[str, torch.Tensor] = field(default_factory=dict)


def write_checkpoint(folder: Path, state: State, identity: Mapping[str, Any]) -> None:
    """Replace the folder's checkpoint; a process killed at any time leaves the old one or the new one."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {
        f"{group}/{name}": tensor.detach().to("cpu", copy=True).contiguous()
        for group in _GROUPS
        for name, tensor in getattr(state, group).items()
    }
    about = {
        "format": FORMAT,
        "identity": _flat(identity),
        "epoch": state.epoch,
        "best_epoch": state.best_epoch,
        "best_value": state.best_value,
        "losses": state.losses,
        "values": state.values,
        "steps": state.steps,
    }
    building = folder / f"{FILE}.{os.getpid()}.writing"
    with building.open("wb") as file:
        file.write(save(tensors, {"graphrec": json.dumps(about)}))
        file.flush()
        os.fsync(file.fileno())
    building.replace(folder / FILE)
    for abandoned in folder.glob(f"{FILE}.*.writing"):
        abandoned.unlink(missing_ok=True)


def drop_checkpoint(folder: Path) -> None:
    """Remove the folder's checkpoint, where there is one, and the folder if nothing else lies in it."""
    (folder / FILE).unlink(missing_ok=True)
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()


def drop_checkpoints(folder: Path) -> None:
    """Remove the checkpoints of a training, those of the members of an ensemble too, and nothing else."""
    for member in folder.glob("member-*"):
        drop_checkpoint(member)
    drop_checkpoint(folder)


def read_checkpoint(folder: Path, identity: Mapping[str, Any]) -> State | None:
    """Return the state in a folder, or None where there is no checkpoint.

    Raises:
        ModelError: the checkpoint is damaged, of another format, or of other data or settings.
    """
    path = folder / FILE
    if not path.exists():
        return None
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads(file.metadata()["graphrec"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a mapping
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            "the checkpoint is damaged", where=str(path), remedy="Delete it; training then starts over"
        ) from error
    if about.get("format") != FORMAT:
        raise ModelError(
            f"the checkpoint has format {about.get('format')}, this graphrec reads format {FORMAT}",
            where=str(path),
            remedy="Delete it; training then starts over",
        )
    _require_same(about["identity"], _flat(identity), path)
    groups: dict[str, dict[str, torch.Tensor]] = {group: {} for group in _GROUPS}
    for name, tensor in tensors.items():
        group, _, rest = name.partition("/")
        groups[group][rest] = tensor
    fields: dict[str, Any] = {**{name: about[name] for name in _NUMBERS}, **groups}
    return State(**fields)


def losses_in(folder: Path) -> list[float] | None:
    """Return the training losses by epoch that a folder's checkpoint tells; None where there is no checkpoint.

    Args:
        folder: of a training of this process, begun or done: whose training it is is not looked at.
    """
    path = folder / FILE
    if not path.exists():
        return None
    with safe_open(path, framework="pt") as file:
        losses: list[float] = json.loads(file.metadata()["graphrec"])["losses"]
    return losses


def _require_same(stored: Mapping[str, Any], current: Mapping[str, Any], path: Path) -> None:
    names = {*stored, *current} - _FREE
    for name in sorted(names, key=lambda name: (name != "model", name)):  # the model comes first
        if stored.get(name) != current.get(name):
            raise ModelError(
                f"the checkpoint is of another training: {name} was {stored.get(name)!r} and is {current.get(name)!r}",
                where=str(path),
                remedy="Delete it to start over, or train with what it was made with",
            )


def _flat(identity: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in identity.items():
        if isinstance(value, dict):
            flat.update(_flat(value, f"{above}{name}."))
        else:
            flat[above + name] = json.loads(json.dumps(value))
    return flat
