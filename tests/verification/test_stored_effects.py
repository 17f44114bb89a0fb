"""Stored numbers of nodes, read back from each engine, are what scoring a changed history says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
import torch

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.models.ease import EASE
from graphrec.models.fism.model import FISM
from graphrec.models.indgrm.model import InDGRM
from graphrec.models.neighbours.attribute_knn import AttributeKNN
from graphrec.models.neighbours.item_item import ItemItem
from graphrec.models.neighbours.user_user import UserUser
from graphrec.models.reconet.model import RecoNet
from graphrec.models.resolved.model import Resolved
from graphrec.recommendation.request import Request
from graphrec.recommendation.write_run import write_recommendations
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.testing.explaining import ModelBattery
from tests.store.content import load_small

if TYPE_CHECKING:
    from graphrec.models.model import Model
    from graphrec.store.store import Store

MODELS = {
    "ease": lambda: EASE(reg=1.0, attribute_weight=0.5),
    "item-item": ItemItem,
    "attribute-knn": lambda: AttributeKNN(neighbours=1),
    "fism": lambda: FISM(epochs=3, embedding_size=4),
    "user-user": UserUser,
    "reconet": lambda: RecoNet(epochs=3, embedding_size=4),
    "reconet + layer": lambda: RecoNet(epochs=3, embedding_size=4, hidden_size=5),
    "indgrm": lambda: InDGRM(epochs=3, embedding_size=4, clusters=2, groups=2),
    "resolved": lambda: Resolved(epochs=3, embedding_size=4, item_factors=2, entity_factors=2),
}
REASONS = """
MATCH (x)-[e:EXPLAINS]->(r:Recommendation)
RETURN r.user AS user, r.item AS item, r.score AS score, x.id AS id, e.ground AS ground, e.weight AS weight,
       e.net AS net, e.effect AS effect, e.held_effect AS held, e.via AS via, e.rank AS rank
ORDER BY user, item, e.rank < 0, abs(e.rank)
"""
LABELS = {"history": "Item", "item_attribute": "Attribute", "profile": "Attribute", "entity": "Entity"}


@pytest.mark.parametrize("name", MODELS)
def test_a_nodes_numbers_are_what_scoring_again_says(store: Store, name: str) -> None:
    load_small(store)
    data = Dataset.from_store(store)
    model = MODELS[name]().fit(data)
    written = write_recommendations(store, model, data, Request(k=3, reasons=50, against=50))
    assert written.report.sound
    rows = store.query(REASONS)
    assert len(rows) >= 5
    aligned, known = model.align(data)
    seen = 0
    for (user, item, _, ground), ways in rows.groupby(["user", "item", "id", "ground"], sort=False):
        first, *others = ways.to_dict("records")
        assert all(pd.isna(row[name]) for row in others for name in ("net", "effect", "held"))
        assert first["net"] == pytest.approx(sum(row["weight"] for row in ways.to_dict("records")), abs=1e-5)
        label = LABELS.get(ground)
        if label is None:
            assert pd.isna(first["effect"])
            continue
        profile = profiles_of(aligned, known, data.users.require([user]))
        target = model.record.items.require([item])
        node = int(model.record.nodes[label].require([first["id"]])[0])
        remaining = int(model.count_inputs(profile)[0]) - 1
        if remaining:
            after = _without(model, profile, label, node, int(target[0]))
            assert first["effect"] == pytest.approx(first["score"] - after, abs=1e-5), first
        elif model.normalises:  # nothing remains to normalise over
            assert pd.isna(first["effect"])
        else:
            assert first["effect"] == pytest.approx(first["score"], abs=1e-5)
        held = _held_without(model, profile, label, node, target)
        assert pd.isna(first["held"]) == (not model.normalises)
        if model.normalises:
            assert first["held"] == pytest.approx(first["score"] - held, abs=1e-5), first
        seen += 1
    assert seen >= 5


class _Rescoring(ModelBattery):
    """The battery's scores without an input, of models that exist already."""

    def make(self, **settings: object) -> Model:
        return EASE(**settings)


def _without(model: Model, profile: Profiles, label: str, node: int, item: int) -> float:
    """Return the score of a changed profile; where none can leave the entities of an item behind, with it off."""
    battery = _Rescoring()
    if battery.leaves_entities(model, profile, label, node):
        return float(model.score_with(profile, *_off(model, profile, label, node))[0, 0, item])
    return float(battery.score_without(model, profile, label, node)[item])


def _held_without(model: Model, profile: Profiles, label: str, node: int, item: np.ndarray) -> float:
    slots, is_on = _off(model, profile, label, node)
    return float(model.score_held(profile, slots, is_on, torch.from_numpy(item.astype(np.int64))[None])[0, 0, 0])


def _off(model: Model, profile: Profiles, label: str, node: int):
    slots = model.inputs(profile)
    off = (slots.labels == EVIDENCE_LABELS.index(label)) & (slots.nodes == node)
    assert off.sum() == 1
    return slots, torch.from_numpy((slots.labels >= 0) & ~off)[:, None, :]
