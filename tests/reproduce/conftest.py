"""The toy data."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.reproduce.tiny import write_toy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def toy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder around the folder of the toy data."""
    folder = tmp_path_factory.mktemp("data")
    write_toy(folder / "toy")
    return folder
