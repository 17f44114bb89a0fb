"""Models that are made for a knowledge graph say where there was none."""

from __future__ import annotations

import pytest

from graphrec.models.registry import MODELS, registered_model
from graphrec.testing.knowledge import toy_with_knowledge
from graphrec.testing.reviews import toy_with_reviews, with_reviews

MADE_FOR_GRAPHS = {"cke", "kgcn", "ripplenet", "splitter", "vgae"}


@pytest.mark.parametrize("name", sorted(set(MODELS) - {"resolved"}))
def test_a_graph_that_is_missing_is_said(name: str) -> None:
    kind = registered_model(name)
    assert kind.learns_from_entities == (name in MADE_FOR_GRAPHS)
    model = kind(kind.Config.read({"epochs": 1} if "epochs" in kind.Config.model_fields else {}))
    without = model.fit(toy_with_reviews()).data_note
    expected = f"The data has no entities, so that {name} learned from interactions without a knowledge graph."
    assert without.startswith(expected if name in MADE_FOR_GRAPHS else "")
    assert bool(without) == (name in MADE_FOR_GRAPHS)
    assert model.fit(with_reviews(toy_with_knowledge())).data_note == ""
