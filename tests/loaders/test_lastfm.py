from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loaders.lastfm import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

FRIENDS = EdgeKind("FRIEND_OF", "User", "User")
TAGGED = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
HAS_ENTITY = EdgeKind("HAS_ENTITY", "Item", "Entity")


@pytest.fixture
def small(tmp_path: Path) -> Path:
    files = {
        "user_artists.dat": "userID\tartistID\tweight\n1\t10\t5\n2\t10\t7\n2\t11\t1\n3\t12\t-4\n",
        "artists.dat": 'id\tname\turl\tpictureURL\n10\tThe "X\turl10\tp\n11\tÉ\turl11\tp\n12\tNot played\t\t\n',
        "user_friends.dat": "userID\tfriendID\n1\t2\n2\t1\n1\t9\n",
        "user_taggedartists.dat": "userID\tartistID\ttagID\n1\t10\t1\n2\t10\t1\n2\t10\t2\n2\t10\t1\n9\t12\t1\n",
        "kgcn/item_index2entity_id.txt": "10\t0\n12\t1\n",
        "kgcn/kg.txt": "0\tmusic.genre\t7\n1\tmusic.genre\t7\n7\tnear\t8\n",
    }
    (tmp_path / "kgcn").mkdir()
    for name, content in files.items():
        (tmp_path / name).write_text(content.replace("\n", "\r\n"), newline="")
    (tmp_path / "tags.dat").write_bytes("tagID\ttagValue\n1\tcaf\xe9\n2\tpop\n".encode("latin-1"))
    return tmp_path


def test_a_small_folder_worked_out_by_hand(small: Path) -> None:
    loaded = load(small)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating", "weight") == {
        ("1", "10", None, 5.0),
        ("2", "10", None, 7.0),
        ("2", "11", None, 1.0),
    }
    assert loaded.report.files[0].examples == {"weight is negative": [5]}
    assert tables.nodes["Item"].to_pydict() == {"id": ["10", "11"], "name": ['The "X', "É"], "url": ["url10", "url11"]}
    assert tables.nodes["User"].column("id").to_pylist() == ["1", "2"]
    assert edge_set(tables.edges[FRIENDS]) == {("1", "2")}
    assert edge_set(tables.edges[TAGGED]) == {("10", "item.tag=café")}
    assert edge_set(load(small, min_taggers=1).tables.edges[TAGGED]) == {
        ("10", "item.tag=café"),
        ("10", "item.tag=pop"),
    }
    assert "Attribute" not in load(small, min_taggers=0).tables.nodes


def test_the_kgcn_graph_keeps_only_the_artists_it_knows(small: Path) -> None:
    loaded = load(small, graph="kgcn")
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED]) == {("1", "10"), ("2", "10")}
    assert edge_set(tables.edges[HAS_ENTITY], "relation") == {("10", "kgcn:7", "music.genre")}
    assert edge_set(tables.edges[EdgeKind("RELATED_TO", "Entity", "Entity")], "relation") == {
        ("kgcn:7", "kgcn:8", "near")
    }
    assert tables.nodes["Entity"].column("name").to_pylist() == ["entity 7", "entity 8"]
    assert (loaded.info.id, loaded.info.verb) == ("lastfm-kgcn", "listened to")


def test_a_graph_as_an_overlay(small: Path) -> None:
    overlay = load(small, graph="kgcn", overlay=True)
    assert (overlay.info.id, overlay.info.base, overlay.info.verb) == ("lastfm+kgcn", "lastfm", "")
    assert set(overlay.tables.nodes) == {"Entity"}
    with pytest.raises(UsageError, match="Graphs of lastfm: kgcn, dbpedia"):
        load(small, overlay=True)


def test_a_missing_file_is_named(small: Path) -> None:
    (small / "artists.dat").unlink()
    with pytest.raises(InputError, match=r"no such file.*artists\.dat"):
        load(small)


def test_the_real_data(data: Path) -> None:
    loaded = load(data / "lastfm-hetrec2011", graph="dbpedia")
    tables = assert_sound(loaded)
    assert (tables.nodes["User"].num_rows, tables.nodes["Item"].num_rows) == (1892, 17_632)
    assert tables.edges[INTERACTED].num_rows == 92_834
    assert tables.edges[FRIENDS].num_rows == 12_717
    assert ("89", "item.tag=pop") in edge_set(tables.edges[TAGGED])  # Lady Gaga


def test_the_real_kgcn_subset(data: Path) -> None:
    tables = assert_sound(load(data / "lastfm-hetrec2011", graph="kgcn"))
    assert (tables.nodes["User"].num_rows, tables.nodes["Item"].num_rows) == (1872, 3846)
    assert tables.edges[INTERACTED].num_rows == 21_173
    assert tables.nodes["Entity"].num_rows == 9366 - 3846
    relations = {
        relation
        for kind in tables.edges
        if kind.type in ("HAS_ENTITY", "RELATED_TO")
        for relation in tables.edges[kind].column("relation").unique().to_pylist()
    }
    assert len(relations) == 60
