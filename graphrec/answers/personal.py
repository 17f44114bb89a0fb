"""What is personal in a reason: its share here, less its mean share for everybody who was recommended the item.

Both engines compute it over a stored run (``cypher/why/personal``); ``personal_from_tables`` does so over tables.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.answers.answer import Reason
    from graphrec.tables.explanations import Explanations

By = Literal["weight", "personal"]
"""What reasons are sorted by."""

Key = tuple[str, str, str]
"""Label, id and method of a node."""


def is_by_personal(by: str) -> bool:
    """Return whether reasons are sorted by what is personal; raise UsageError where they cannot be sorted so."""
    if by not in get_args(By):
        raise UsageError(f"reasons are not sorted by {by!r}", remedy=f"Sort by {' or '.join(get_args(By))}")
    return by == "personal"


def with_personal(reasons: Sequence[Reason], personal: Mapping[Key, float]) -> tuple[Reason, ...]:
    """Return reasons with what is personal in their nodes; members of sets have nothing of the kind.

    Args:
        reasons: of one recommendation.
        personal: as ``personal_from_tables`` returns it.
    """
    return tuple(
        replace(reason, personal=personal.get((reason.evidence.label, reason.evidence.id, reason.method)))
        if not reason.set
        else reason
        for reason in reasons
    )


def personal_from_tables(tables: Explanations, user: str, item: str) -> dict[Key, float]:
    """Return for each node of a recommendation its share less the mean of it over all recommendations of the item.

    A share is that of the node over all that it came through; it is 0 where the node is no stored reason.

    Args:
        tables: recommendations with their reasons, of as many users as the mean shall be over.
        user: id of the user.
        item: id of the recommended item.
    """
    people = pc.sum(pc.equal(tables.recommendations["item"], item)).as_py() or 0
    rows = tables.reasons.filter(pc.and_(pc.equal(tables.reasons["item"], item), pc.equal(tables.reasons["set"], 0)))
    own = rows.filter(pc.equal(rows["user"], user))
    total = _by_node(rows)
    return {node: share - total[node] / people for node, share in _by_node(own).items()}


def _by_node(rows: pa.Table) -> dict[Key, float]:
    """Return the sum of the shares of each node."""
    names = ["label", "evidence", "method"]
    plain = pa.table({name: rows[name].cast(pa.string()) for name in names} | {"share": rows["share"]})
    summed = plain.group_by(names).aggregate([("share", "sum")])
    columns = [summed[name].to_pylist() for name in (*names, "share_sum")]
    return {(label, node, method): share for label, node, method, share in zip(*columns, strict=True)}
