"""What methods are asked for lists of features: the cases, and what their lists are compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from graphrec.errors import ModelError
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
from graphrec.evaluation.explanations.feature_truth import (
    held_out_features,
    held_out_features_of_pairs,
    printed_features,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.splitting import SplitData
    from graphrec.models.recommender import Recommender

Form = Literal["printed", "honest"]
Unit = Literal["users", "pairs"]


@dataclass(frozen=True, eq=False)
class FeatureQuestions:
    """Questions on one split, in the numbering of a model where one is asked.

    Attributes:
        whole: all data, with the mentions of held-out reviews.
        seen: what a method may see.
        known: int32 [users], the row of each user in the training data, or −1.
        held_out: users × items, of one part.
        model: whose recommendations speak for users; None where nobody recommends.
    """

    whole: Dataset
    seen: Dataset
    known: npt.NDArray[np.int32]
    held_out: Incidence
    model: Recommender | None

    @classmethod
    def of(
        cls,
        dataset: Dataset,
        split: SplitData,
        model: Recommender | None = None,
        part: Literal["validation", "test"] = "test",
    ) -> FeatureQuestions:
        """Return the questions on one part of a split.

        Args:
            dataset: whole, which the split has cut.
            split: the data by part.
            model: fitted on the split's training part.
            part: whose reviews are asked for.
        """
        held_out: Incidence = getattr(split, part)
        if model is None:
            known = np.arange(len(dataset.users), dtype=np.int32)
            return cls(dataset, split.seen, known, held_out, None)
        seen, known = model.align(split.seen)
        whole, _ = model.align(dataset)
        users, items = np.arange(len(dataset.users)), whole.items.positions(dataset.items.ids)
        held_out = held_out.renumbered(users, items, (len(users), len(whole.items)))
        return cls(whole, seen, known, held_out, model)

    def ask(
        self, form: Form, unit: Unit, *, most: int = 0, recommended: int = 0, seed: int = 0
    ) -> tuple[FeatureCases, Incidence]:
        """Return cases of whom something is known, and what is known of them.

        Args:
            form: ``printed`` compares with the features that the user mentions in what methods may see, ``honest`` with
                those of held-out reviews.
            unit: ``users``, each once; or ``pairs``, each held-out pair of a user and an item.
            most: cases that are drawn at most; 0 for all.
            recommended: items that the model recommends to each user and that speak for the user; 0 for none.
            seed: of the draw.

        Returns:
            B cases, and B × features.

        Raises:
            ModelError: nothing is known of anybody.
        """
        users = np.arange(len(self.whole.users)) if unit == "users" else self.held_out.row_of_entry
        if form == "printed":
            truth = printed_features(self.seen).rows(users)
        elif unit == "users":
            truth = held_out_features(self.whole, self.held_out)
        else:
            truth = held_out_features_of_pairs(self.whole, self.held_out)
        rows = np.flatnonzero(truth.counts)
        if not len(rows):
            source = "their profiles" if form == "printed" else "held-out reviews"
            raise ModelError(
                f"nothing is known of what people mention in {source}",
                remedy="Load data whose reviews have features"
                if form == "printed"
                else "Load features review by "
                "review, or leave the honest form out: profiles over all reviews tell of no single one",
            )
        if most and most < len(rows):
            rows = np.sort(np.random.default_rng(seed).permutation(rows)[:most])
        if unit == "pairs":
            items = self.held_out.indices[rows].astype(np.int64)
            return FeatureCases.of_pairs(self.seen, self.known, users[rows], items), truth.rows(rows)
        cases = FeatureCases.of_users(self.seen, self.known, rows)
        if self.model is not None and recommended:
            cases = cases.with_recommended(self.model, self.seen, recommended)
        return cases, truth.rows(rows)
