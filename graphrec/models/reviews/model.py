"""The base of models whose inputs are the features that a user mentions, and a vector of the user's own."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import torch
from typing_extensions import override

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.arrays.padding import padded
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.explaining.evidence import Slots
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.strengths import checked_strengths, input_nodes
from graphrec.models.model import Model
from graphrec.models.reviews.values import FeatureValues
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.selection import ChosenReasons
    from graphrec.models.config import ModelConfig

_FEATURE, _USER = EVIDENCE_LABELS.index("Feature"), EVIDENCE_LABELS.index("User")


class ReviewModel(Model):
    """A model of users' and items' review features.

    A user is the features that they mention, f_u, and where the fit knows them a vector of their own, e_u. Both are
    inputs. The vector has a slot of the label ``User``, behind the features: it can be switched off and is never shown
    as a reason, so that what it adds is in the ``rest``. A newcomer has features alone. Items' profiles are those of
    the fit.

    ``score_features`` scores any numbers in place of f_u: explainers that change how much a user cares for a feature
    use it.
    """

    differentiable: ClassVar[bool] = True
    normalises: ClassVar[bool] = True

    def __init__(self, config: ModelConfig | None = None, **settings: Any) -> None:
        super().__init__(config, **settings)
        # of the instance, since it follows from a setting: profiles of unit length, or not
        self.normalises = self.config.profile == "tfidf"  # type: ignore[misc]

    # --- what a model of review features implements

    values: FeatureValues
    """How mentions become numbers; set by ``restore``."""

    @abstractmethod
    def score_features(
        self,
        known: torch.Tensor,
        features: torch.Tensor,
        items: torch.Tensor | None = None,
        own: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Score R users by the numbers of their features; differentiable with respect to both.

        Args:
            known: int64 [R], row in the training data; −1 for a newcomer, whose e_u is 0.
            features: float32 [R, F], f_u of all features.
            items: int64 [R, k]; None for the whole catalogue.
            own: float32 [R], what e_u is multiplied with; None for 1.

        Returns:
            float32 [R, items], or [R, k].
        """

    @abstractmethod
    def explanation_vectors(self, profiles: Profiles) -> torch.Tensor:
        """Return φ_u of B users over all features, those that they do not mention too; float32 [B, features].

        What the model's explanation of a whole user is, as the paper evaluates it (10): a larger number says that a
        feature matters more. Computed in blocks.
        """

    # --- what a model may leave as it is

    def has_vector(self, known: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
        """Return bool [B], whether the fit has a vector of its own for each user; all users of the fit by default.

        Args:
            known: int32 [B], row in the training data, −1 for a newcomer.
        """
        return known >= 0

    @property
    def linear_in_features(self) -> bool:
        """Whether every score is linear in f_u; false unless a model, or its setting of the head, says otherwise."""
        return False

    # --- what follows from it

    @property
    def feature_range(self) -> tuple[float, float]:
        """The number of a feature that the user does not mention, and the largest that a feature can have."""
        return self.values.unmentioned("user"), self.values.largest

    def known_rows(self, profiles: Profiles) -> torch.Tensor:
        """Return the row of each of B users in the training data, int64 [B]; −1 for a user without an own vector."""
        rows = np.where(self.has_vector(profiles.known), profiles.known, -1)
        return torch.from_numpy(rows.astype(np.int64))

    def feature_values(self, profiles: Profiles) -> torch.Tensor:
        """Return f_u of B users, float32 [B, F]."""
        return self.values.dense("user", profiles)

    def score_amounts(
        self, profiles: Profiles, amounts: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score B users by M settings of their features each, float32 [B, M, items] or [B, M, k]; differentiable.

        Args:
            profiles: of B users.
            amounts: float32 [B, M, F], in place of f_u, and not brought to any length.
            items: int64 [B, k]; None for the whole catalogue.
        """
        users, settings, _ = amounts.shape
        known = self.known_rows(profiles).repeat_interleave(settings)
        named = None if items is None else items.repeat_interleave(settings, dim=0)
        return self.score_features(known, amounts.flatten(0, 1), named).view(users, settings, -1)

    @override
    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        known = self.known_rows(profiles)
        scores = torch.zeros(len(profiles), profiles.items.n_columns if items is None else items.shape[1])
        with torch.no_grad():
            for rows in row_blocks(len(profiles), 4 * (profiles.mention_counts[USER_FEATURES].n_columns + 1)):
                part = profiles.rows(np.arange(rows.start, rows.stop))
                named = None if items is None else items[rows]
                scores[rows] = self.score_features(known[rows], self.feature_values(part), named)
        return scores * torch.from_numpy(self.count_inputs(profiles) > 0)[:, None]

    @override
    def count_inputs(self, profiles: Profiles) -> npt.NDArray[np.int64]:
        mentioned = profiles.mention_counts[USER_FEATURES].counts
        counts: npt.NDArray[np.int64] = mentioned + self.has_vector(profiles.known)
        return counts

    @override
    def inputs(self, profiles: Profiles) -> Slots:
        mentioned = profiles.mention_counts[USER_FEATURES]
        is_known = self.has_vector(profiles.known)
        counts = mentioned.counts + is_known
        ends = mentioned.indptr[1:][is_known]
        nodes = padded(np.insert(mentioned.indices, ends, profiles.known[is_known]), counts)
        labels = np.where(nodes < 0, -1, _FEATURE).astype(np.int8)
        labels[is_known, mentioned.counts[is_known]] = _USER
        grounds = np.where(labels == _USER, GROUNDS.index("profile"), GROUNDS.index("mentioned"))
        return Slots(labels, nodes, grounds.astype(np.int8), np.zeros(nodes.shape, np.int32), pa.array(["self"]))

    @override
    def score_with(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score with features at any strength; arguments as for ``Model``.

        A feature at strength s counts s times what it has beyond a feature that is not mentioned, and e_u is multiplied
        with its strength. Where profiles have unit length, they are brought to it again.
        """
        return self._with_strengths(profiles, slots, strengths, items, held=False)

    @override
    def score_held(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None = None
    ) -> torch.Tensor:
        """Score as ``score_with`` does, but with the length of the profile as it is with all features on."""
        return self._with_strengths(profiles, slots, strengths, items, held=True)

    def _with_strengths(
        self, profiles: Profiles, slots: Slots, strengths: torch.Tensor, items: torch.Tensor | None, *, held: bool
    ) -> torch.Tensor:
        exact = checked_strengths(strengths)
        users, settings, _ = exact.shape
        is_feature = torch.from_numpy(slots.labels == _FEATURE)
        rest = self.values.unmentioned("user")
        whole = self.feature_values(profiles)
        node = input_nodes(slots) * is_feature
        beyond = (whole.gather(1, node) - rest) * is_feature
        changed = exact * beyond[:, None, :]
        if self.values.normalises and not held:
            changed = changed / changed.norm(dim=2, keepdim=True).clamp(min=1e-12)
        empty = changed.new_full((users, settings, whole.shape[1]), rest)
        features = empty.scatter_add(2, node[:, None, :].expand_as(changed), changed)
        own = (exact * torch.from_numpy(slots.labels == _USER)[:, None, :]).sum(dim=2)
        known = self.known_rows(profiles).repeat_interleave(settings)
        named = None if items is None else items.repeat_interleave(settings, dim=0)
        scores = self.score_features(known, features.view(users * settings, -1), named, own.view(-1))
        return scores.view(users, settings, -1) * (exact > 0).any(dim=2, keepdim=True)

    @override
    def effects(
        self, profiles: Profiles, items: torch.Tensor, scores: torch.Tensor, evidence: Evidence, chosen: ChosenReasons
    ) -> torch.Tensor:
        return measured_effects(self, profiles, items, scores, evidence, chosen)

    @override
    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        return {"idf": self.values.idf}

    @override
    def restore(self, arrays: Mapping[str, npt.NDArray[Any]]) -> None:
        self.values = FeatureValues(self.config, np.asarray(arrays["idf"], dtype=np.float32))
