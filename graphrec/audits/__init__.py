"""Is every stored reason real, does every number add up, and how near do reasons lie?"""

from graphrec.audits.auditing import ROW_LIMIT, AuditFinding, AuditReport, audit
from graphrec.audits.reach import Reach, reach

__all__ = ["ROW_LIMIT", "AuditFinding", "AuditReport", "Reach", "audit", "reach"]
