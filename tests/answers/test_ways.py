"""A taken item that leads to the recommended one in several ways: told below it, with the share of each."""

from __future__ import annotations

import graphrec as gr
from graphrec.testing.toy import toy


def test_shared_attributes_are_told_below_the_item() -> None:
    data = toy()
    model = gr.models.EASE(reg=3.0, attribute_weight=2.0).fit(data)
    said = str(gr.recommend(model, data, "u00", reasons=50).why("u00"))
    assert "by shared genre (" in said
    assert "% of its own" in said
    assert "(shared" not in said
    one = str(gr.recommend(model, data, "u00", k=1, reasons=1).why("u00"))
    assert "in ways that are not stored" in one


def test_one_way_is_told_as_before() -> None:
    data = toy()
    said = str(gr.recommend(gr.models.EASE(reg=3.0).fit(data), data, "u00", reasons=50).why("u00"))
    assert "of its own" not in said
    assert "shared" not in said
