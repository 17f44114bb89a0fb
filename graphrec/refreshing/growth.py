"""What data has become since a fit, in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.profiles import profiles_of
from graphrec.recommendation.graph_of_fit import OF_A_FIT

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model

ASKED = 64
"""Users whose scores are looked at, to see whether they come from histories."""


@dataclass(frozen=True)
class Growth:
    """What decides whether a fit is kept.

    Attributes:
        same_data: whether the fit is of this very data.
        from_histories: whether the model scores anybody from what they took and carry, known to the fit or not.
        at_fit: interactions that the fit had; None where it does not say.
        now: interactions of the data.
        unknown: interactions with items that the fit does not know.
        gone: items and entities of the fit that the data lacks.
    """

    same_data: bool
    from_histories: bool
    at_fit: int | None
    now: int
    unknown: int
    gone: int

    @property
    def new(self) -> int:
        """How many interactions the data has more than the fit had, or fewer; 0 where the fit does not say."""
        return 0 if self.at_fit is None else abs(self.now - self.at_fit)

    @property
    def share(self) -> float:
        """New interactions as a share of those that the fit had."""
        return self.new / self.at_fit if self.at_fit else float(self.new > 0)

    @property
    def unknown_share(self) -> float:
        """Interactions with items that the fit does not know as a share of the new ones."""
        return self.unknown / max(self.new, self.unknown, 1)


def growth_since(model: Model, dataset: Dataset) -> Growth:
    """Return what the data has become since a fit.

    Args:
        model: fitted.
        dataset: the data as it is now, in its own numbering.
    """
    record = model.record
    here = record.items.positions(dataset.items.ids)
    gone = sum(int((dataset.nodes[label].positions(record.nodes[label].ids) < 0).sum()) for label in OF_A_FIT)
    same = record.data == dataset.fingerprint
    return Growth(
        same_data=same,
        from_histories=same or scores_from_histories(model, dataset),
        at_fit=record.interactions,
        now=len(dataset.interactions),
        unknown=int(np.count_nonzero(here[dataset.interactions.item] < 0)),
        gone=gone,
    )


def scores_from_histories(model: Model, dataset: Dataset) -> bool:
    """Return whether a model scores people from what they took and carry, so that new data counts without a new fit.

    Models that say so of themselves are believed; of others ``ASKED`` users are scored twice, as people whom the fit
    knows and as newcomers with the same history: where that makes a difference, a score is learned and not computed.
    """
    if model.scores_follow_inputs:
        return True
    aligned, known = model.align(dataset)
    users: npt.NDArray[np.int64] = np.flatnonzero((known >= 0) & (aligned.positives.counts > 0))[:ASKED]
    as_known, as_new = (
        model.score(profiles_of(aligned, rows, users)).numpy() for rows in (known, np.full_like(known, -1))
    )
    return len(users) > 0 and bool(as_known.any()) and np.allclose(as_known, as_new, rtol=1e-4, atol=1e-6)
