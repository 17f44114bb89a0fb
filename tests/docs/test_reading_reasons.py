"""docs/reading-reasons.md: its table by a real RecoNet, its code as written, its query on both engines."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

import graphrec as gr
from graphrec.explainers.registry import EXPLAINERS, find_explainer
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.registry import find_model
from graphrec.recommendation.run_record import additive_measures
from graphrec.testing.reviews import toy_with_reviews
from tests.documentation import DOCS, run_blocks

PAGE = (DOCS / "reading-reasons.md").read_text(encoding="utf-8")
TABLE = [
    [float(cell.replace("−", "-")) for cell in cells.split("|")]
    for cells in re.findall(r"^\| [ABCD] \|(.*)\|$", PAGE, re.MULTILINE)
]
"""brings, weight, effect, held effect, Shapley value of four films."""


@pytest.fixture(scope="module")
def reconet() -> tuple[gr.models.RecoNet, gr.Dataset]:
    """A linear RecoNet of one dimension, in which four films bring 15, 9, 3 and −3 to the film E."""
    plays = pd.DataFrame({"user": ["u"] * 4 + ["v"], "item": [*"ABCD", "E"]})
    data = gr.Dataset.from_pandas(plays, user="user", item="item")
    model = gr.models.RecoNet(embedding_size=1, epochs=1, item_attributes=False, user_attributes=False).fit(data)
    features = np.array([[15.0], [9.0], [3.0], [-3.0], [0.0]], dtype=np.float32)
    model.restore({"features": features, "output": np.ones((5, 1), dtype=np.float32)})
    return model, data


def test_the_table_is_what_reconet_says(reconet: tuple[gr.models.RecoNet, gr.Dataset]) -> None:
    model, data = reconet
    own = gr.explain(model, data, "u", "E", reasons=4, against=4).to_pandas().reasons.sort_values("evidence")
    assert own["evidence"].tolist() == list("ABCD")
    values = gr.explain(model, data, "u", "E", reasons=4, against=4, explainer=gr.explainers.Shapley())
    shapley = values.to_pandas().reasons.sort_values("evidence")["weight"]
    columns = [own["weight"], own["effect"], own["held_effect"], shapley]
    np.testing.assert_allclose(np.stack(columns, axis=1), np.array(TABLE)[:, 1:], atol=5e-4)
    np.testing.assert_allclose(own["net"], own["weight"])


def test_the_code_gives_the_table() -> None:
    done = run_blocks("reading-reasons.md")
    table = np.array(TABLE)
    for name, column in (("brings", 0), ("weight", 1), ("effect", 2), ("held", 3), ("shapley", 4)):
        np.testing.assert_allclose(done[name], table[:, column], atol=5e-4)
    assert done["joint"] == 6
    assert done["effect"].sum() == 0


def test_the_models_add_up_as_the_page_says() -> None:
    data = toy_with_reviews()
    rows = r"^\| (`ease`.*|`attribute-knn`.*|`reconet`.*|`feature-overlap` of.*|`aspects`.*) \| `([\w, ]+)` \|$"
    said = re.findall(rows, PAGE, re.MULTILINE)
    assert len(said) == 6
    for names, additive in said:
        for name in re.findall(r"`([\w-]+)`", names):
            layer = {"hidden_size": 2} if name == "reconet" and "with a layer" in names else {}
            epochs = {"epochs": 1} if name in ("aspects", "reconet", "resolved", "fism", "indgrm") else {}
            nearest = {"neighbours": 2} if "nearest" in names else {}
            cosine = {"weighting": "cosine"} if name == "feature-overlap" and "cosine" in names else {}
            network = {"decoder": "network"} if name == "indgrm" and "with `encoder" in names else {}
            kind = find_model(name)
            model = kind(**epochs, **layer, **nearest, **cosine, **network).fit(data)
            assert additive_measures(model, ModelExplainer().claim(model)) == additive, name
    ease = gr.models.EASE().fit(data)
    for name in set(EXPLAINERS) - {"model", "random", "popularity"}:
        weighs = "weight, effect" if name == "shapley" else "effect"
        assert additive_measures(ease, find_explainer(name)().claim(ease)) == weighs, name
