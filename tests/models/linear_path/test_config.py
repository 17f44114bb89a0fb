"""The settings of the linear path: two words or a number."""

from __future__ import annotations

from typing import Any

import pytest

from graphrec.errors import UsageError
from graphrec.models.linear_path.config import LinearPathConfig


@pytest.mark.parametrize(
    ("given", "read"),
    [("none", "none"), ("validated", "validated"), ("0.5", 0.5), (0.5, 0.5), (2, 2.0), ("0", 0.0)],
)
def test_a_share_is_a_word_or_a_number_even_as_text(given: Any, read: str | float) -> None:
    config = LinearPathConfig.read({"linear_path": given})
    assert config.linear_path == read
    assert type(config.linear_path) is type(read)
    assert LinearPathConfig.read(config.model_dump()) == config


@pytest.mark.parametrize("given", ["valid", -0.5, "-1", float("nan"), float("inf"), None, [1.0]])
def test_anything_else_is_refused_in_one_sentence(given: Any) -> None:
    with pytest.raises(UsageError, match="'linear_path': it is none, validated or a number of 0 or more"):
        LinearPathConfig.read({"linear_path": given})
