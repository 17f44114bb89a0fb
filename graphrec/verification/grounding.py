"""The share of stored reasons that are real by their ground, from what the audits found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.schema.property_graph import GROUNDS

if TYPE_CHECKING:
    from graphrec.audits import AuditReport

_LISTING = frozenset(f"audit/{ground}" for ground in GROUNDS)
"""Audits that list the reasons of one ground that are not real, a row each."""


def grounding(report: AuditReport, reasons: int) -> dict[str, Any]:
    """Return ``reasons``, ``untrue``, and ``share``, 1.0 on a good run; null where there is no reason.

    Each audit lists a thousand rows at most, so that a share below 1 may still be too high: ``at_most`` says so. A
    reason whose evidence has a label that its ground does not allow is untrue too.

    Args:
        report: what the audits found.
        reasons: how many reasons the run stores.
    """
    from graphrec.audits import ROW_LIMIT

    listed = [finding for finding in report.findings if finding.audit in _LISTING]
    mixed = [finding for finding in report.findings if finding.audit == "audit/label"]
    untrue = sum(finding.count for finding in listed)
    untrue += sum(int(row["reasons"]) for finding in mixed for row in finding.examples)
    return {
        "reasons": reasons,
        "untrue": min(untrue, reasons),
        "share": 1 - min(untrue, reasons) / reasons if reasons else None,
        "at_most": any(finding.count >= ROW_LIMIT for finding in listed)
        or any(f.count > len(f.examples) for f in mixed),
    }
