"""The users and recommendations on which explanations are measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.models.model import Model
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.dataset.splitting import SplitData
    from graphrec.models.recommender import Recommender


@dataclass(frozen=True, eq=False)
class Pairs:
    """Users with their recommendations, in the numbering of a model.

    Attributes:
        data: of all users, aligned.
        profiles: of B users.
        items: int64 [B, k], recommended, best first.
        taken: B × items.
        held_out: B × items, of the test part.
    """

    data: Dataset
    profiles: Profiles
    items: torch.Tensor
    taken: Incidence
    held_out: Incidence


def explaining(model: Recommender) -> Model:
    """Return the model as one that can say why; raise UsageError if it cannot."""
    if not isinstance(model, Model):
        raise UsageError(f"{model.name} cannot say why it recommends", remedy="Name a row whose model can")
    return model


def drawn_pairs(model: Model, split: SplitData, *, users: int, items: int = 1, seed: int = 0) -> Pairs:
    """Draw users who have test items, at least two inputs, and as many recommendations as wanted.

    Args:
        model: fitted on the split's training part.
        split: the data that a split has cut, in the numbering that the model was fitted in.
        users: how many at most.
        items: recommendations of each.
        seed: of the draw; the same for every model gives the same users where they qualify.

    Raises:
        ModelError: nobody qualifies.
    """
    data, known = model.align(split.seen)
    candidates = np.flatnonzero(split.test.counts)
    shuffled = np.random.default_rng(seed).permutation(candidates)[: 2 * users]
    profiles = profiles_of(data, known, shuffled)
    able = np.flatnonzero(model.count_inputs(profiles) > 1)
    chosen, profiles = shuffled[able], profiles.rows(able)
    taken = data.taken.rows(chosen)
    everything = np.ones(len(data.items), dtype=np.bool_)
    best, _ = top_items(model.score(profiles).numpy(), taken, everything, items)
    full = np.flatnonzero((best >= 0).all(axis=1))[:users]
    if not len(full):
        raise ModelError("nobody has test items, two inputs and a recommendation", remedy="Take a larger sample")
    held_out = split.test.rows(chosen[full])
    return Pairs(data, profiles.rows(full), torch.from_numpy(best[full]), taken.rows(full), held_out)
