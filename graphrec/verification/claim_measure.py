"""The measure of a batch of claims: by itself, so that any worker can take any batch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphrec import queries
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.verification.claims import without_fallback
from graphrec.verification.listing import quality_at, stored_and_random
from graphrec.verification.sampled_evidence import EvidenceData

if TYPE_CHECKING:
    from graphrec.dataset.splitting import Split
    from graphrec.models.model import Model
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo
    from graphrec.verification.claims import Claims
    from graphrec.verification.listing import Qualities
    from graphrec.verification.remeasured import Remeasured

LENGTHS = (1, 5, 10)
"""Lengths of lists at which paths are judged, beside the longest list of the run."""


class MeasuredClaims(NamedTuple):
    """What was measured of a batch of claims.

    Attributes:
        qualities: of the paths.
        users: whose lists they are, how many.
        remeasured: with the model; None without one, or where no recommendation of the batch is measured.
    """

    qualities: Qualities
    users: int
    remeasured: Remeasured | None


@dataclass(frozen=True, eq=False)
class ClaimMeasure:
    """Measures claims of a run; called with a batch of them.

    Attributes:
        info: the run's record.
        model: the fit that it came from, or None.
        data: that the run saw.
        around: what evidence is sampled from.
        sample: how many recommendations are measured of the run; 0 for all.
        seed: of random reasons.
        grounds: that the run's reasons have.
        longest: length of the run's longest list.
    """

    info: RunInfo
    model: Model | None
    data: Dataset
    around: EvidenceData
    sample: int
    seed: int
    grounds: tuple[str, ...]
    longest: int

    @classmethod
    def of(
        cls, store: Store, info: RunInfo, model: Model | None, split: Split | None, sample: int, seed: int
    ) -> ClaimMeasure:
        """Read what measuring needs beside the claims; arguments as for ``verify``, ``info`` the run's record."""
        whole = Dataset.from_store(
            store, info.positive_if, negative_if=info.negative_if, dataset=store.dataset_of_run(info)
        )
        data = whole if split is None else split.apply(whole, visible=VisibleReviews.of_run(info.params)).seen
        rows = store.query(queries.load("lookup/lists", store.engine).text, {"run": info.id})
        grounds = tuple(str(ground) for ground in rows["ground"]) if len(rows) else ()
        longest = int(rows["longest"][0]) if len(rows) else 1
        around = EvidenceData.read(store, data, info.protected)
        return cls(info, model, data, around, sample, seed, grounds, longest)

    def __call__(self, claims: Claims) -> MeasuredClaims:
        """Measure a batch of claims."""
        claims = without_fallback(claims)
        pair = stored_and_random(self.around, claims, self.grounds, seed=self.seed)
        qualities = quality_at(pair, self.lengths, self.around.types_of(self.grounds))
        remeasured = None
        if self.model is not None and claims.measured.any():
            from graphrec.verification.remeasured import measure_claims

            width = self.longest if not self.sample else _most_of_one_user(claims)
            attributes = self.info.params.get("explainer", {}).get("attributes", "stay")
            remeasured = measure_claims(self.model, self.data, claims, width, attributes=attributes, seed=self.seed)
        return MeasuredClaims(qualities, len(pair[0].link), remeasured)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Lengths of lists, k of the qualities of paths."""
        return tuple(sorted({*(k for k in LENGTHS if k < self.longest), self.longest}))


def _most_of_one_user(claims: Claims) -> int:
    users = claims.recommendations["user"].combine_chunks().dictionary_encode().indices.to_numpy()
    return int(np.bincount(users[claims.measured]).max(initial=1))
