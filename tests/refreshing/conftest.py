"""Stores of both engines, as the contract tests have them."""

from __future__ import annotations

from tests.store.conftest import opened, store

__all__ = ["opened", "store"]
