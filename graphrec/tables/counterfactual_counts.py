"""How many recommendations of a run have a counterfactual, counted as its batches are written."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow.compute as pc

from graphrec.tables.explanations import FOUND, NONE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo

METRICS = {FOUND: "counterfactuals_found", NONE: "counterfactuals_none"}
"""Names in ``Run.metrics`` by what a recommendation says."""


class CountedBatches:
    """The batches of a run, to be passed through once.

    Args:
        batches: of the run.
    """

    def __init__(self, batches: Iterable[Explanations]) -> None:
        self._batches = batches
        self._counts = dict.fromkeys(METRICS, 0)

    def __iter__(self) -> Iterator[Explanations]:
        """Yield the batches, and count."""
        for batch in self._batches:
            said = pc.value_counts(batch.recommendations["counterfactual"].cast("string")).to_pylist()
            for row in said:
                if row["values"] is not None:
                    self._counts[row["values"]] += row["counts"]
            yield batch

    @property
    def counts(self) -> Mapping[str, int]:
        """How many of the recommendations that have passed say what."""
        return self._counts

    def counted(self, run: RunInfo) -> RunInfo:
        """Return the record of the run with the counts of what has passed; as it is where none was sought."""
        return with_counts(run, self._counts)


def with_counts(run: RunInfo, counts: Mapping[str, int]) -> RunInfo:
    """Return the record of a run with counts; as it is where no counterfactual was sought.

    Args:
        run: the record.
        counts: by what recommendations say, as ``CountedBatches.counts``; of several parts, their sums.
    """
    if not any(counts.get(said) for said in METRICS):
        return run
    found = {name: float(counts.get(said, 0)) for said, name in METRICS.items()}
    return replace(run, metrics={**run.metrics, **found})


def counts_of(run: RunInfo) -> dict[str, int] | None:
    """Return how many recommendations of a written run say what; None where no counterfactual was sought."""
    counts = {said: int(run.metrics.get(name, 0)) for said, name in METRICS.items()}
    return counts if any(counts.values()) else None
