"""The share of reasons that are real, from what audits found."""

from __future__ import annotations

import pytest

from graphrec.audits import AuditFinding, AuditReport
from graphrec.verification.grounding import grounding


def finding(audit: str, count: int, *examples: dict[str, object]) -> AuditFinding:
    return AuditFinding(audit, "", untrue=True, count=count, examples=examples)


@pytest.mark.parametrize(
    ("findings", "reasons", "expected"),
    [
        ((), 8, (0, 1.0, False)),
        ((), 0, (0, None, False)),
        ((finding("audit/history", 2), finding("audit/shares", 5)), 8, (2, 0.75, False)),
        ((finding("audit/label", 1, {"reasons": 3}), finding("audit/entity", 1)), 8, (4, 0.5, False)),
        ((finding("audit/profile", 1000),), 4000, (1000, 0.75, True)),
    ],
)
def test_grounding(findings: tuple[AuditFinding, ...], reasons: int, expected: tuple[object, ...]) -> None:
    found = grounding(AuditReport("run", (), findings), reasons)
    assert (found["untrue"], found["share"], found["at_most"]) == expected
