"""The factors of a fit and their members: written once for a run, independent of its users."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.tables.explanations import MEMBERSHIPS, REASONS, RECOMMENDATIONS, Explanations

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.explaining.factors import Factors
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
    return tables_of(model.factors(aligned), aligned)


def without_names(dataset: Dataset, protect: Sequence[str]) -> Dataset:
    """Return the data with empty names for attributes of protected kinds, so that no factor is named after one.

    Args:
        dataset: in any numbering.
        protect: kinds of attributes that must not be shown.
    """
    attributes = dataset.attributes
    hidden = pc.is_in(attributes.columns["kind"], value_set=pa.array(protect, pa.string()))
    if not pc.any(hidden).as_py():
        return dataset
    names = pc.if_else(hidden, "", attributes.columns["name"])
    return dataset.changed(nodes={"Attribute": replace(attributes, columns={**attributes.columns, "name": names})})


def tables_of(factors: Factors, aligned: Dataset) -> Explanations:
    """Return the tables of factors, as ``factor_tables`` does.

    Args:
        factors: of a fit.
        aligned: the data in the model's numbering.
    """
    nodes = {**aligned.nodes, "Factor": factors.ids}
    members = [factors.memberships(label, nodes[label], weights) for label, weights in factors.members.items()]
    return Explanations(
        RECOMMENDATIONS.empty_table(),
        REASONS.empty_table(),
        factors.table(),
        pa.concat_tables(members) if members else MEMBERSHIPS.empty_table(),
    )
