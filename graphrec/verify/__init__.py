"""Hold a stored run's claims against its model and its data: what was said beside what is measured."""

from graphrec.verify.verifying import Verified, verify_run

__all__ = ["Verified", "verify_run"]
