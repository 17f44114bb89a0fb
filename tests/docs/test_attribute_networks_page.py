"""docs/attribute-networks.md works as written, and its table of departures is that of the settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import graphrec as gr
from graphrec.errors import ModelError
from graphrec.loaders.movielens import load
from graphrec.models.eran.config import AS_PRINTED, ERANConfig
from graphrec.store.opening import open_store
from tests.documentation import DOCS, run_blocks
from tests.reproduce.tiny_networks import write_films

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (DOCS / "attribute-networks.md").read_text(encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> gr.Dataset:
    loaded = load(write_films(tmp_path / "films"))
    with open_store(str(tmp_path / "store")) as store:
        store.load(loaded.tables, loaded.info)
        return gr.Dataset.from_store(store, positive_if="rating>3")


def test_the_page_s_code_runs(data: gr.Dataset, capsys: pytest.CaptureFixture[str]) -> None:
    """Its own assertions are the test; reasons of both ways occur, and the contribution is the sum of the weights."""
    done = run_blocks("attribute-networks.md", data=data)
    assert {via.partition(":")[0] for via in done["reasons"]["via"]} == {"attribute", "neighbours"}
    weights = done["model"].evidence(done["profiles"], done["asked"])
    ways = weights.via_names.take(weights.vias[0]).to_pylist()
    through = [way.endswith(":director") for way in ways]
    whole = weights.weights[:, :, through].sum(dim=2)
    assert whole.numpy() == pytest.approx(done["contribution"].numpy(), abs=1e-4)
    assert "for newcomer" in capsys.readouterr().out


def test_an_item_without_an_edge_has_its_popularity_alone(data: gr.Dataset) -> None:
    """As the last table says: nobody else's film is by the director of film 4."""
    loner = gr.Dataset.from_pandas(
        pd.DataFrame({"user": [*"aabbcc", "a"], "item": [*"123123", "4"]}),
        items=pd.DataFrame({"item": [*"1234"], "director": [*"xxxy"]}),
        item_attributes=["director"],
    )
    model = gr.models.ERAN(embedding_size=4).fit(loner)
    recommendations, reasons = gr.recommend(model, loner, users="b", k=4, filter_taken=False).to_pandas()
    (alone,) = recommendations[recommendations["item"] == "4"].to_dict("records")
    place = int(model.record.items.require(["4"])[0])
    assert alone["score"] == pytest.approx(float(model.constants[place]))
    assert "4" not in set(reasons["item"])
    assert {"1", "2", "3"} == set(reasons["item"])


def test_data_without_attributes_is_sent_to_a_model_that_needs_none() -> None:
    bare = gr.Dataset.from_pandas(pd.DataFrame({"user": [*"aabb"], "item": [*"1212"]}))
    with pytest.raises(ModelError, match=r"no two items carry the same attribute.*train ease"):
        gr.models.ERAN().fit(bare)


def written(value: bool | float | str) -> str:
    """Return a setting as the page writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:g}"


def test_the_table_of_departures_is_that_of_the_settings() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\S+) \| (\S+) \| .*\|$", PAGE, re.MULTILINE)
    defaults = ERANConfig.read({}).model_dump()
    assert {name for name, _, _ in rows} == set(AS_PRINTED)
    for name, here, printed in rows:
        for text, value in ((here, defaults[name]), (printed, AS_PRINTED[name])):
            assert text.strip("`") == written(value), name


def test_the_page_names_no_setting_that_is_not_there() -> None:
    named = set(re.findall(r"`(\w+)=", PAGE)) - {"attribution"}
    assert named
    assert named <= set(ERANConfig.model_fields)
