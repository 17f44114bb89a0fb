"""A method of a recipe, with the fit that it asks and the users that it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.evaluation.explanations.feature_agreement import lists_of
from graphrec.evaluation.explanations.feature_methods.cases import FeatureCases
from graphrec.evaluation.explanations.feature_methods.method import scored_blocks
from graphrec.evaluation.explanations.feature_methods.registry import make_method
from graphrec.evaluation.explanations.feature_questions import FeatureQuestions
from graphrec.reproduce.drawn_pairs import explaining

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.evaluation.explanations.feature_methods.method import FeatureMethod
    from graphrec.models.model import Model
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.job_context import JobContext


@dataclass(frozen=True, eq=False)
class AskedFeatures:
    """One method at work.

    Attributes:
        method: that scores features.
        model: that it asks; None where it asks none.
        cases: the users, with what the model recommends to them where the method looks at items.
        words: names of the features, an array of text.
    """

    method: FeatureMethod
    model: Model | None
    cases: FeatureCases
    words: npt.NDArray[Any]

    @classmethod
    def of(cls, context: JobContext, job: Job, plan: Mapping[str, Any], users: npt.NDArray[np.int64]) -> AskedFeatures:
        """Return the method for these users.

        Args:
            context: with the data and the fits.
            job: whose inputs name the ``split`` and how many ``items`` are recommended to a user.
            plan: ``settings`` with ``method``, and ``fit``, which of the job's needs is asked, or None.
            users: int64 [B], positions in the data.
        """
        model = None if plan["fit"] is None else explaining(context.model(job.needs[plan["fit"]]))
        asked = FeatureQuestions.of(context.dataset, context.split(job.inputs["split"]), model)
        method = make_method(plan["settings"])
        cases = FeatureCases.of_users(asked.seen, asked.known, users)
        if model is not None and method.asks_items:
            cases = cases.with_recommended(model, asked.seen, job.inputs["items"])
        return cls(method, model, cases, words_of(asked.whole))

    def lists(self, k: int, seed: int) -> list[list[str]]:
        """Return the first k words for each user, ties in the order that the seed draws."""
        found = lists_of(self.method, self.cases, self.model, k=k, seed=seed)
        return [self.words[row[row >= 0]].tolist() for row in found]

    def vectors(self) -> npt.NDArray[np.float32]:
        """Return the scores of all features, float32 [B, F], 0 where nothing is claimed."""
        vectors = np.empty((len(self.cases), self.cases.n_features), dtype=np.float32)
        for block, scores in scored_blocks(self.method, self.cases, self.model):
            vectors[block] = np.where(np.isfinite(scores), scores, 0.0)
        return vectors


def words_of(dataset: Dataset) -> npt.NDArray[Any]:
    """Return the names of a data set's features as an array of text."""
    return np.array(dataset.nodes["Feature"].columns["name"].to_pylist(), dtype=object)
