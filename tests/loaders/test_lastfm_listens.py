"""LastFM's sets of 360,000 and 1,000 users in their owner's format, with tables worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loaders.lastfm import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loaders.folders import LASTFM_1K, LASTFM_360K, write_folder

if TYPE_CHECKING:
    from pathlib import Path

CARRIED = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
BEATLES, DOORS = "b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d", "9efff43b-3b29-4082-824e-bc82f646f93d"
JOE = 'joe "band'


def test_plays_of_360k(tmp_path: Path) -> None:
    write_folder(tmp_path, LASTFM_360K)
    loaded = load(tmp_path)
    tables = assert_sound(loaded)
    assert (loaded.info.id, loaded.info.verb) == ("lastfm-360k", "listened to")
    assert edge_set(tables.edges[INTERACTED], "weight", "rating") == {
        ("00aa", BEATLES, 12.0, None), ("00aa", JOE, 3.0, None), ("00bb", BEATLES, 5.0, None),
        ("00bb", DOORS, 7.0, None), ("00bb", JOE, 1.0, None),
    }  # fmt: skip
    assert dict(zip(*(tables.nodes["Item"].column(c).to_pylist() for c in ("id", "name")), strict=True)) == {
        BEATLES: "the beatles", DOORS: "the doors", JOE: JOE,
    }  # fmt: skip
    assert edge_set(tables.edges[CARRIED]) == {
        ("00aa", "user.gender=f"), ("00aa", "user.age=18-24"), ("00aa", "user.country=Germany"),
        ("00bb", "user.gender=m"), ("00cc", "user.country=Chile"),
    }  # fmt: skip
    without_id = (
        "usersha1-artmbid-artname-plays.tsv: 3 lines have no id of MusicBrainz: 1 take the only one that other lines "
        "give with the artist's name, the others are of artists that are called by their name"
    )
    assert {without_id, "usersha1-profile.tsv: 1 age outside 5 to 100 are left out"} <= set(loaded.report.remarks)


def test_a_name_of_two_artists_is_given_to_neither(tmp_path: Path) -> None:
    plays = f"u\t{BEATLES}\tnirvana\t1\nv\t{DOORS}\tnirvana\t2\nw\t\tnirvana\t4\nw\t\t\t8\nx\t{BEATLES}\t\t16\n"
    write_folder(tmp_path, {"usersha1-artmbid-artname-plays.tsv": plays})
    loaded = load(tmp_path)
    assert edge_set(assert_sound(loaded).edges[INTERACTED], "weight") == {
        ("u", BEATLES, 1.0), ("v", DOORS, 2.0), ("w", "nirvana", 4.0), ("x", BEATLES, 16.0),
    }  # fmt: skip
    assert "usersha1-artmbid-artname-plays.tsv: 1 lines name no artist and are left out" in loaded.report.remarks
    write_folder(tmp_path, {"usersha1-artmbid-artname-plays.tsv": "w\t\t\t8\n"})
    with pytest.raises(InputError, match="no line names an artist"):
        load(tmp_path)


def test_listens_of_1k_are_counted(tmp_path: Path) -> None:
    write_folder(tmp_path, LASTFM_1K)
    loaded = load(tmp_path, co_purchases=1)
    tables = assert_sound(loaded)
    assert loaded.info.name == "LastFM 1K"
    assert edge_set(tables.edges[INTERACTED], "weight", "timestamp") == {
        ("user_000001", BEATLES, 2.0, 1241478537),
        ("user_000002", DOORS, 1.0, 1238544000),
    }
    assert ("user_000002", "user.age=50-55") in edge_set(tables.edges[CARRIED])
    assert "#id" not in tables.nodes["User"].column("id").to_pylist()
    assert any("columns dropped: track_id, track" in remark for remark in loaded.report.remarks)


def test_options_of_hetrec_are_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, LASTFM_1K)
    for options in ({"graph": "kgcn"}, {"min_taggers": 3}, {"most_items": 0.1}):
        with pytest.raises(UsageError, match="graph, most_items, min_taggers and overlay are of HetRec 2011"):
            load(tmp_path, **options)
