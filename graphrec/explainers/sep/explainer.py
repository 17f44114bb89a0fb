"""Sorted explanation paths (SEP)."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field
from typing_extensions import override

from graphrec.errors import UsageError
from graphrec.explainers.removal import SINGLE_INPUT
from graphrec.explainers.sep.links import build_links
from graphrec.explainers.sep.path_nodes import evidence_of, path_nodes
from graphrec.explainers.sep.paths import Paths, best_of_each, paths_between
from graphrec.explainers.sep.representation import item_vectors
from graphrec.explainers.sep.sorting import select_diverse
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.model_explainer import summed_by_input

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt
    import torch
    from typing_extensions import Self

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explainers.sep.links import Links
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.explainable import Explainable


class SepConfig(ExplainerConfig):
    """Settings of sorted explanation paths.

    Attributes:
        paths: how many are kept for a recommendation.
        candidates: the most credible and readable paths of a recommendation, among which diversity chooses.
        credibility: weight of credibility beside readability, in [0, 1].
        diversity: what a path loses that repeats one before it in all parts, in [0, 1].
        stranger: readability of a path through another person, beside one through something with a name.
        people: how many of those who took an item are followed from it, those most alike first.
        users: how many users' scores the vectors are learned from.
        dimensions: of the vectors, at most.
    """

    paths: int = Field(10, ge=1, description="paths kept for a recommendation")
    candidates: int = Field(100, ge=1, description="paths of a recommendation among which diversity chooses")
    credibility: float = Field(0.5, ge=0, le=1, description="weight of credibility beside readability")
    diversity: float = Field(0.5, ge=0, le=1, description="what a path loses that repeats one before it")
    stranger: float = Field(0.5, ge=0, le=1, description="readability of a path through another person")
    people: int = Field(50, ge=0, description="people followed from each taken item, those most alike first")
    users: int = Field(1000, ge=1, description="users whose scores the vectors are learned from")
    dimensions: int = Field(64, ge=1, description="dimensions of the vectors, at most")


class Sep(Explainer):
    """Paths user → taken item → entity, attribute, item or other user → recommended item, sorted.

    Source: Yang, Liu, Wang, Hu, "Towards Interpretation of Recommender Systems with Sorted Explanation Paths", ICDM
    2018: a network of all nodes with representations from the recommender, paths in it between user and item, and
    three heuristics that sort them, credibility, readability and diversity. The weight of a node is what the best
    sorted path through it is worth; nodes on no such path weigh 0.

    What is chosen here: representations come from the model's scores (``representation``), since not every model has
    vectors of its own, so that the same code explains all; all paths have one node, or one fact, between the two items;
    the formulas of credibility and readability (``paths``) and of diversity (``sorting``).
    """

    name: ClassVar[str] = "sep"
    Config: ClassVar[type[ExplainerConfig]] = SepConfig

    @override
    def prepare(self, model: Explainable, dataset: Dataset) -> Self:
        aligned, rows = model.align(dataset)
        config = self.config
        sizes = {"users": config.users, "dimensions": config.dimensions}
        vectors = item_vectors(model, aligned, rows, seed=config.seed, **sizes)
        self._links: Links = build_links(aligned, vectors, config.people)
        return self

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots = model.inputs(profiles)
        return summed_by_input(self.evidence(model, profiles, items), slots)

    @override
    def evidence(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        """Return the nodes on the sorted paths, inputs or not, each with its via.

        An entity or attribute has the path's taken item as its anchor.
        """
        del model
        if not hasattr(self, "_links"):
            raise UsageError("the graph that paths run through has not been gathered", remedy="Call prepare first")
        users, width = items.shape
        paths, worth = self.sorted_paths(profiles, np.repeat(np.arange(users), width), items.numpy().reshape(-1))
        return evidence_of(path_nodes(self._links, paths, worth), self._links.vias, users, width)

    def sorted_paths(
        self, profiles: Profiles, user: npt.NDArray[np.int64], item: npt.NDArray[np.int64]
    ) -> tuple[Paths, npt.NDArray[np.float64]]:
        """Return the sorted paths of P pairs, by pair and then best first, and their values in [0, 1].

        Args:
            profiles: of B users.
            user: int64 [P], rows of the profiles.
            item: int64 [P].
        """
        config, selected, worth = self.config, [], []
        for block in paths_between(self._links, profiles, user, item, config.stranger):
            value = config.credibility * block.credibility + (1 - config.credibility) * block.readability
            best = best_of_each(block, value, config.candidates)
            if not len(best):
                continue
            chosen, price = _select(_paths_at(block, best), value[best], config.paths, config.diversity)
            selected.append(_paths_at(block, best[chosen]))
            worth.append(price)
        return _joined(selected), np.concatenate([np.empty(0), *worth])

    @override
    def claim(self, model: Explainable) -> Claim:
        del model
        note = (
            "Weights say what the best path through the evidence is worth: how credible it is by what the model scores "
            "alike, how readable, and how different from those before it; effect is null for what is no input; "
            f"{SINGLE_INPUT}"
        )
        return Claim("path", note)


def _select(
    paths: Paths, value: npt.NDArray[np.float64], count: int, diversity: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the places of the chosen paths, by pair and then best first, and their values."""
    pair, at, length = np.unique(paths.pair, return_index=True, return_counts=True)
    column = np.arange(len(paths)) - np.repeat(at, length)
    row = np.repeat(np.arange(len(pair)), length)
    table = np.full((len(pair), int(length.max())), -np.inf)
    parts = np.full((*table.shape, 3), -1)
    table[row, column] = value
    parts[row, column] = np.stack([paths.taken, paths.node, paths.via], axis=1)
    places, worth = select_diverse(table, parts, count, diversity)
    filled = places >= 0
    return (places + at[:, None])[filled], worth[filled]


def _paths_at(paths: Paths, rows: npt.NDArray[np.int64]) -> Paths:
    return Paths(*(getattr(paths, column.name)[rows] for column in fields(Paths)))


def _joined(parts: Sequence[Paths]) -> Paths:
    nothing = np.empty(0, dtype=np.int64)
    none = Paths(nothing, nothing, nothing, nothing.astype(np.int32), *(np.empty(0),) * 3)
    return Paths(*(np.concatenate([getattr(p, column.name) for p in (none, *parts)]) for column in fields(Paths)))
