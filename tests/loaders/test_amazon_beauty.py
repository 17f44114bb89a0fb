from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
import pytest
from scipy import sparse

from graphrec.errors import InputError
from graphrec.loaders.amazon_beauty import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

CO_PURCHASED = EdgeKind("CO_PURCHASED", "Item", "Item")
GRAPH = {
    "product": "A\nB\nC\n",
    "related_product": "Z\nC\nA\nB\n",
    "brand": "Bee\nCee\n",
    "brand_p_b": "1\n\n0\n",
    "category": "Hair\nSkin\n",
    "category_p_c": "0 1\n1\n\n",
    "also_bought_p_p": "3 0\n2\n1\n",
    "also_viewed_p_p": "1\n\n\n",
    "bought_together_p_p": "\n\n3\n",
}


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "pgpr_kg").mkdir()
    (tmp_path / "interactions").mkdir()
    for name, content in GRAPH.items():
        (tmp_path / "pgpr_kg" / f"{name}.txt.gz").write_bytes(gzip.compress(content.encode()))
    maps = {"id2user": {"1": "U", "2": "V"}, "id2item": {"1": "C", "2": "A", "3": "B"}}
    (tmp_path / "interactions" / "datamaps.json").write_text(json.dumps(maps))
    (tmp_path / "interactions" / "sequential_data.txt").write_text("1 2 1\n2 3 2\n")
    return tmp_path


def test_index_spaces_worked_out_by_hand(small: Path) -> None:
    loaded = load(small)
    assert loaded.info.verb == "bought"
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "position", "rating") == {
        ("U", "A", 1, None), ("U", "C", 2, None), ("V", "B", 1, None), ("V", "A", 2, None),
    }  # fmt: skip
    assert edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]) == {
        ("A", "item.brand=Cee"),
        ("C", "item.brand=Bee"),
        ("A", "item.category=Hair"),
        ("A", "item.category=Skin"),
        ("B", "item.category=Skin"),
    }
    assert edge_set(tables.edges[CO_PURCHASED], "count", "source") == {
        ("A", "B", None, "also_bought"),  # A lists B and Z, B lists A; C lists itself
        ("A", "C", None, "also_viewed"),
        ("B", "C", None, "bought_together"),
    }
    assert "also_bought: 3 of 4 lead to a product that is here" in loaded.report.remarks


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("brand_p_b", "1\n\n", r"there are 2 lines for 3 products.*brand_p_b"),
        ("brand_p_b", "1\n2\n0\n", r"there is no entry 2 of 2.*brand_p_b\.txt\.gz, line 2"),
        ("also_bought_p_p", "3\nx\n1\n", r"'x' is not a whole number.*line 2"),
        ("product", "A\nB\nD\n", r"the item 'C' is not in product\.txt\.gz"),
    ],
)
def test_files_that_do_not_fit_one_another_are_refused(small: Path, name: str, content: str, message: str) -> None:
    (small / "pgpr_kg" / f"{name}.txt.gz").write_bytes(gzip.compress(content.encode()))
    with pytest.raises(InputError, match=message):
        load(small)


def test_an_item_that_the_maps_do_not_know_is_refused(small: Path) -> None:
    (small / "interactions" / "sequential_data.txt").write_text("1 2 1\n2 3 9\n")
    with pytest.raises(InputError, match=r"the number '9' is not in datamaps\.json.*line 2"):
        load(small)
    (small / "interactions" / "datamaps.json").write_text("[]")
    with pytest.raises(InputError, match="does not hold id2user and id2item"):
        load(small)


def test_the_real_data(data: Path) -> None:
    loaded = load(data / "amazon-beauty")
    tables = assert_sound(loaded)
    assert (tables.nodes["User"].num_rows, tables.nodes["Item"].num_rows) == (22_363, 12_101)
    assert tables.edges[INTERACTED].num_rows == 198_502
    assert "also_bought: 239345 of 891182 lead to a product that is here" in loaded.report.remarks
    assert ("B003QLRO7W", "item.brand=Conair") in edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")])


def test_what_the_shop_says_agrees_with_who_bought_what(data: Path) -> None:
    """Products named together share buyers far more often than shifted pairs: the index spaces are the right ones."""
    tables = load(data / "amazon-beauty").tables
    edges, related = tables.edges[INTERACTED], tables.edges[CO_PURCHASED]
    users, items = (edges.column(side).combine_chunks() for side in ("from", "to"))
    shape = (len(users.dictionary), len(items.dictionary))
    taken = sparse.csc_matrix((np.ones(len(users)), (users.indices, items.indices)), shape=shape)
    one, other = (np.asarray(pc.index_in(related.column(s), value_set=items.dictionary)) for s in ("from", "to"))
    shared, shifted = (
        float((taken[:, one].multiply(taken[:, partners]).sum(axis=0) > 0).mean())
        for partners in (other, np.roll(other, 1000))
    )
    assert shared > 0.2
    assert shared > 5 * shifted
