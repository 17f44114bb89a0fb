"""A process of a team: trains, and writes what it saw and ended with. ``torchrun … distributed_worker.py OUT``."""

from __future__ import annotations

import json
import sys
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import distributed
from torch.nn import functional

from graphrec.errors import ModelError
from graphrec.models.config import GradientConfig
from graphrec.models.distributed import current_team, joined
from graphrec.models.eran.model import ERAN
from graphrec.models.eran.task import ERANTask
from graphrec.models.recommender import FitContext
from graphrec.models.reconet.model import RecoNet
from graphrec.models.reconet.task import RecoNetTask
from graphrec.models.training import TrainingTask, train
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from collections.abc import Iterator

EXAMPLES, BATCH = 101, 8
"""13 batches: the last step of two processes has one alone."""
RECONET = {"epochs": 12, "patience": 12, "embedding_size": 8, "learning_rate": 0.02, "batch_size": 64}

ERAN_SETTINGS = {"epochs": 4, "embedding_size": 8, "batch_size": 16, "time_masks": 0.5, "rebuilt": 0.2}


class Listing(TrainingTask):
    """Fits a number to each example and notes which it was given; ``rare`` has a gradient in one batch only."""

    def __init__(self) -> None:
        rank = current_team().rank
        self.network = torch.nn.ParameterDict({"places": torch.full((EXAMPLES,), float(rank)), "rare": torch.zeros(1)})
        self.seen: list[list[int]] = []
        self.validated = 0

    def optimiser(self) -> torch.optim.Optimizer:
        return torch.optim.Adam(self.network.parameters(), lr=0.05)

    def batches(self, epoch: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
        self.seen.append([])
        order = rng.permutation(EXAMPLES)
        for begin in range(0, EXAMPLES, BATCH):
            yield order[begin : begin + BATCH]

    def loss(self, batch: np.ndarray) -> torch.Tensor:
        self.seen[-1] += batch.tolist()
        chosen = torch.from_numpy(batch)
        wanted = chosen.float() / EXAMPLES + torch.rand(1) * 1e-6
        loss = functional.mse_loss(self.network["places"][chosen], wanted)
        return loss + (self.network["rare"] - 1).square().sum() if 0 in batch else loss

    def validate(self) -> float | None:
        self.validated += 1
        return -float((self.network["places"] - torch.arange(EXAMPLES) / EXAMPLES).abs().mean())


def train_and_write(out: Path) -> None:
    """Train, together with others where there are some, then write this process's part into a folder."""
    with joined() as team:
        group = weakref.ref(distributed.group.WORLD) if team.size > 1 else lambda: None
        task = Listing()
        told: list[int] = []
        state = train(
            task,
            GradientConfig(epochs=60, patience=60, averaging=0.5),
            identity={"what": "listing"},
            checkpoint=out / "checkpoint",
            progress=lambda _, done, __: told.append(done),
        )
        data = toy(n_users=120, n_items=160)
        given = np.random.default_rng(0).random(len(data.interactions)) < 0.7
        held_out = data.keeping(~given, split="test").positives
        reconet = RecoNetTask(data.keeping(given, split="train"), RecoNet(**RECONET).config, FitContext(held_out))
        quality = train(reconet, RecoNet(**RECONET).config, identity={})
        eran = ERANTask(data.keeping(given, split="train"), ERAN(**ERAN_SETTINGS).config, FitContext(held_out))
        train(eran, eran.config, identity={})
        try:
            team.agreed(lambda: (_ for _ in ()).throw(ModelError("only the first knows")))
        except ModelError as error:
            failure: object = error.what
        except SystemExit as leaving:
            failure = leaving.code
        said = {
            "rank": team.rank,
            "seen": task.seen,
            "validated": task.validated,
            "told": len(told),
            "losses": state.losses,
            "values": state.values,
            "weights": {name: tensor.tolist() for name, tensor in task.network.state_dict().items()},
            "reconet": {name: tensor.tolist() for name, tensor in reconet.network.state_dict().items()},
            "eran": {name: tensor.tolist() for name, tensor in eran.network.state_dict().items()},
            "quality": quality.best_value,
            "failure": failure,
        }
    said["group ended"] = group() is None
    (out / f"{team.rank}.json").write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    train_and_write(Path(sys.argv[1]))
