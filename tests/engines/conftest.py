"""Engines, each in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.engines.naming import engine_named

if TYPE_CHECKING:
    from graphrec.engines.engine import Engine


@pytest.fixture(params=["in-process", "processes:2", "ray"])
def engine(request: pytest.FixtureRequest) -> Engine:
    if request.param == "ray":
        request.getfixturevalue("ray_cluster")
    return engine_named(request.param)


@pytest.fixture(params=["processes:2", "ray"])
def workers(request: pytest.FixtureRequest) -> Engine:
    """Return an engine whose work is done in other processes."""
    if request.param == "ray":
        request.getfixturevalue("ray_cluster")
    return engine_named(request.param)
