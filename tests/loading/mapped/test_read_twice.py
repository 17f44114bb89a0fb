from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loaders.table import load
from graphrec.loading.interactions import INTERACTED
from tests.loaders.checks import edge_set

if TYPE_CHECKING:
    from pathlib import Path

ORDERS = "u,i,r,seen\na,x,4,y\nb,y,3,x\n"


def mapping(folder: Path, *sections: str) -> Path:
    (folder / "orders.csv").write_text(ORDERS)
    (folder / "more.csv").write_text(ORDERS)
    text = "".join(f"[[interactions]]\n{section}\n" for section in sections)
    (folder / "mapping.toml").write_text(f'[dataset]\nid = "d"\n{text}')
    return folder


FIRST = 'file = "orders.csv"\nuser = "u"\nitem = "i"\nrating = "r"'


@pytest.mark.parametrize(
    "second",
    [
        FIRST,
        FIRST.replace('"orders', '"./orders'),
        FIRST.replace("orders.csv", "link.csv"),
        FIRST.replace('\nrating = "r"', ""),
        FIRST + "\nlowest_rating = 4",
        FIRST + '\nproperties = { seen = "string" }',
    ],
)
def test_a_file_that_would_count_twice_is_refused(tmp_path: Path, second: str) -> None:
    (tmp_path / "link.csv").symlink_to("orders.csv")
    with pytest.raises(InputError, match=r"stands in two \[\[interactions\]\] sections") as error:
        load(mapping(tmp_path, FIRST, 'file = "more.csv"\nuser = "u"\nitem = "i"', second))
    assert "[[interactions]] 1 and [[interactions]] 3" in str(error.value)


def test_other_columns_and_other_files_are_other_interactions(tmp_path: Path) -> None:
    seen = 'file = "orders.csv"\nuser = "u"\nitem = "seen"'
    loaded = load(mapping(tmp_path, FIRST, seen, 'file = "more.csv"\nuser = "u"\nitem = "i"'))
    edges = edge_set(loaded.tables.edges[INTERACTED], "weight")
    assert edges == {("a", "x", 2.0), ("b", "y", 2.0), ("a", "y", 1.0), ("b", "x", 1.0)}
