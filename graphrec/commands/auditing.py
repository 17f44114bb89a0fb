"""The output of an audit in commands: JSON, text, and the error for an untrue run."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from graphrec.errors import UntrueRunError
from graphrec.wording import readable

if TYPE_CHECKING:
    from graphrec.audits import AuditFinding, AuditReport


def audit_result(report: AuditReport) -> dict[str, Any]:
    """Return an audit as a JSON object."""
    return {
        "sound": report.sound,
        "asked": list(report.audits),
        "findings": [
            {
                "audit": finding.audit,
                "title": finding.title,
                "untrue": finding.untrue,
                "count": finding.count,
                "examples": [{name: _plain(value) for name, value in row.items()} for row in finding.examples],
            }
            for finding in report.findings
        ],
        "reach": None
        if report.reach is None
        else {"reasons": report.reach.reasons, "reached": report.reach.reached, "share": report.reach.share},
    }


def audit_lines(report: AuditReport) -> list[str]:
    """Return an audit as lines of text."""
    n = len(report.audits)
    lines = [f"{n} audits: " + ("no reason is untrue." if report.sound else f"{len(report.untrue)} found untruths.")]
    lines += [line for finding in report.findings for line in _finding_lines(finding)]
    if report.reach is not None and report.reach.reasons:
        lines.append(f"  {report.reach.share:.1%} of the reasons lie within three hops of what they recommend.")
    return lines


def refuse_untrue(report: AuditReport) -> None:
    """Raise UntrueRunError if the audit found anything untrue."""
    if report.sound:
        return
    worst = report.untrue[0]
    raise UntrueRunError(
        f"the run is not true: {worst.title.lower()}, {_counted(worst)}",
        where=report.run,
        remedy=f"It is not current. Look closer: graphrec verify {report.run} --json",
    )


def _plain(value: Any) -> Any:
    """Return a cell of a query's result as a JSON value; a data frame's marks for missing values become null."""
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if isinstance(value, (str, int, float, bool, type(None))) else str(value)


def _finding_lines(finding: AuditFinding) -> list[str]:
    from graphrec.audits import ROW_LIMIT

    sign = "✗" if finding.untrue else "note:"
    more = "at least " if finding.count >= ROW_LIMIT else ""
    lines = [f"  {sign} {finding.title}: {more}{finding.count:,}"]
    if finding.untrue and finding.examples:
        first = ", ".join(f"{name}={value}" for name, value in finding.examples[0].items())
        lines.append(f"      such as {readable(first, 160)}")
    return lines


def _counted(finding: AuditFinding) -> str:
    return "one" if finding.count == 1 else f"{finding.count:,} of them"
