"""True reasons, worked out by hand on three users and eight items.

Ann likes Ito (because she is of the group g) and follows Bo. She took a1 for Ito, b1 for Bo, x (by Ito too) by chance,
p as the first of a pair, and m1 by chance. Not taken: a2 by Ito, b2 with Bo, s the sequel of p, m2 in a bundle with m1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.node_ids import NodeIds
from graphrec.errors import InputError
from graphrec.planted.config import KINDS
from graphrec.planted.numbered import NumberedTruth, named_nodes
from graphrec.planted.reason_scores import match_reasons, score
from graphrec.planted.truth import TRUTH, Truth
from graphrec.schema.property_graph import EVIDENCE_LABELS

if TYPE_CHECKING:
    from pathlib import Path

ITO, LANG, STUDIO = "item.director=Ito", "item.director=Lang", "item.studio=Ito"
GROUP, OTHER = "user.group=g", "user.group=h"


def row(part: str, **values: str) -> dict[str, str | None]:
    return {**dict.fromkeys(TRUTH.names), "part": part, **values}


def took(item: str, kind: str, label: str | None = None, evidence: str | None = None) -> dict[str, str | None]:
    return {**row("interaction", user="ann", item=item, kind=kind), "label": label, "evidence": evidence}


def link(item: str, kind: str, label: str, **values: str) -> dict[str, str | None]:
    return row("link", item=item, kind=kind, label=label, **values)


ROWS = [
    took("a1", "attribute", "Attribute", ITO),
    took("b1", "entity", "Entity", "bo"),
    took("x", "noise"),
    took("p", "noise"),
    took("m1", "noise"),
    row("follow", user="ann", kind="attribute", label="Attribute", evidence=ITO, through=GROUP),
    row("follow", user="ann", kind="entity", label="Entity", evidence="bo"),
    row("follow", user="bea", kind="attribute", label="Attribute", evidence=LANG),
    *(link(item, "attribute", "Attribute", evidence=ITO) for item in ("a1", "a2", "x")),
    *(link(item, "attribute", "Attribute", evidence=LANG) for item in ("b1", "b2")),
    *(link(item, "entity", "Entity", evidence="bo") for item in ("b1", "b2")),
    link("s", "item", "Item", evidence="p"),
    *(link(item, "co_purchase", "Item", through="7") for item in ("m1", "m2")),
]
TRUE = Truth(pa.Table.from_pylist(ROWS, schema=TRUTH))

# (recommended, label, evidence): strict, lenient
CASES = [
    ("a2", "Attribute", ITO, True, True),
    ("a2", "Attribute", GROUP, True, True),
    ("a2", "Attribute", OTHER, False, False),
    ("a2", "Attribute", LANG, False, False),
    ("a2", "Attribute", STUDIO, False, False),
    ("a2", "Item", "a1", False, True),
    ("a2", "Item", "x", False, False),  # by Ito, but taken by chance
    ("a2", "Item", "b1", False, False),
    ("a2", "Item", "a2", False, False),  # not taken: no evidence
    ("a2", "Entity", "bo", False, False),
    ("b2", "Entity", "bo", True, True),
    ("b2", "Item", "b1", False, True),
    ("b2", "Attribute", LANG, False, False),  # b2 is by Lang, whom Ann does not like
    ("b2", "Attribute", GROUP, False, False),  # the taste that comes from the group is Ito
    ("s", "Item", "p", True, True),
    ("p", "Item", "s", False, False),  # a sequel is no reason for its first part
    ("s", "Item", "a1", False, False),
    ("m2", "Item", "m1", True, True),
    ("m2", "Item", "p", False, False),
]


def numbers() -> NodeIds:
    return named_nodes(TRUE)


def position(numbering: NodeIds, label: str, node: str) -> int:
    return int(numbering.nodes[label].positions([node])[0])


@pytest.mark.parametrize(("item", "label", "evidence", "strict", "lenient"), CASES)
def test_a_reason_is_true_or_not(item: str, label: str, evidence: str, strict: bool, lenient: bool) -> None:
    numbering = numbers()
    truth = NumberedTruth(TRUE, numbering)
    asked = [
        np.array([number], dtype=np.int64)
        for number in (
            numbering.users.positions(["ann"])[0],
            numbering.items.positions([item])[0],
            EVIDENCE_LABELS.index(label),
            position(numbering, label, evidence),
        )
    ]
    assert truth.strict(*asked).tolist() == [strict]
    assert truth.lenient(*asked).tolist() == [lenient]


def test_nodes_of_other_labels_may_have_numbers_beyond_the_items() -> None:
    """A model may know more attributes than there are items: eight here, and a group with the number 20."""
    numbering = numbers()
    more = pa.chunked_array([pa.array([*(f"item.none={n}" for n in range(20)), GROUP, ITO])])
    wide = NodeIds({**numbering.nodes, "Attribute": IdMap.of("Attribute", more)})
    truth = NumberedTruth(TRUE, wide)
    ann = wide.users.positions(["ann"]).astype(np.int64)
    label = np.full(1, EVIDENCE_LABELS.index("Attribute"))
    for node, at, true in ((20, "a2", True), (20, "m2", False), (5, "a2", False)):
        item = wide.items.positions([at]).astype(np.int64)
        assert truth.strict(ann, item, label, np.array([node])).tolist() == [true]
        assert truth.lenient(ann, item, label, np.array([node])).tolist() == [true]


def test_which_kinds_of_reasons_there_are() -> None:
    numbering = numbers()
    truth = NumberedTruth(TRUE, numbering)
    items = numbering.items.positions(["a2", "b2", "s", "m2", "p", "a2", "b2"]).astype(np.int64)
    users = numbering.users.positions(["ann"] * 5 + ["bea"] * 2).astype(np.int64)
    found = [{kind for kind, has in zip(KINDS, row, strict=True) if has} for row in truth.kinds(users, items).tolist()]
    assert found == [{"attribute"}, {"entity"}, {"item"}, {"co_purchase"}, set(), set(), {"attribute"}]


def test_an_interaction_outside_the_training_part_is_no_reason() -> None:
    numbering = numbers()
    seen = Incidence.from_pairs(
        numbering.users.positions(["ann"] * 2), numbering.items.positions(["a1", "x"]), (2, len(numbering.items))
    )
    truth = NumberedTruth(TRUE, numbering, seen)
    items = numbering.items.positions(["a2", "s", "m2"]).astype(np.int64)
    ann = numbering.users.positions(["ann"] * 3).astype(np.int64)
    assert truth.kinds(ann, items).any(axis=1).tolist() == [True, False, False]
    label = np.full(1, EVIDENCE_LABELS.index("Item"))
    for item, evidence, true in (("a2", "a1", True), ("s", "p", False), ("m2", "m1", False)):
        one = numbering.items.positions([item]).astype(np.int64)
        other = numbering.items.positions([evidence]).astype(np.int64)
        assert truth.lenient(ann[:1], one, label, other).tolist() == [true]


def test_shares_are_among_the_recommendations_that_have_a_reason() -> None:
    """Four recommendations, three with a reason: named first and alone; third of three; never."""
    numbering = numbers()
    item, attribute = EVIDENCE_LABELS.index("Item"), EVIDENCE_LABELS.index("Attribute")

    def of(*reasons: tuple[str, str]) -> tuple[list[int], list[int]]:
        labels = [EVIDENCE_LABELS.index(label) for label, _ in reasons]
        nodes = [position(numbering, label, node) for label, node in reasons]
        return labels + [-1] * (3 - len(labels)), nodes + [-1] * (3 - len(nodes))

    first = of(("Attribute", ITO))
    second = of(("Item", "x"), ("Item", "m1"), ("Item", "b1"))
    none, unfounded = of(), of(("Item", "a1"))
    assert first == ([attribute, -1, -1], [numbering.attributes.positions([ITO])[0], -1, -1])
    assert second[0] == [item] * 3
    users = numbering.users.positions(["ann"] * 4).astype(np.int64)
    items = numbering.items.positions(["a2", "b2", "s", "p"]).astype(np.int64)
    label, node = (np.array(side, dtype=np.int64) for side in zip(first, second, none, unfounded, strict=True))
    found = score([match_reasons(NumberedTruth(TRUE, numbering), users, items, label, node)])
    assert (found.recommendations, found.with_reason) == (4, 3)
    assert found.true == found.strict == pytest.approx(1 / 3)
    assert found.true_precision == pytest.approx((1 + 1 / 3 + 0) / 3)
    assert found.strict_precision == pytest.approx(1 / 3)
    assert {kind: (one.recommendations, one.true) for kind, one in found.kinds.items() if one.recommendations} == {
        "attribute": (1, 1.0),
        "entity": (1, 0.0),
        "item": (1, 0.0),
    }


def test_a_truth_is_kept_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "truth.parquet"
    Truth(TRUE.table, '{"seed": 1}', "f00").save(path)
    again = Truth.load(path)
    assert again.table.equals(TRUE.table)
    assert (again.settings, again.data) == ('{"seed": 1}', "f00")
    assert [file.name for file in tmp_path.iterdir()] == ["truth.parquet"]


def test_what_is_no_truth_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="folder"):
        TRUE.save(tmp_path)
    with pytest.raises(InputError, match="folder"):
        TRUE.save(tmp_path / "nowhere" / "truth.parquet")
    text = tmp_path / "text.parquet"
    text.write_text("no parquet")
    with pytest.raises(InputError, match="planted truth"):
        Truth.load(text)
