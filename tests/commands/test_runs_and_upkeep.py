"""Runs, forgetting, copying, exporting, checking: through the command, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.store.opening import open_store
from tests.store.content import everything

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


def test_runs_are_listed_used_kept_and_deleted(graphrec: Command, small_runs: str) -> None:
    at = ("--store", small_runs)
    rows = graphrec.good("runs", *at, "--json").json
    assert [(row["run"], row["current"], row["stale"]) for row in rows] == [("new", True, False), ("old", False, True)]
    table = graphrec.good("runs", *at).out.splitlines()
    assert table[1].split()[:2] == ["→", "new"]
    assert "stale" in table[2]
    graphrec.good("runs", "use", "old", *at)
    assert graphrec.good("why", "ada", "fargo", *at, "--json").json["run"] == "old"
    assert "the data has changed since this run" in graphrec.good("why", "ada", "fargo", *at).err
    assert graphrec.good("runs", "keep", 1, *at, "--json").json == {"removed": []}  # the newest, and the current one
    graphrec.good("runs", "use", "new", *at)
    assert graphrec.good("runs", "keep", 1, *at, "--json").json == {"removed": ["old"]}
    assert graphrec.good("runs", "delete", "new", *at, "--json").json == {"removed": ["new"]}
    assert graphrec.good("runs", *at, "--json").json == []
    assert "no current run" in graphrec.bad(3, "why", "ada", *at)


def test_unknown_runs_change_nothing(graphrec: Command, small_runs: str) -> None:
    at = ("--store", small_runs)
    for line in (("use", "never"), ("delete", "new", "never")):
        assert "no run 'never'" in graphrec.bad(3, "runs", *line, *at)
    assert len(graphrec.good("runs", *at, "--json").json) == 2
    assert "cannot be kept" in graphrec.bad(2, "runs", "keep", "--", "-1")


def test_options_in_front_of_the_second_word_are_refused_rather_than_lost(graphrec: Command, embedded: str) -> None:
    assert "options stand after 'use'" in graphrec.bad(2, "runs", "--store", embedded, "use", "x")


def test_a_forgotten_person_is_gone(graphrec: Command, small_runs: str) -> None:
    said = graphrec.good("forget", "ben", "--store", small_runs, "--json").json
    assert said["user"] == "ben"
    assert said["removed"]["User"] == 1
    assert any("models" in place["what"] and "Train again" in place["remedy"] for place in said["remains"])
    assert ("transaction logs" in str(said["remains"])) == ("://" in small_runs)
    told = graphrec.good("forget", "cat", "--store", small_runs).out
    assert "Forgot cat." in told
    assert "split files hold ids" in told
    with open_store(small_runs, read_only=True) as store:
        assert "ben" not in repr(everything(store))
    assert "no user 'ben'" in graphrec.bad(3, "why", "ben", "--store", small_runs)
    assert graphrec.bad(3, "forget", "ben", "--store", small_runs).startswith("graphrec: ")


def test_copy_and_export(graphrec: Command, small_runs: str, tmp_path: Path) -> None:
    copied = graphrec.good("copy", small_runs, tmp_path / "copy", "--json").json
    assert set(copied["runs"]) == {"old", "new"}
    with open_store(small_runs, read_only=True) as one, open_store(tmp_path / "copy", read_only=True) as other:
        assert everything(one) == everything(other)
        assert copied["fingerprint"] == one.data_fingerprint() == other.data_fingerprint()
    exported = graphrec.good("export", tmp_path / "csv", "--store", small_runs, "--json").json
    assert exported["rows"]["Item"] == 6
    assert (tmp_path / "csv" / "import.sh").is_file()
    assert graphrec.good("export", tmp_path / "csv", "--store", small_runs, "--json").json == exported
    (tmp_path / "csv" / "mine.txt").touch()
    assert "holds 'mine.txt'" in graphrec.bad(3, "export", tmp_path / "csv", "--store", small_runs)


def test_check_and_rebuild(graphrec: Command, embedded: str, tmp_path: Path) -> None:
    assert graphrec.good("check", "--store", embedded, "--json").json["sound"]
    (database,) = [file for file in (tmp_path / "embedded").rglob("*.lbug*") if file.stat().st_size > 10_000][:1]
    content = bytearray(database.read_bytes())
    database.write_bytes(content[: len(content) // 2])
    said = graphrec("check", "--store", embedded, "--json")
    assert (said.code, said.json["sound"], len(said.json["findings"]) > 0) == (6, False, True)
    graphrec.good("rebuild", "--store", embedded)
    assert graphrec.good("check", "--store", embedded, "--json").json["sound"]


def test_rebuild_restores_a_damaged_or_missing_manifest(graphrec: Command, embedded: str, tmp_path: Path) -> None:
    manifest = tmp_path / "embedded" / "tables" / "manifest.json"
    written = manifest.read_bytes()
    manifest.write_bytes(written.replace(b"generation", b"genaration", 1))
    assert "the store's manifest is damaged" in graphrec.bad(6, "status", "--store", embedded)
    assert "restored from its copy" in graphrec.good("rebuild", "--store", embedded).err
    manifest.unlink()
    assert "Run: graphrec rebuild" in graphrec.bad(6, "status", "--store", embedded)
    assert "restored from its copy" in graphrec.good("rebuild", "--store", f"ladybug:{embedded}").err
    assert graphrec.good("check", "--store", embedded, "--json").json["sound"]


def test_only_an_embedded_store_is_rebuilt(graphrec: Command, clean_neo4j_store: str) -> None:
    assert "keeps tables to rebuild from" in graphrec.bad(2, "rebuild", "--store", clean_neo4j_store)


def test_status_of_an_empty_store_says_what_to_do(graphrec: Command, clean_neo4j_store: str) -> None:
    assert "graphrec load" in graphrec.good("status", "--store", clean_neo4j_store).out


def test_doctor_looks_at_everything(graphrec: Command, embedded: str) -> None:
    looked = {one["what"]: one for one in graphrec.good("doctor", "--store", embedded, "--json").json}
    assert looked["sampler"]["detail"] == ("DGL" if looked["dgl"]["state"] == "ok" else "PyTorch alone")
    assert {"graphrec", "python", "torch", "ladybug", "neo4j", "dgl", "sampler", "java", "mvn", "store"} <= set(looked)
    assert looked["store"]["state"] == "ok"
    assert all(one["remedy"] for one in looked.values() if one["state"] != "ok")
    absent = {one["what"]: one for one in graphrec.good("doctor", "--store", "nowhere", "--json").json}
    assert absent["store"]["state"] == "missing"
