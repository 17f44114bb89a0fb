from __future__ import annotations

import pytest
from pydantic import ValidationError

from graphrec.loading.signals.attribute_rule import AttributeRule


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"bins": 5, "edges": [1]}, "says both bins and edges"),
        ({"width": 5, "terms": 3}, "says both width and terms"),
        ({"terms": 3, "separator": "|"}, "terms are taken from whole texts"),
        ({"min_items": 3}, "has min_items, which is for terms alone"),
        ({"edges": [1, 1]}, "must be in ascending order, each once"),
        ({"edges": [float("nan")]}, "finite"),
        ({"edges": []}, "at least 1"),
        ({"bins": 1}, "greater than or equal to 2"),
        ({"width": 0}, "greater than 0"),
        ({"width": float("inf")}, "finite"),
        ({"terms": 0}, "greater than or equal to 1"),
        ({"most_items": 0}, "greater than 0"),
        ({"most_items": 50}, "less than or equal to 1"),
        ({"bin": 3}, "not permitted"),
    ],
)
def test_rules_that_make_no_sense(said: dict, fault: str) -> None:
    with pytest.raises(ValidationError, match=fault):
        AttributeRule.model_validate(said)
