"""The factors of a fit and their members: written once for a run, independent of its users."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.tables.explanations import MEMBERSHIPS, REASONS, RECOMMENDATIONS, Explanations

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model


def factor_tables(model: Model, dataset: Dataset) -> Explanations:
    """Return the factors of a fit with the memberships of all but users, and no recommendation.

    A run begins with it, since memberships and reasons name factors. Memberships of users come with what is recommended
    to them (``graphrec.recommendation.batches.recommend``), so that ranges of users are independent of each other.

    Args:
        model: fitted; one without factors gives empty tables.
        dataset: gives the factors their names; in its own numbering.
    """
    aligned, _ = model.align(dataset)
    factors = model.factors(aligned)
    nodes = {**aligned.nodes, "Factor": factors.ids}
    members = [factors.memberships(label, nodes[label], weights) for label, weights in factors.members.items()]
    return Explanations(
        RECOMMENDATIONS.empty_table(),
        REASONS.empty_table(),
        factors.table(),
        pa.concat_tables(members) if members else MEMBERSHIPS.empty_table(),
    )
