"""Groups tried on users with their best items."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.explainers.groups.explainer import Groups
from graphrec.explaining.explanation import RecommendedBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.explanation import Explanation
    from graphrec.models.model import Model


@dataclass(frozen=True)
class Told:
    """A set as it is stored of one recommendation: one row for each member."""

    number: int
    group: str
    name: str
    rank: int
    members: tuple[str, ...]
    weights: tuple[float, ...]
    joint_effect: float


def batch_of(model: Model, profiles: Profiles, items: torch.Tensor, *, shown: np.ndarray) -> RecommendedBatch:
    """Return named items as if they had been recommended."""
    n_items = profiles.items.n_columns
    return RecommendedBatch(
        profiles, items, model.score(profiles, items), profiles.items, np.ones(n_items, dtype=np.bool_), shown
    )


def explained(
    model: Model,
    dataset: Dataset,
    items: Sequence[Sequence[int]],
    *,
    users: Sequence[str] | None = None,
    reasons: int = 10,
    against: int = 0,
    hidden: str = "",
    **settings: Any,
) -> Explanation:
    """Explain named items of some users, with the attributes of one kind hidden."""
    aligned, known = model.align(dataset)
    rows = np.arange(len(dataset.users)) if users is None else dataset.users.require(users)
    kinds = np.asarray(dataset.attributes.columns["kind"].to_pylist())
    batch = batch_of(model, profiles_of(aligned, known, rows), torch.tensor(items), shown=kinds != hidden)
    return Groups(**settings).prepare(model, dataset).explain(model, batch, reasons=reasons, against=against)


def told(explanation: Explanation, dataset: Dataset, user: int = 0, place: int = 0) -> list[Told]:
    """Return the sets of one recommendation in the order in which their rows stand."""
    sets, chosen, evidence = explanation.sets, explanation.chosen, explanation.evidence
    assert sets is not None
    assert sets.groups is not None
    rows: dict[int, list[int]] = {}
    for reason in torch.nonzero(chosen.valid[user, place])[:, 0].tolist():
        rows.setdefault(int(sets.numbers[user, place, chosen.slots[user, place, reason]]), []).append(reason)
    found = []
    for number, reasons in rows.items():
        slots = chosen.slots[user, place, reasons].tolist()
        (group,) = set(sets.groups[user, slots].tolist())
        (rank,) = set(chosen.ranks[user, place, reasons].tolist())
        (joint,) = set(sets.joint_effect[user, place, slots].tolist())
        assert set(sets.deltas[user, place, slots].tolist()) == {-1.0}
        found.append(
            Told(
                number,
                sets.group_ids[group].as_py(),
                sets.group_names[group].as_py(),
                rank,
                tuple(dataset.items.ids[int(node)].as_py() for node in evidence.nodes[user, slots]),
                tuple(chosen.weights[user, place, reasons].tolist()),
                joint,
            )
        )
    return found


def profile_without(model: Model, dataset: Dataset, user: str, members: Sequence[str]) -> Profiles:
    """Return the profile of a user in a data set where that user never took the members."""
    seen = dataset.interactions
    row, gone = int(dataset.users.require([user])[0]), dataset.items.require(list(members))
    left = dataset.keeping((seen.user != row) | ~np.isin(seen.item, gone), split="without")
    aligned, known = model.align(left)
    return profiles_of(aligned, known, np.array([row]))


def switched_off(model: Model, profiles: Profiles, members: Sequence[int], items: torch.Tensor) -> torch.Tensor:
    """Return the scores [k] of one user with these items switched off and all else on, by a loop over the inputs."""
    slots = model.inputs(profiles)
    on = slots.filled[:, None, :].clone()
    for slot in range(on.shape[2]):
        if slots.labels[0, slot] == 0 and slots.nodes[0, slot] in members:
            on[0, 0, slot] = False
    assert int((slots.filled[:, None, :] & ~on).sum()) == len(members)
    return model.score_with(profiles, slots, on, items)[0, 0]
