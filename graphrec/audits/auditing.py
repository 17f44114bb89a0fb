"""Audits of a stored run against its data: whether every reason is real and every number adds up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphrec import queries
from graphrec.audits.held import HeldKinds
from graphrec.audits.reach import Reach, reach
from graphrec.dataset.comparison import Comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo

REMARKS = ("audit/effect", "audit/stale", "audit/unexplained")
"""Audits whose findings can be honest: they are reported, but make no run untrue."""

ROW_LIMIT = 1000
"""The LIMIT of every audit query: a finding with this many rows may have more."""

_TAKEN = "audit/taken"
_EXAMPLES = 5


@dataclass(frozen=True)
class AuditFinding:
    """The rows that one audit query returned for a run.

    Attributes:
        audit: name of the query, such as ``audit/history``.
        title: what it looks for.
        untrue: whether the run says something false; otherwise it is a remark.
        count: rows found; ``ROW_LIMIT`` means at least so many.
        examples: the first few rows.
    """

    audit: str
    title: str
    untrue: bool
    count: int
    examples: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class AuditReport:
    """The findings of all audits of a run.

    Attributes:
        run: id of the run.
        audits: names of the audits; those that a run has no use for need no query: on kinds of reasons that it does
            not hold, on protected attributes where none is protected, on what was taken where the run may recommend
            that.
        findings: of those that found something.
        reach: how many reasons lie near the item that they recommend; None if that was not requested.
    """

    run: str
    audits: tuple[str, ...]
    findings: tuple[AuditFinding, ...]
    reach: Reach | None = None

    @property
    def untrue(self) -> tuple[AuditFinding, ...]:
        """Findings that make the run untrue."""
        return tuple(finding for finding in self.findings if finding.untrue)

    @property
    def remarks(self) -> tuple[AuditFinding, ...]:
        """Findings that can be honest: staleness, claims that measurement does not bear out, missing reasons."""
        return tuple(finding for finding in self.findings if not finding.untrue)

    @property
    def sound(self) -> bool:
        """Whether nothing untrue was found."""
        return not self.untrue


def audit(store: Store, run: str | RunInfo = "", *, with_reach: bool = True) -> AuditReport:
    """Run every query of ``cypher/audit`` against one run.

    Args:
        store: where the run is stored.
        run: id of a complete run, or empty for the current one; or the record of a run, complete or not.
        with_reach: also compute ``reach``, which reads all data edges.

    Raises:
        UnknownIdError: there is no such run.
    """
    return store.consistent(lambda: _audit(store, run, with_reach=with_reach))


def _audit(store: Store, run: str | RunInfo, *, with_reach: bool) -> AuditReport:
    info = store.run(run) if isinstance(run, str) else run
    names = queries.names("audit")
    held = HeldKinds.of(store, info.id)
    results = [_ask(store, name, info) for name in names if held.may_concern(name)]
    findings = tuple(finding for finding in results if finding is not None)
    return AuditReport(info.id, names, findings, reach(store, info.id) if with_reach else None)


def _ask(store: Store, name: str, run: RunInfo) -> AuditFinding | None:
    query = queries.load(name, store.engine)
    values: dict[str, Any] = {"run": run.id, "protected": list(run.protected), **_rule_of_dislikes(run)}
    if "protected" in query.parameters and not run.protected:
        return None  # Nothing is protected; and an empty list has no type that the embedded engine could bind.
    if name == _TAKEN and not run.params.get("request", {}).get("filter_taken", True):
        return None  # The run was asked to recommend what users have taken, too.
    rows = store.query(query.text, {key: values[key] for key in query.parameters})
    if rows.empty:
        return None
    examples = tuple({str(k): v for k, v in row.items()} for row in rows.head(_EXAMPLES).to_dict("records"))
    return AuditFinding(name, query.title, name not in REMARKS, len(rows), examples)


def _rule_of_dislikes(run: RunInfo) -> dict[str, Any]:
    """Return the parameters that say which interactions are dislikes: none where the run knows no such rule."""
    rule = Comparison.parse(run.negative_if)
    low, high = (0.0, 0.0) if rule is None else rule.interval
    return {"property": "" if rule is None else rule.column, "low": low, "high": high}
