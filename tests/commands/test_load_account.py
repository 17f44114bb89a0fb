"""The account of ``graphrec load``: what matched nothing, as text and as JSON; functions that are no loaders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

BASE = (
    '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'
    '[items]\nfile = "i.csv"\nid = "id"\nattributes = ["genre"]\n'
    '[triples]\nfile = "kg.csv"\nhead = "h"\nrelation = "r"\ntail = "t"\n'
)
OVERLAY = '[dataset]\nid = "d+more"\nbase = "d"\n[items]\nfile = "more.csv"\nid = "id"\nattributes = ["director"]\n'


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "r.csv").write_text("u,i\na,1\nb,2\n")
    (tmp_path / "i.csv").write_text("id,genre\n1,?\n2,Drama\n")
    (tmp_path / "kg.csv").write_text("h,r,t\nm.1,r,m.2\n")
    (tmp_path / "more.csv").write_text("id,director\n1,Ann\n7,Bob\n8,Ann\n")
    (tmp_path / "base.toml").write_text(BASE)
    (tmp_path / "overlay.toml").write_text(OVERLAY)
    return tmp_path


def test_what_touches_nothing_is_told(graphrec: Command, shop: Path) -> None:
    said = graphrec.good("load", "table", shop / "base.toml", "--store", shop / "st").out
    assert (
        "  no triple touches an item: none of 1 has an item's id as head or tail; they have ids such as 'm.1', " in said
    )
    assert "  1 item has the genre '?', which looks as if nothing were known; it is kept. To leave it out, say " in said
    remarks = graphrec.good("load", "table", shop / "base.toml", "--store", shop / "st", "--json").json["remarks"]
    assert [remark.partition(" ")[0] for remark in remarks] == ["no", "1"]
    assert remarks[1].endswith('To leave it out, say missing = ["?"] in its section of the mapping')


def test_an_overlay_that_knows_more_than_its_base(graphrec: Command, shop: Path) -> None:
    graphrec.good("load", "table", shop / "base.toml", "--store", shop / "st")
    said = graphrec.good("load", "table", shop / "overlay.toml", "--store", shop / "st").out
    assert "             1  (Item)-[:HAS_ATTRIBUTE]->(Attribute)" in said
    assert "  2 of 3 (67 %) edges (Item)-[:HAS_ATTRIBUTE]->(Attribute) were left out: d has no such Item as '7'" in said
    (shop / "more.csv").write_text("id,director\n7,Bob\n8,Ann\n")
    refused = graphrec.bad(3, "load", "table", shop / "overlay.toml", "--store", shop / "st")
    assert "the overlay 'd+more' touches nothing: d has no such Item as '7'" in refused


@pytest.mark.parametrize(
    ("prefix", "fault"), [(" ", "is empty"), ("\t", "control character"), ("a\t", "control character")]
)
def test_a_blank_prefix_is_no_prefix_left_out(graphrec: Command, shop: Path, prefix: str, fault: str) -> None:
    refused = graphrec.bad(
        3, "load", "table", shop / "base.toml", "--store", shop / "st", "--option", f"id_prefix={prefix}"
    )
    assert fault in refused
    assert "there is no store here" in graphrec.bad(4, "status", "--store", shop / "st")


def test_spaces_of_an_option_are_kept(graphrec: Command, shop: Path) -> None:
    options = ("--option", "id_prefix=b ", "--option", " co_purchases = 1 ")
    loaded = graphrec.good("load", "table", shop / "base.toml", "--store", shop / "st", *options, "--json").json
    assert loaded["dataset"]["id"] == "b d"


@pytest.mark.parametrize("name", ["sys:nothing", "os:system", "json:loads", "shutil:rmtree", "builtins:print"])
def test_functions_of_python_are_no_loaders(graphrec: Command, shop: Path, name: str) -> None:
    refused = graphrec.bad(2, "load", name, shop, "--store", shop / "st")
    assert refused.startswith(f"graphrec: {name!r} is no loader: ")
    assert (shop / "r.csv").is_file()
