"""Hold a stored run's claims against its model and its data: what was said beside what is measured."""

from graphrec.verification.result import Excluded, Verified
from graphrec.verification.verifying import verify

__all__ = ["Excluded", "Verified", "verify"]
