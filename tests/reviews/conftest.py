"""The extra ``reviews``, without which nothing here can be tested."""

from __future__ import annotations

import importlib.util

from tests.conftest import absent


def pytest_runtest_setup() -> None:
    """Leave tests out, or fail in CI, where the extra is not installed."""
    if not all(importlib.util.find_spec(name) for name in ("textblob", "vaderSentiment")):
        absent("the extra 'reviews' is not installed")
