"""Load, train, recommend, why, verify: the main job through the command, on both engines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

EASE = ("train", "ease", "--set", "reg=1")


def write_movies(folder: Path) -> Path:
    """Write a tiny MovieLens release with a bad line."""
    folder.mkdir()
    rows = ["userId,movieId,rating,timestamp"]
    rows += [f"{u},{m},{4 if (u + m) % 3 else 2},{1000 + u}" for u in range(1, 9) for m in range(1, 11) if (u * m) % 4]
    (folder / "ratings.csv").write_text("\n".join([*rows, "9,1,much,5"]) + "\n", encoding="utf-8")
    titles = "\n".join(f"{m},Movie {m} ({1990 + m}),{'Drama' if m % 2 else 'Comedy|Crime'}" for m in range(1, 11))
    (folder / "movies.csv").write_text(f"movieId,title,genres\n{titles}\n", encoding="utf-8")
    return folder


def test_a_day_replaces_another(graphrec: Command, empty: str, tmp_path: Path) -> None:
    files = write_movies(tmp_path / "ml")
    graphrec.good("load", "movielens", files, "--store", empty)
    titles = (files / "movies.csv").read_text(encoding="utf-8").splitlines()
    ratings = (files / "ratings.csv").read_text(encoding="utf-8").splitlines()
    (files / "movies.csv").write_text("\n".join([*titles[:-1], "11,Movie 11 (2001),Drama"]), encoding="utf-8")
    kept = [row for row in ratings if row.split(",")[1] != "10"]
    (files / "ratings.csv").write_text("\n".join(kept), encoding="utf-8")
    said = graphrec.good("load", "movielens", files, "--store", empty, "--replace")
    assert "1  Item removed, such as 10" in said.out
    assert "10  Item, 1 of them new" in said.out
    again = graphrec.good("load", "movielens", files, "--store", empty, "--replace", "--json").json
    assert (again["changed"], again["replaced"]["removed"], again["added"]) == (False, {}, {})
    (files / "ratings.csv").write_text("\n".join(kept[:15]), encoding="utf-8")
    assert "--replace-most" in graphrec.bad(2, "load", "movielens", files, "--store", empty, "--replace")
    assert "--replace" in graphrec.bad(2, "load", "movielens", files, "--store", empty, "--replace-most")
    assert graphrec.good("check", "--store", empty).code == 0


def test_a_file_cut_short_does_not_take_names_unasked(graphrec: Command, empty: str, tmp_path: Path) -> None:
    """Items stay by their interactions; nine of ten lose title and year, and one interaction its rating."""
    folder = tmp_path / "shop"
    folder.mkdir()
    taken = [f"u{n},i{n},5" for n in range(10)]
    (folder / "taken.csv").write_text("\n".join(["user,item,rating", *taken]), encoding="utf-8")
    titles = [f"i{n},Title {n},19{n + 10}" for n in range(10)]
    (folder / "titles.csv").write_text("\n".join(["id,title,year", *titles]), encoding="utf-8")
    mapping = """
        dataset = {id = "shop", name = "Shop"}
        interactions = {file = "taken.csv", user = "user", item = "item", rating = "rating"}
        items = {file = "titles.csv", id = "id", name = "title", properties = {year = "integer"}}
    """
    (folder / "mapping.toml").write_text(mapping, encoding="utf-8")
    load = ("load", "table", folder, "--store", empty)
    graphrec.good(*load)
    (folder / "titles.csv").write_text("\n".join(["id,title,year", titles[0]]), encoding="utf-8")
    (folder / "taken.csv").write_text("\n".join(["user,item,rating", *taken[:-1], "u9,i9,"]), encoding="utf-8")
    refused = graphrec.bad(2, *load, "--replace")
    assert "empty the name of 9 of 10 (90 %) nodes Item that have one; the year of 9 of 10" in refused
    assert "--replace-most, in Python replace_most=True" in refused
    said = graphrec.good(*load, "--replace", "--replace-most")
    assert "9  Item lost the name, of 10 that had one" in said.out
    assert "1  (User)-[:INTERACTED]->(Item) lost the rating, of 10 that had one" in said.out
    assert "Nothing was removed" not in said.out
    (folder / "titles.csv").write_text("id,title,year\ni0,Title 0,", encoding="utf-8")
    told = graphrec.good(*load, "--replace", "--replace-most", "--json").json["replaced"]
    assert (told["removed"], told["emptied"]) == ({}, {"Item": {"year": {"gone": 1, "of": 1}}})
    assert "Nothing was removed, and no value became empty." in graphrec.good(*load, "--replace").out


def test_from_files_to_reasons(graphrec: Command, empty: str, tmp_path: Path) -> None:
    files = write_movies(tmp_path / "ml")
    loaded = graphrec.good("load", "movielens", files, "--store", empty, "--json").json
    assert loaded["changed"]
    assert loaded["rows"]["Item"] == 10
    (skipped,) = [file for file in loaded["files"] if file["skipped"]]
    assert (skipped["read"] - skipped["kept"], list(skipped["examples"].values())) == (1, [[skipped["read"] + 1]])
    again = graphrec.good("load", "movielens", files, "--store", empty, "--json").json
    assert (again["changed"], again["fingerprint"]) == (False, loaded["fingerprint"])

    fit = graphrec.good("train", "reconet", "--set", "epochs=2", "--positive-if", "rating>=3", "--store", empty,
                        "--out", tmp_path / "fit", "--json").json  # fmt: skip
    assert (fit["model"], fit["settings"]["epochs"], fit["positive_if"]) == ("reconet", 2, "rating>=3")
    run = graphrec.good("recommend", tmp_path / "fit", "--k", 3, "--against", 1, "--store", empty, "--json").json
    assert (run["current"], run["scope"], run["fit"], run["audit"]["sound"]) == (True, "full", fit["fit"], True)
    repeated = graphrec.good("recommend", tmp_path / "fit", "--k", 3, "--against", 1, "--store", empty, "--json").json
    assert (repeated["run"], repeated["repeated"]) == (run["run"], True)

    listed = graphrec.good("why", "1", "--store", empty, "--json").json
    assert [answer["rank"] for answer in listed] == list(range(1, len(listed) + 1))
    one = graphrec.good("why", "1", listed[0]["item"]["id"], "--store", empty, "--html", "why.html", "--json").json
    assert one == listed[0]
    assert (tmp_path / "why.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert sum(r["weight"] for r in one["reasons"]) + one["rest"] == pytest.approx(one["score"], abs=1e-5)
    words = graphrec.good("why", "1", listed[0]["item"]["id"], "--store", empty).out
    assert f"“{listed[0]['item']['name']}”, number 1 for user 1" in words
    assert "├── watched" in words

    verified = graphrec.good("verify", "--store", empty, "--json").json
    assert (verified["run"], verified["sound"], verified["findings"]) == (run["run"], True, verified["findings"])
    assert verified["effects"]["reasons"] > 0
    assert verified["grounding"]["share"] == 1.0
    assert "--model" in verified["measured"]["left_out"][0]["how"]
    measured = graphrec.good("verify", "--model", tmp_path / "fit", "--store", empty, "--json").json["measured"]
    assert measured["effects"]["same"] == measured["effects"]["compared"] > 0
    assert len(listed) < measured["measured"] <= 3 * verified["measured"]["users"]
    assert measured["written"] == 0
    status = graphrec.good("status", "--store", empty, "--json").json
    assert (status["current"]["run"], status["current"]["stale"]) == (run["run"], False)


def test_verify_measures_again_and_writes_what_differs(graphrec: Command, small: str) -> None:
    fit = graphrec.good(*EASE, "--store", small, "--json").json
    run = graphrec.good("recommend", "graphrec-fit", "--k", 2, "--store", small, "--json").json
    key = "MATCH (x)-[e:EXPLAINS]->(r:Recommendation) RETURN r.user AS user, r.item AS item, labels(x)[0] AS label, "
    key = key if "://" in small else key.replace("labels(x)[0]", "label(x)")
    key += "x.id AS evidence, e.method AS method, e.via AS via, e.set AS set, e.effect AS effect "
    key += "ORDER BY user, item, evidence"
    with open_store(small) as store:
        before = store.query(key)
        store.write_effects(run["run"], [pa.Table.from_pandas(before.head(2).assign(effect=[7.0, -7.0]))])
    said = graphrec.good("verify", "--model", "graphrec-fit", "--store", small).out
    assert "2 written" in said
    assert "Δŷ without the top 1" in said
    assert "Random" in said
    with open_store(small, read_only=True) as store:
        assert store.query(key)["effect"].to_numpy() == pytest.approx(before["effect"].to_numpy(), abs=1e-6)
    assert "0 written" in graphrec.good("verify", "--model", "graphrec-fit", "--sample", 0, "--store", small).out
    graphrec.good("train", "ease", "--set", "reg=2", "--out", "other", "--store", small)
    assert f"came from {fit['fit']}: reg is 2.0 here" in graphrec.bad(7, "verify", "--model", "other", "--store", small)
    assert "--sample is -1" in graphrec.bad(2, "verify", "--sample", -1, "--store", small)


def test_protected_kinds_are_in_no_reason_and_the_audit_holds_them(graphrec: Command, small: str) -> None:
    graphrec.good("train", "reconet", "--set", "epochs=1", "--store", small)
    open_run = graphrec.good("recommend", "graphrec-fit", "--reasons", 50, "--store", small, "--json").json
    closed = graphrec.good("recommend", "graphrec-fit", "--reasons", 50, "--protect", "gender,age", "--store", small,
                           "--json").json  # fmt: skip
    assert closed["protected"] == ["age", "gender"]
    assert "audit/protected" in closed["audit"]["asked"]
    kinds = "MATCH (a:Attribute)-[:EXPLAINS]->(r:Recommendation) WHERE r.run = $run RETURN DISTINCT a.kind AS kind"
    with open_store(small, read_only=True) as store:
        shown = set(store.query(kinds, {"run": open_run["run"]})["kind"])
        hidden = set(store.query(kinds, {"run": closed["run"]}).get("kind", []))
    assert "age" in shown
    assert not {"age", "gender"} & hidden
    assert "genre" in hidden


def test_a_list_of_users_makes_a_partial_run_that_never_is_current(
    graphrec: Command, small: str, tmp_path: Path
) -> None:
    graphrec.good(*EASE, "--store", small)
    (tmp_path / "users.txt").write_text("ada\n\nben\nada\n", encoding="utf-8")
    run = graphrec.good("recommend", "graphrec-fit", "--users", "users.txt", "--store", small, "--json").json
    assert (run["scope"], run["current"]) == ("partial", False)
    assert "people" not in run
    assert "no current run" in graphrec.bad(3, "why", "ada", "--store", small)
    found = graphrec.good("why", "ada", "--run", run["run"], "--store", small, "--json").json
    assert found
    assert "recommends nothing" in graphrec.bad(3, "why", "cat", "--run", run["run"], "--store", small)


def test_histories_of_newcomers_are_written_first_and_it_says_so(graphrec: Command, small: str, tmp_path: Path) -> None:
    graphrec.good(*EASE, "--store", small)
    full = graphrec.good("recommend", "graphrec-fit", "--store", small, "--json").json
    lines = ["user,item,rating", "eve,alien,5", "eve,blade,4", "ada,emma,3", "eve,unheard-of,5"]
    (tmp_path / "new.csv").write_text("\n".join(lines), encoding="utf-8")
    said = graphrec("recommend", "graphrec-fit", "--users", "new.csv", "--store", small, "--json")
    assert said.code == 0, said.err
    assert "Wrote 3 interactions of 2 users (1 new) into the store" in said.err
    assert "1 row named items that the store does not have, 'unheard-of' first" in said.err
    run = said.json
    assert (run["people"]["users"], run["people"]["new"], run["scope"]) == (2, 1, "partial")
    taken = {r["evidence"]["id"] for answer in graphrec.good("why", "eve", "--run", run["run"], "--store", small,
             "--json").json for r in answer["reasons"]}  # fmt: skip
    assert taken
    assert taken <= {"alien", "blade"}
    rows = graphrec.good("runs", "--store", small, "--json").json
    assert {row["run"]: row["stale"] for row in rows} == {full["run"]: True, run["run"]: False}
    status = graphrec.good("status", "--store", small, "--json").json
    assert [info["name"] for info in status["datasets"]] == ["Small", "histories from new.csv"]


def test_faulty_rows_of_histories_are_told_as_a_load_tells_them(graphrec: Command, small: str, tmp_path: Path) -> None:
    graphrec.good(*EASE, "--store", small)
    lines = ["user,item,rating,timestamp", "eve,alien,5,1", "eve,blade,good,2", "eve,emma,4,later", "eve,dune,-1,3"]
    (tmp_path / "new.csv").write_text("\n".join(lines), encoding="utf-8")
    told = [
        "1 skipped: rating is not a number, such as 'good' (line 3)",
        "1 skipped: rating is negative (line 5)",
        "1 value not read, left empty: timestamp is not a time (line 4)",
    ]
    said = graphrec("recommend", "graphrec-fit", "--users", "new.csv", "--store", small, "--json")
    assert said.code == 0, said.err
    assert said.json["people"]["remarks"][:3] == told
    assert all(f"  {sentence}" in said.err for sentence in told)
    again = graphrec("recommend", "graphrec-fit", "--users", "new.csv", "--store", small)
    assert all(f"  {sentence}" in again.err for sentence in told), "also where nothing changed"


@pytest.mark.parametrize(
    ("lines", "fault"),
    [
        (("user,item", "eve,alien", "eve,blade"), "there is no rating. Give a column rating"),
        (("user,item,rating", "eve,alien,", "eve,blade,"), "there is no rating. Give a column rating"),
        (("user,item,rating", "eve,alien,1", "eve,blade,2"), "the rating is 1 to 2. Train a model that counts others"),
    ],
)
def test_a_newcomer_of_whom_nothing_counts_is_told_the_rule(
    graphrec: Command, small: str, tmp_path: Path, lines: tuple[str, ...], fault: str
) -> None:
    graphrec.good(*EASE, "--positive-if", "rating>=3", "--store", small)
    (tmp_path / "new.csv").write_text("\n".join(lines), encoding="utf-8")
    said = graphrec("recommend", "graphrec-fit", "--users", "new.csv", "--store", small, "--json")
    assert said.code == 0, said.err
    rule = f"the model counts rating>=3, and {fault}"
    assert f"None of the 2 interactions in new.csv counts: {rule}" in said.err
    assert f"None of the 2 interactions in new.csv counts: {rule}" in said.json["people"]["remarks"][-1]
    assert "Of 1 user no interaction counts: the model counts rating>=3." in said.json["notes"]
    refused = graphrec.bad(3, "why", "eve", "--run", said.json["run"], "--store", small)
    assert f"None of eve's 2 interactions counts: {rule}" in refused
    changed = graphrec.good("whatif", "eve", "--with", "dune", "--store", small)
    assert f"None of eve's 2 interactions counts: {rule}" in changed.out


def test_items_and_exclusions(graphrec: Command, small: str, tmp_path: Path) -> None:
    graphrec.good(*EASE, "--store", small)
    (tmp_path / "some.txt").write_text("dune\nemma\nfargo\n", encoding="utf-8")
    (tmp_path / "not.txt").write_text("fargo\n", encoding="utf-8")
    graphrec.good("recommend", "graphrec-fit", "--items", "some.txt", "--exclude", "not.txt", "--store", small)
    with open_store(small, read_only=True) as store:
        found = set(store.query("MATCH (r:Recommendation) RETURN DISTINCT r.item AS item")["item"])
    assert found == {"dune", "emma"}


def test_parquet_needs_no_run_in_the_store(graphrec: Command, small: str, tmp_path: Path) -> None:
    graphrec.good(*EASE, "--store", small)
    written = graphrec.good("recommend", "graphrec-fit", "--out", "run", "--store", small, "--json").json
    assert graphrec.good("runs", "--store", small, "--json").json == []
    tables = {name: pq.read_table(tmp_path / "run" / f"{name}.parquet") for name in written["rows"]}
    assert {name: table.num_rows for name, table in tables.items()} == written["rows"]
    stored = graphrec.good("recommend", "graphrec-fit", "--store", small, "--json").json
    assert stored["run"] == written["run"]
    with open_store(small, read_only=True) as store:
        held = store.query("MATCH (x)-[e:EXPLAINS]->(r:Recommendation) RETURN r.user AS u, r.item AS i, e.weight AS w")
    mine = tables["reasons"].to_pandas()
    stored_rows = sorted((u, i, round(w, 9)) for u, i, w in held[["u", "i", "w"]].to_numpy())
    assert stored_rows == sorted(
        (u, i, round(w, 9)) for u, i, w in zip(mine["user"], mine["item"], mine["weight"], strict=True)
    )
    record = json.loads((tmp_path / "run" / "run.json").read_text(encoding="utf-8"))
    assert (record["id"], record["status"]) == (written["run"], "complete")


def test_a_split_hides_its_test_part_from_training_and_from_the_run(
    graphrec: Command, empty: str, tmp_path: Path
) -> None:
    graphrec.good("load", "movielens", write_movies(tmp_path / "ml"), "--store", empty)
    made = graphrec.good("split", "random", "--ratios", "0.5,0.25,0.25", "--seed", 3, "--out", "split.parquet",
                         "--store", empty, "--json").json  # fmt: skip
    assert sum(made["parts"].values()) == pq.read_table(tmp_path / "split.parquet").num_rows
    fit = graphrec.good(*EASE, "--split", "split.parquet", "--store", empty, "--json").json
    assert fit["split"] == made["split"]
    run = graphrec.good("recommend", "graphrec-fit", "--k", 10, "--split", "split.parquet", "--store", empty,
                        "--json").json  # fmt: skip
    assert (run["history"], run["split"], run["audit"]["sound"]) == ("train", made["split"], True)
    table = pq.read_table(tmp_path / "split.parquet").to_pylist()
    hidden = {(row["user"], row["item"]) for row in table if row["part"] == "test"}
    train = {(row["user"], row["item"]) for row in table if row["part"] == "train"}
    rows = "MATCH (u:User)-[:RECEIVED]->(r:Recommendation) RETURN u.id AS user, r.item AS item"
    reasons = "MATCH (j:Item)-[:EXPLAINS]->(r:Recommendation) RETURN r.user AS user, j.id AS item"
    with open_store(empty, read_only=True) as store:
        recommended = set(map(tuple, store.query(rows)[["user", "item"]].to_numpy()))
        evidence = set(map(tuple, store.query(reasons)[["user", "item"]].to_numpy()))
    assert hidden & recommended
    assert not train & recommended
    assert evidence <= train
