"""Attributes in the place of entities: reasons, factors, and what is said; in stores of both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import graphrec as gr
from graphrec import queries
from graphrec.answers import fetch_list
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.errors import UsageError
from graphrec.models.saving import load_model, save_model
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.factor_tables import factor_tables
from graphrec.store.opening import open_store
from graphrec.testing import EVERYTHING, frames
from graphrec.testing.knowledge import toy_with_knowledge
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.store import Store

SMALL: dict[str, Any] = {
    "epochs": 8,
    "embedding_size": 6,
    "item_factors": 3,
    "entity_factors": 2,
    "learning_rate": 0.05,
    "batch_size": 32,
    "averaging": 0.5,
}


def labels_of_reasons(model: gr.models.Resolved, data: gr.Dataset) -> set[str]:
    return set(frames(recommend(model.fit(data), data, EVERYTHING))[1]["label"])


def test_a_graph_comes_first_and_attributes_where_there_is_none() -> None:
    with_graph, without = toy_with_knowledge(), toy()
    label = {
        (entities, name): labels_of_reasons(gr.models.Resolved(**SMALL, entities=entities), data)
        for entities in ("auto", "graph", "attributes")
        for name, data in (("with", with_graph), ("without", without))
    }
    by_entities, by_attributes = {"Item", "Entity", "Factor"}, {"Item", "Attribute", "Factor"}
    assert label == {
        ("auto", "with"): by_entities,
        ("auto", "without"): by_attributes,
        ("graph", "with"): by_entities,
        ("graph", "without"): {"Item", "Factor"},
        ("attributes", "with"): by_attributes,
        ("attributes", "without"): by_attributes,
    }


def test_reasons_are_attributes_of_taken_items_through_factors(tmp_path: Path) -> None:
    """Weights sum to the score; an effect is the score less that without the attribute; users' own are no members."""
    data = toy()
    save_model(gr.models.Resolved(**SMALL).fit(data), tmp_path / "fit")
    model = load_model(tmp_path / "fit")
    rows, reasons = frames(recommend(model, data, EVERYTHING))
    assert (rows["rest"].abs() / np.maximum(rows["score"].abs(), 1)).max() < 1e-5
    by_attribute = reasons[reasons["label"] == "Attribute"]
    assert set(by_attribute["ground"]) == {"item_attribute"}
    assert by_attribute["via"].str.startswith("factor:").all()
    assert by_attribute["evidence"].str.startswith("item.").all()
    links = data.item_attributes
    for row in by_attribute[by_attribute["net"].notna()].iloc[::31].itertuples():
        attribute, item = data.attributes.require([row.evidence])[0], data.items.require([row.item])[0]
        assert attribute in links.row(int(data.items.require([row.anchor])[0]))
        without = data.changed(links={ITEM_ATTRIBUTES: links.where(links.indices != attribute)})
        before, after = (model.score_users(each, row.user)[item] for each in (data, without))
        assert row.effect == pytest.approx(before - after, abs=3e-5)
    members = factor_tables(model, data).memberships.to_pandas().astype({"label": str, "id": str})
    assert set(members["label"]) == {"Item", "Attribute"}
    assert members.loc[members["label"] == "Attribute", "id"].str.startswith("item.").all()


def test_what_described_the_items_is_said() -> None:
    plain = build({f"u{n}": {"a": 5, "b": 5, "c": 5} for n in range(4)}, ["a", "b", "c", "d"], attributes={})
    for data, note in ((toy_with_knowledge(), ""), (toy(), "Attributes of items stand for entities."),
                       (plain, "The data has no entities, so that reasons are taken items alone. ")):  # fmt: skip
        model = gr.models.Resolved(**{**SMALL, "epochs": 1}).fit(data)
        assert model.data_note.startswith(note)
        assert bool(model.data_note) == bool(note)
        assert note in gr.recommend(model, data).run.notes


def test_attributes_have_one_level() -> None:
    with pytest.raises(UsageError, match=r"levels.*attributes have one level"):
        gr.models.Resolved(entities="attributes", levels=2)
    model = gr.models.Resolved(**{**SMALL, "epochs": 1}, levels=2).fit(toy())
    assert "Attribute" not in set(frames(recommend(model, toy(), EVERYTHING))[1]["label"])


@pytest.fixture(params=["ladybug", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    uri = str(tmp_path / "store") if request.param == "ladybug" else request.getfixturevalue("clean_neo4j_store")
    with open_store(uri) as opened:
        yield opened


MAPPING = """
[dataset]
id = "films"
[interactions]
file = "r.csv"
user = "user"
item = "item"
[items]
file = "i.csv"
id = "item"
attributes.genre = ""
attributes.director = ""
"""


def test_they_are_true_in_a_store_and_told(store: Store, tmp_path: Path) -> None:
    """A run is audited when it is written; its ways are drawn through factors, and its members are read back."""
    films = [f"f{n},{('Love', 'War')[n % 2]},{('Ito', 'Lang', 'Varda')[n % 3]}" for n in range(8)]
    taken = [f"u{u},f{(u + 2 * n) % 8}" for u in range(10) for n in range(3)]
    (tmp_path / "i.csv").write_text("\n".join(["item,genre,director", *films]) + "\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text("\n".join(["user,item", *taken]) + "\n", encoding="utf-8")
    (tmp_path / "m.toml").write_text(MAPPING, encoding="utf-8")
    gr.load(store, "table", tmp_path / "m.toml")
    data = gr.Dataset.from_store(store)
    model = gr.models.Resolved(**SMALL).fit(data)
    written = gr.recommend(model, data, k=2, reasons=50, against=50).write(store)
    assert written.report is not None
    assert not written.report.untrue
    assert written.run.current
    assert written.run.notes.startswith("effect is null for a factor")
    assert "Attributes of items stand for entities." in written.run.notes
    answers = fetch_list(store, "u0")
    grounds = {reason.ground for why in answers for reason in why.reasons}
    assert grounds == {"history", "item_attribute", "factor"}
    assert "genre War" in str(answers) or "genre Love" in str(answers)
    values = {"user": "u0", "item": answers[0].item.id, "run": ""}
    ways = {name: store.query(queries.load(f"why/{name}", store.engine).text, values)
            for name in ("factors", "path_through_factors")}  # fmt: skip
    attributes = {reason.evidence.id for reason in answers[0].reasons if reason.ground == "item_attribute"}
    told = ways["factors"].set_index("id")
    assert attributes <= set(told.index)
    assert told.loc[sorted(attributes), "evidence_belongs"].notna().all()
    assert ways["path_through_factors"]["t"].notna().any()
    members = store.query("MATCH (x:Attribute)-[b:BELONGS_TO]->(f:Factor) RETURN x.id AS id, sum(b.weight) AS weight")
    assert set(members["id"]) == {f"item.genre={n}" for n in ("Love", "War")} | {
        f"item.director={n}" for n in ("Ito", "Lang", "Varda")
    }
    np.testing.assert_allclose(members["weight"], 1, atol=1e-5)
