"""A model with clusters and groups passes what every model does: its summaries are in nobody's way."""

from __future__ import annotations

from typing import Any

from graphrec.testing import ModelBattery
from tests.clustered import Clustered


class TestClustered(ModelBattery):
    def make(self, **settings: Any) -> Clustered:
        return Clustered(**{"second": 0.65, **settings})  # as many films of each group score all items alike else
