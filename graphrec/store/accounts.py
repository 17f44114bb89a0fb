"""Accounts of what a store did: of a load, a check, a removal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.contract import LoaderReport
    from graphrec.store.remains import Remainder
    from graphrec.store.replacing import Replaced
    from graphrec.tables.records import DatasetInfo


@dataclass(frozen=True)
class LoadSummary:
    """Summary of a load. Loading the same files twice leaves ``fingerprint`` as it was.

    Attributes:
        dataset: the record of the data set.
        rows: rows of the tables by node label and kind of edge.
        changed: whether the store holds anything that it did not hold before.
        added: how many nodes and edges the store did not have, by label and kind; those without any are left out.
        replaced: what a replacement removed; None of a load.
        report: what of each file or frame was kept and skipped; None where tables were loaded.
        remarks: what of the tables was left out, such as edges of items that the base of an overlay does not have.
    """

    dataset: DatasetInfo
    rows: Mapping[str, int]
    changed: bool
    added: Mapping[str, int] = field(default_factory=dict)
    replaced: Replaced | None = None
    report: LoaderReport | None = None
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that ``check`` found wrong: what, where, and the remedy."""

    what: str
    where: str
    remedy: str


@dataclass(frozen=True)
class CheckReport:
    """The result of ``check``; no findings means that the store holds what was written to it."""

    examined: Mapping[str, int]
    findings: tuple[Finding, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether there are no findings."""
        return not self.findings


@dataclass(frozen=True)
class ForgetSummary:
    """What forgetting a person removed, and what may still hold something of them.

    Attributes:
        user: the person's id.
        removed: numbers of rows by kind.
        remains: places that the store cannot clear, with what clears them; those in the store itself first.
    """

    user: str
    removed: Mapping[str, int] = field(default_factory=dict)
    remains: tuple[Remainder, ...] = ()


@dataclass(frozen=True)
class RemovedDataset:
    """What removing a data set removed.

    Attributes:
        dataset: its id.
        overlays: ids of its overlays.
        runs: ids of its runs.
        rows: rows by node label and kind of edge.
    """

    dataset: str
    overlays: tuple[str, ...]
    runs: tuple[str, ...]
    rows: Mapping[str, int]
