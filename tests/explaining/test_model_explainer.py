"""The model's own evidence, brought to the inputs that can be switched off."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import torch

from graphrec.explaining.evidence import Slots
from graphrec.explaining.model_explainer import ModelExplainer, summed_by_input
from graphrec.schema.property_graph import EVIDENCE_LABELS
from tests.explainers.handmade import first_items, fitted

ITEM, ATTRIBUTE, FACTOR = (EVIDENCE_LABELS.index(label) for label in ("Item", "Attribute", "Factor"))


def slots(labels: list[list[int]], nodes: list[list[int]]) -> Slots:
    shape = np.shape(labels)
    return Slots(
        np.array(labels, np.int8),
        np.array(nodes, np.int32),
        np.zeros(shape, np.int8),
        np.zeros(shape, np.int32),
        pa.array(["self"]),
    )


def test_several_slots_of_one_node_are_summed_and_what_is_no_input_falls_away() -> None:
    """Ann: item 4 by two ways, attribute 4, a factor. Bob: item 4 only; the input 9 is not in his evidence."""
    evidence = slots(
        [[ITEM, ITEM, ATTRIBUTE, FACTOR], [ITEM, -1, -1, -1]],
        [[4, 4, 4, 4], [4, -1, -1, -1]],
    ).weighed(torch.tensor([[[1.0, 2.0, 5.0, 70.0]], [[-3.0, 0.0, 0.0, 0.0]]]))
    inputs = slots([[ITEM, ATTRIBUTE, -1], [ITEM, ITEM, -1]], [[4, 4, -1], [4, 9, -1]])
    found = summed_by_input(evidence, inputs)
    assert found.weights.tolist() == [[[3.0, 5.0, 0.0]], [[-3.0, 0.0, 0.0]]]
    np.testing.assert_array_equal(found.nodes, inputs.nodes)


def test_the_same_slots_are_taken_as_they_are() -> None:
    same = slots([[ITEM, ATTRIBUTE]], [[1, 2]])
    weights = torch.tensor([[[1.0, 2.0]]])
    assert summed_by_input(same.weighed(weights), same).weights is weights


def test_other_orders_and_no_inputs_at_all() -> None:
    evidence = slots([[ATTRIBUTE, ITEM]], [[2, 1]]).weighed(torch.tensor([[[2.0, 1.0]]]))
    assert summed_by_input(evidence, slots([[ITEM, ATTRIBUTE]], [[1, 2]])).weights.tolist() == [[[1.0, 2.0]]]
    assert summed_by_input(evidence, slots([[]], [[]])).weights.shape == (1, 1, 0)


def test_reconet_s_own_evidence_is_its_inputs() -> None:
    _, model, profiles = fitted("reconet")
    some = profiles.rows(np.flatnonzero(model.count_inputs(profiles)))
    items = first_items(some)
    torch.testing.assert_close(ModelExplainer().weigh(model, some, items).weights, model.evidence(some, items).weights)
