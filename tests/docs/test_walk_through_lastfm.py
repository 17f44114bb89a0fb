"""docs/walk-through-lastfm.md runs as written, on files of the same form and less in them."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from graphrec import queries
from graphrec.commands import main
from graphrec.loaders.lastfm import load
from graphrec.schema.elements import EdgeKind
from graphrec.store.opening import open_store
from tests.documentation import DOCS, blocks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAGE = "walk-through-lastfm.md"
TEXT = (DOCS / PAGE).read_text(encoding="utf-8")
USERS, ARTISTS = 24, 20


def write_release(folder: Path) -> None:
    """Write what 24 listeners play of 20 artists: the even of the even ones, mostly; their genres are DBpedia's."""
    (folder / "dbpedia").mkdir(parents=True)
    plays = [(u, a) for u in range(1, USERS + 1) for a in range(1, ARTISTS + 1) if (u + a) % 2 == 0 and (u * a) % 5]
    genre = [f"http://dbpedia.org/resource/Genre_{'even' if a % 2 == 0 else 'odd'}_{a % 3}" for a in range(ARTISTS + 1)]
    artist = [f"http://dbpedia.org/resource/Artist_{a}" for a in range(ARTISTS + 1)]
    numbers = range(1, ARTISTS + 1)
    for name, lines in (
        ("user_artists.dat", ["userID\tartistID\tweight", *(f"{u}\t{a}\t7" for u, a in plays)]),
        ("artists.dat", ["id\tname\turl\tpictureURL", *(f"{a}\tArtist {a}\t\t" for a in numbers)]),
        ("dbpedia/mappings.tsv", [f"{a}\tArtist {a}\t{artist[a]}" for a in numbers]),
        ("dbpedia/genre.edgelist", [f"{artist[a]} {genre[a]}" for a in numbers]),
    ):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder.parent / "listeners.txt").write_text("2\n8\n", encoding="utf-8")


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[[str], str]:
    """Run a command of the page and return what it prints."""

    def run(line: str) -> str:
        capsys.readouterr()
        assert main.run(shlex.split(line)[1:]) == 0, line
        return capsys.readouterr().out

    return run


def test_the_commands_and_the_path_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Callable[[str], str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_release(tmp_path / "hetrec2011-lastfm-2k")
    loading, training, recommending, asking = (block.strip().splitlines() for block in blocks(PAGE, "sh"))
    said(loading[0])
    said(training[0] + " --set embedding_size=8")
    run = json.loads(said(recommending[0] + " --json"))
    assert run["audit"]["sound"]
    said(recommending[1].replace("RUN", run["run"]))
    (user, item) = re.findall(r"graphrec why (\S+) (\S+)", asking[0])[0]
    with open_store("graphrec-store", read_only=True) as store:
        rows = store.query(
            "MATCH (x:Entity)-[e:EXPLAINS]->(r) RETURN r.user AS user, r.item AS item ORDER BY user, item", {}
        )
        known = (str(rows["user"][0]), str(rows["item"][0]))
        (path,) = blocks(PAGE, "cypher")
        found = store.query(path, {"user": known[0], "item": known[1]})
        values = {"user": known[0], "item": known[1], "run": ""}
        through = store.query(queries.load("why/factors", store.engine).text, values)
        shares = store.query(queries.load("analyst/factors", store.engine).text, {"run": ""})
    assert {"genre"} == set(found["relation"])
    assert all(name.startswith("Genre ") for name in found["entity"])
    assert all(via.startswith("factor:") for via in found["via"])
    assert {f"factor:{factor}" for factor in through["factor"]} >= set(found["via"])
    assert (through[["evidence_belongs", "user_belongs"]] > 0).all(axis=None)
    assert set(through["factor"]) <= set(shares["id"])
    assert 0 < shares["share"].sum() <= 1
    told = said(asking[0].replace(f"{user} {item}", " ".join(known)))
    assert "Genre " in told


def test_the_counts_are_those_of_the_real_release(data: Path) -> None:
    folder = data / "lastfm-hetrec2011"
    if not (folder / "dbpedia" / "mappings.tsv").is_file():
        pytest.skip("LastFM with DBpedia's graph is not here")
    tables = load(folder, graph="dbpedia").tables
    counts = {
        "users": tables.nodes["User"].num_rows,
        "artists": tables.nodes["Item"].num_rows,
        "plays": tables.edges[EdgeKind("INTERACTED", "User", "Item")].num_rows,
        "entities": tables.nodes["Entity"].num_rows,
        "about": tables.edges[EdgeKind("HAS_ENTITY", "Item", "Entity")].num_rows,
        "between": tables.edges[EdgeKind("RELATED_TO", "Item", "Item")].num_rows,
    }
    assert all(f"{count:,}" in TEXT for count in counts.values()), counts


def test_the_picture_is_there() -> None:
    (image,) = re.findall(r"!\[[^\]]*\]\((images/[^)]+)\)", TEXT)
    assert (DOCS / image).stat().st_size > 10_000
