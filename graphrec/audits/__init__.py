"""Audits of stored runs: whether reasons are real and numbers add up, and the distance of reasons from items."""

from graphrec.audits.auditing import ROW_LIMIT, AuditFinding, AuditReport, audit
from graphrec.audits.reach import Reach, reach

__all__ = ["ROW_LIMIT", "AuditFinding", "AuditReport", "Reach", "audit", "reach"]
