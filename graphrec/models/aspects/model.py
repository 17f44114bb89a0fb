"""Aspects: recommendations from what people write about, every reason a term of the score."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.errors import UsageError
from graphrec.explaining.evidence import history_slots
from graphrec.explaining.explainable import PREFERRED
from graphrec.explaining.strengths import checked_strengths
from graphrec.models.aspects.config import AspectsConfig
from graphrec.models.aspects.fitted import Fitted
from graphrec.models.aspects.task import AspectsTask
from graphrec.models.ensemble import Ensemble
from graphrec.models.reviews.input_amounts import InputAmounts
from graphrec.models.reviews.slots import beside, feature_slots
from graphrec.models.reviews.values import FeatureValues
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig
    from graphrec.models.recommender import FitContext

EXPLAINED = 10
"""Best items of a user that a vector over all features explains."""


class Aspects(Ensemble):
    """An additive model of review features and histories, learned to find what a user took among all items.

    The score of item i for user u is

        c_i + ⟨x_u, q_i⟩ + Σ_k w_k f_u^k f_i^k,    x_u = s E_u f_u + n^−½ Σ_j v_j,
        q_i = E_i f_i + z_i,    v_j = E_h f_j + y_j,    c_i = a log(1 + takers of i) + b_i,

    with f_u the features that the user mentions, f_i those mentioned of the item (log(1 + t) · idf at unit length,
    ``reviews.values``), and j the n items that the user took. The loss is softmax over the catalogue; in training, the
    item to be found is not among the j, and its review does not speak in f_u (``other_reviews``). A user has no vector
    of their own, so that a newcomer is scored like anybody else, and every part of a score but c_i (``constants``) is
    the part of one feature or of one taken item. Weights are these parts, in the unit of the score: of a feature
    f_u^k (s ⟨E_u^k, q_i⟩ + w_k f_i^k), of a taken item n^−½ ⟨v_j, q_i⟩. They sum to the score less c_i, and hold the
    length of f_u and n as they are: they are the held effects too. Effects are measured with f_u brought to unit length
    again, or with n − 1, in closed form. ``members`` networks of different seeds are kept as one, their vectors side by
    side, whose score is the mean of theirs.

    Source: none; it stands on parts that are known (factorised features as in LightFM and VBPR, histories as in FISM,
    cross-entropy over the catalogue) put together so that the score stays a sum. It is the model of review features
    that graphrec recommends: NAR, CAR and CNR reproduce a paper (docs/review-models.md).
    """

    name: ClassVar[str] = "aspects"
    Config: ClassVar[type[ModelConfig]] = AspectsConfig
    method: ClassVar[str] = "linear"
    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True
    effect_note: ClassVar[str] = "effect is null for a user's only input: nothing remains to score without it"

    @override
    def training_task(self, config: Any, dataset: Dataset, context: FitContext) -> AspectsTask:
        return AspectsTask(dataset, config, context)

    @override
    def arrays_of(self, task: AspectsTask) -> dict[str, npt.NDArray[Any]]:
        return {**task.fitted().arrays(), "idf": task.values.idf}

    @classmethod
    @override
    def joined(cls, parts: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
        """Return the arrays of one network that scores what they score on average (``Fitted.mean``).

        Raises:
            UsageError: they were fitted on different mentions, so that the same feature counts differently in each.
        """
        idf = parts[0]["idf"]
        if any(not np.array_equal(part["idf"], idf) for part in parts):
            raise UsageError(
                "these models have no mean: the users that they were fitted on mention different features",
                remedy="Fit them on the same data",
            )
        return {**Fitted.mean([Fitted.restored(part) for part in parts]).arrays(), "idf": idf}

    # --- scores

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        features = self._values.matrix("user", profiles)
        return self._fitted.scores(features, profiles.items, items)

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        counts: npt.NDArray[np.int64] = profiles.items.counts + profiles.mention_counts[USER_FEATURES].counts
        return counts

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        return beside(history_slots(profiles.items), feature_slots(profiles.mention_counts[USER_FEATURES]))

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with inputs at any strength; arguments as for ``Model``.

        f_u^k is multiplied with the strength of the feature, and f_u brought to unit length again; of taken items, n is
        the sum of the strengths. Where all strengths are 0 the score is 0.
        """
        exact = checked_strengths(strengths)
        scores = self._scores_at(self._amounts(profiles, slots), exact, items, held=False)
        return scores * (exact > 0).any(dim=2, keepdim=True)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with n and the length of f_u as with all inputs on; an item's constant where all are off."""
        return self._scores_at(self._amounts(profiles, slots), checked_strengths(strengths), items, held=True)

    def _scores_at(
        self, amounts: InputAmounts, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
    ) -> torch.Tensor:
        users, settings, width = strengths.shape
        constants = self.constants
        n_items = len(constants) if items is None else items.shape[1]
        scores = []
        for rows in row_blocks(users, self._numbers_of(width, n_items) + settings * (n_items + 3 * width)):
            some, given = amounts.rows(rows), strengths[rows]
            changed = given * some.values[:, None, :] if held else some.at(given)
            named = None if items is None else items[rows]
            constant = constants if named is None else constants[named][:, None, :]
            scores.append(changed @ self._parts(some, named) + constant)
        return torch.cat(scores) if scores else torch.zeros(0, settings, n_items)

    @property
    @override
    def constants(self) -> torch.Tensor:
        return self._fitted.bias

    # --- reasons

    @override
    def evidence(self, profiles: Profiles, items: torch.Tensor, attribution: str = PREFERRED) -> Evidence:
        self.unit_of(attribution)
        slots = self.inputs(profiles)
        amounts, width = self._amounts(profiles, slots), slots.labels.shape[1]
        weights = torch.empty(len(profiles), items.shape[1], width)
        for rows in row_blocks(len(profiles), self._numbers_of(width, items.shape[1])):
            some = amounts.rows(rows)
            weights[rows] = (self._parts(some, items[rows]) * some.values[..., None]).transpose(1, 2)
        return slots.weighed(weights)

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        """Measure as ``Model`` says, in closed form (``InputAmounts.effects``)."""
        effects = self._amounts(profiles, evidence).effects(evidence.weights).gather(2, chosen.slots)
        alone = torch.from_numpy(self.count_inputs(profiles) < 2)[:, None, None]
        return effects.masked_fill(alone, float("nan"))

    @override
    def held_effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return chosen.weights

    @property
    @override
    def additive_measures(self) -> tuple[str, ...]:
        return ("held_effect",)

    # --- numbers of features

    @property
    def linear_in_features(self) -> bool:
        """Whether every score is linear in f_u: always."""
        return True

    @property
    def feature_range(self) -> tuple[float, float]:
        """The number of a feature that is not mentioned, and the largest that a feature can have."""
        return self._values.unmentioned("user"), self._values.largest

    def feature_values(self, profiles: Profiles) -> torch.Tensor:
        """Return f_u of B users, float32 [B, F]."""
        return self._values.dense("user", profiles)

    def score_amounts(
        self, profiles: Profiles, amounts: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score B users with M times other numbers of their features; arguments as for ``FeatureModel``.

        The numbers are taken as they are, and not brought to unit length.
        """
        return self._fitted.scores_of_amounts(amounts, profiles.items, items)

    def explanation_vectors(self, profiles: Profiles) -> torch.Tensor:
        """Return φ_u of B users over all features, those that they do not mention too; float32 [B, F].

        What a unit of each feature adds to the mean score of the ``EXPLAINED`` best items that the user has not taken:
        ∂s/∂f_u^k, which the score's linearity makes the same for what is mentioned and what is not. Zeros for users
        without any input, who are recommended nothing.
        """
        vectors = torch.zeros(len(profiles), len(self._values.idf))
        for rows in row_blocks(len(profiles), 2 * (profiles.items.n_columns + vectors.shape[1])):
            best = self._best_items(profiles.rows(np.arange(rows.start, rows.stop)))
            vectors[rows] = self._fitted.slopes(best)
        return vectors

    def _best_items(self, profiles: Profiles) -> Incidence:
        """Return the ``EXPLAINED`` best items that each user has not taken, B × items; none without any input."""
        every = np.ones(profiles.items.n_columns, dtype=np.bool_)
        items, _ = top_items(self.score(profiles).numpy(), profiles.items, every, EXPLAINED)
        row, place = np.nonzero((items >= 0) & (self.count_inputs(profiles) > 0)[:, None])
        return Incidence.from_pairs(row, items[row, place], (len(profiles), len(every)))

    # --- what was learned

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {**self._fitted.arrays(), "idf": self._values.idf}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self._fitted = Fitted.restored(arrays)
        self._values = FeatureValues(self.config, np.asarray(arrays["idf"], dtype=np.float32))

    def _amounts(self, profiles: Profiles, slots: Slots) -> InputAmounts:
        return InputAmounts.of(slots, self._values.matrix("user", profiles), unit_length=self._values.normalises)

    def _parts(self, amounts: InputAmounts, items: torch.Tensor | None) -> torch.Tensor:
        return self._fitted.parts(amounts.nodes, amounts.is_feature, items)

    def _numbers_of(self, width: int, n_items: int) -> int:
        """Return how many numbers the parts of one user's inputs for some items take."""
        size: int = self._fitted.items.shape[1]
        return width * (3 * size + 4 * n_items)
