"""Names of factors in a store that holds runs of one fit which protect different kinds of attributes.

Factors are nodes of the fit, so that its runs share their names. A run that protects a kind must not be told by names
that another gave, nor give that run's factors names which leave out less.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from graphrec.store.store import Store
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo


def require_same_names(
    store: Store, run: RunInfo, earlier: Sequence[RunInfo], batches: Iterator[Explanations]
) -> Iterable[Explanations]:
    """Return the batches of a run whose factors have the names that a store holds them under.

    Args:
        store: that the run is for.
        run: its record.
        earlier: the complete runs of the store.
        batches: of the run, the factors in the first.

    Raises:
        UsageError: an earlier run of the same fit protects other kinds, and its factors have other names.
    """
    other = next((one for one in earlier if one.fit == run.fit and set(one.protected) != set(run.protected)), None)
    first = next(batches, None) if other is not None else None
    if other is None or first is None:
        return batches
    given = _names(first.factors)
    held = dict(pair for batch in store.read_nodes("Factor", ["id", "name"]) for pair in _names(batch).items())
    if any(held.get(name, called) != called for name, called in given.items()):
        raise UsageError(
            f"this run protects {_kinds(run)}, and run {other.id} of the same fit protects {_kinds(other)}: both would "
            "be told by the same names of clusters and groups, which say what one of them protects",
            where=store.uri,
            remedy=f"Run: graphrec runs delete {other.id}, or train again with another seed, for a fit of its own",
        )
    return chain([first], batches)


def _names(factors: pa.Table | pa.RecordBatch) -> dict[str, str]:
    ids, names = (factors.column(column).cast(pa.string()).to_pylist() for column in ("id", "name"))
    return dict(zip(ids, names, strict=True))


def _kinds(run: RunInfo) -> str:
    return ", ".join(sorted(run.protected)) or "nothing"
