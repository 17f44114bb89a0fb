"""The parts that the data came in, as a property of its interactions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from graphrec.dataset.splitting import file_split, given_split
from graphrec.errors import InputError, UsageError
from tests.dataset.splitting.test_from_file import pairs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.store import Store

ROWS = "u,a,5,train,1\nu,b,5,val,1\nu,c,4,testing,1\nu,d,1,test,1\nv,a,5,training,1\nw,b,4,,1\nw,c,5,test,1\n"
MAPPING = """
[dataset]
id = "shop"
[interactions]
file = "sales.csv"
user = "user"
item = "item"
rating = "rating"
properties = { part = "string", till = "string" }
"""


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    (tmp_path / "sales.csv").write_text("user,item,rating,part,till\n" + ROWS)
    (tmp_path / "mapping.toml").write_text(MAPPING)
    with gr.open_store(tmp_path / "store") as opened:
        gr.load(opened, "table", tmp_path)
        yield opened


def test_positive_interactions_with_a_part_are_divided(store: Store) -> None:
    """u's d is rated too low, and w's b is in no part."""
    split = given_split(gr.Dataset.from_store(store, "rating>=3"), store=store, name="part")
    assert pairs(split, "train") == {("u", "a"), ("v", "a")}
    assert pairs(split, "validation") == {("u", "b")}
    assert pairs(split, "test") == {("u", "c"), ("w", "c")}
    assert dict(split.made) == {
        "kind": "given", "property": "part", "seed": 0, "validation": "as given", "positive_if": "rating>=3",
    }  # fmt: skip


def test_it_is_the_split_of_a_file_with_the_same_parts(store: Store, tmp_path: Path) -> None:
    """Without parts for validation, both cut the same from training by the seed."""
    lines = [f"u{user},i{item},{'test' if item == user else 'train'}" for user in range(6) for item in range(8)]
    (tmp_path / "parts.csv").write_text("user,item,part\n" + "\n".join(lines) + "\n")
    (tmp_path / "sales.csv").write_text(
        "user,item,rating,part,till\n" + "".join(f"{line[:5]},4,{line[6:]},1\n" for line in lines)
    )
    with gr.open_store(tmp_path / "other") as other:
        gr.load(other, "table", tmp_path)
        data = gr.Dataset.from_store(other)
        given = given_split(data, store=other, name="part", validation=0.3, seed=5)
    from_file = file_split(data, tmp_path / "parts.csv", part="part", validation=0.3, seed=5)
    assert given.sizes == {"train": 30, "validation": 12, "test": 6}
    assert given.fingerprint == from_file.fingerprint


def test_what_names_no_parts_is_refused(store: Store) -> None:
    data = gr.Dataset.from_store(store)
    with pytest.raises(InputError, match=r"no property 'split'.*They have part, till"):
        gr.split(data, "given", store=store)
    with pytest.raises(
        InputError, match=r"the property 'till' of 7 interactions is no part, such as '1'.*Parts are train"
    ):
        given_split(data, store=store, name="till")
    with pytest.raises(UsageError, match="the validation share is 1"):
        given_split(data, store=store, name="part", validation=1)
