"""Popularity: a control that depends on the data and not on the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.explaining.explainer import Claim, Explainer
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable


class Popularity(Explainer):
    """The weight of an input is the number of users who have it.

    An item is had by those who took it positively; an attribute by those who carry it or took an item that does; an
    entity or feature likewise. Other evidence is not counted, and weighs 0. The counts come from the
    data set of ``prepare``: a profile does not know them.
    """

    name: ClassVar[str] = "popularity"
    storable: ClassVar[bool] = False

    @override
    def prepare(self, model: Explainable, dataset: Dataset) -> Self:
        seen = model.align(dataset)[0]
        had: dict[str, list[Incidence]] = {"Item": [seen.positives]}
        for kind, links in seen.all_links.items():
            of_users = links if kind.source == "User" else seen.positives.reach(links)
            had.setdefault(kind.target, []).append(of_users)
        self._counts = {label: _users(parts) for label, parts in had.items()}
        return self

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        if not hasattr(self, "_counts"):
            raise UsageError(
                "the popularity of inputs has not been counted", remedy="Call prepare(model, dataset) first"
            )
        slots = model.inputs(profiles)
        weights = np.zeros(slots.labels.shape, dtype=np.float32)
        for label, counts in self._counts.items():
            of_label = slots.labels == EVIDENCE_LABELS.index(label)
            weights[of_label] = counts[slots.nodes[of_label]]
        return slots.weighed(torch.from_numpy(weights)[:, None, :].repeat(1, items.shape[1], 1))

    @override
    def claim(self, model: Explainable) -> Claim:
        raise UsageError(
            f"how popular an input is says nothing about {model.name}, so no run of such reasons is written: whoever "
            "asks why would be shown them as reasons",
            remedy="They are there to compare with, in memory: Explainer.weigh",
        )


def _users(parts: Sequence[Incidence]) -> npt.NDArray[np.int64]:
    """Return how many rows have each column in any of the matrices, which are of one shape."""
    joined = Incidence.from_pairs(
        np.concatenate([part.row_of_entry for part in parts]),
        np.concatenate([part.indices for part in parts]),
        (parts[0].n_rows, parts[0].n_columns),
    )
    return np.bincount(joined.indices, minlength=joined.n_columns)
