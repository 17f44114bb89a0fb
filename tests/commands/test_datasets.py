"""Several data sets in one store, through the command: which one is taken, removed and copied."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

MAPPING = '[dataset]\nid = "shop"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'


def test_data_sets_are_named_recommended_and_removed_apart(graphrec: Command, tmp_path: Path) -> None:
    rows = "".join(f"u{u},{i}\n" for u in range(6) for i in "abcdef" if (u + ord(i)) % 3)
    (tmp_path / "r.csv").write_text("u,i\n" + rows)
    (tmp_path / "m.toml").write_text(MAPPING)
    store = str(tmp_path / "store")
    load = ("load", "table", str(tmp_path / "m.toml"), "--store", store)
    graphrec.good(*load)
    graphrec.good(*load, "--option", "id_prefix=o:")
    graphrec.good(*load)
    fit, other = str(tmp_path / "fit"), str(tmp_path / "other")
    trained = graphrec.good("train", "ease", "--out", fit, "--store", store, "--json")
    assert trained.json["dataset"] == "shop"
    assert "also holds o:shop (--dataset ID)" in trained.err
    assert (
        graphrec.good("train", "ease", "--out", other, "--dataset", "o:shop", "--store", store, "--json").json[
            "dataset"
        ]
        == "o:shop"
    )
    runs = [graphrec.good("recommend", folder, "--store", store, "--json").json for folder in (fit, other)]
    assert [(run["dataset"], run["current"]) for run in runs] == [("shop", True), ("o:shop", True)]
    status = graphrec.good("status", "--store", store, "--json").json
    assert {name: of["current"]["run"] for name, of in status["of_datasets"].items()} == {
        "shop": runs[0]["run"],
        "o:shop": runs[1]["run"],
    }
    assert graphrec.good("why", "o:u1", "--store", store, "--json").json[0]["item"]["id"].startswith("o:")
    removed = graphrec.good("remove", "o:shop", "--store", store, "--json").json
    assert (removed["runs"], removed["rows"]["User"]) == ([runs[1]["run"]], 6)
    assert [run["run"] for run in graphrec.good("runs", "--store", store, "--json").json] == [runs[0]["run"]]
