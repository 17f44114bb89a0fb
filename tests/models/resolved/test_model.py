"""The battery for every variant, with and without entities, and what the model does with graphs of all kinds."""

from __future__ import annotations

from typing import Any

from graphrec.models.resolved.config import AS_PRINTED
from graphrec.models.resolved.model import Resolved
from tests.models.battery import Battery

SMALL = {
    "epochs": 8,
    "embedding_size": 6,
    "item_factors": 3,
    "entity_factors": 2,
    "learning_rate": 0.05,
    "batch_size": 32,
    "averaging": 0.5,
}


class TestWithoutEntities(Battery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, **settings})


class TestMembers(Battery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, "members": 2, **settings})


class TestAsPrinted(Battery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**AS_PRINTED, **SMALL, "averaging": 0.0, **settings})
