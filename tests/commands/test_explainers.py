"""graphrec recommend --explainer: runs of every explainer that may be stored, audited on both engines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.parquet as pq
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.profiles import profiles_of
from graphrec.models.saving import load_model
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    import pandas as pd

    from graphrec.models.model import Model
    from tests.commands.conftest import Command

REASONS = """
MATCH (x)-[e:EXPLAINS]->(r:Recommendation) WHERE r.run = $run
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.method AS method, e.weight AS weight, e.share AS share,
       e.rank AS rank, e.effect AS effect, e.set AS number, e.contrast AS contrast, e.delta AS delta,
       e.joint_effect AS joint_effect, e.flips AS flips, r.score AS score, r.rest AS rest
"""


def write_films(folder: Path) -> Path:
    """Write a MovieLens release of 12 users and 24 films, of which each user rated six or seven."""
    folder.mkdir()
    rows = ["userId,movieId,rating,timestamp"]
    rows += [
        f"{u},{m},{5 - (u * m) % 3},{1000 + u}" for u in range(1, 13) for m in range(1, 25) if (u * u + m) % 4 == u % 3
    ]
    (folder / "ratings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    titles = "\n".join(f"{m},Film {m} ({1990 + m}),{'Drama' if m % 2 else 'Comedy|Crime'}" for m in range(1, 25))
    (folder / "movies.csv").write_text(f"movieId,title,genres\n{titles}\n", encoding="utf-8")
    return folder


@pytest.fixture
def movies(graphrec: Command, empty: str, tmp_path: Path) -> str:
    """A store with twelve users and 24 films, and RecoNet with a layer fitted on it."""
    graphrec.good("load", "movielens", write_films(tmp_path / "ml"), "--store", empty)
    settings = [f"--set={name}" for name in ("hidden_size=6", "embedding_size=8", "epochs=30", "learning_rate=0.03")]
    graphrec.good("train", "reconet", *settings, "--positive-if", "rating>=3", "--store", empty)
    return empty


def test_a_run_of_every_explainer_is_true(graphrec: Command, movies: str) -> None:
    asked = {
        "removal": (),
        "shapley": ("--explain-set", "permutations=20", "--explain-set", "seed=3"),
        "lime": ("--explain-set", "samples=100"),
        "counterfactual": ("--explain-set", "top=2"),
    }
    own = graphrec.good("recommend", "graphrec-fit", "--k", 3, "--store", movies, "--json").json
    runs = {}
    for name, settings in asked.items():
        command = ("recommend", "graphrec-fit", "--k", 3, "--explainer", name, *settings, "--store", movies, "--json")
        runs[name] = graphrec.good(*command).json
        assert runs[name]["run"].startswith(f"reconet-{name}-")
        assert (runs[name]["explainer"], runs[name]["current"], runs[name]["audit"]["sound"]) == (name, True, True)
    assert graphrec.good(*command).json == {**runs[name], "repeated": True}
    assert len({own["run"], *(run["run"] for run in runs.values())}) == 5
    assert runs["shapley"]["weight_unit"] == own["weight_unit"] == "score"
    assert {runs[name]["weight_unit"] for name in ("removal", "lime", "counterfactual")} == {"perturbation"}
    assert "averaged over 20 sampled orders" in runs["shapley"]["notes"]

    with open_store(movies, read_only=True) as store:
        assert json.loads(store.run(runs["shapley"]["run"]).to_row()["params"])["explainer"] == {
            "name": "shapley", "permutations": 20, "seed": 3,
        }  # fmt: skip
        frames = {name: store.query(REASONS, {"run": run["run"]}) for name, run in runs.items()}
        model = load_model(Path("graphrec-fit"))
        dataset = Dataset.from_store(store, model.record.positive_if)
    for name, rows in frames.items():
        assert set(rows["method"]) == {name}
        assert rows["effect"].notna().all()
        assert (rows["weight"] > 0).all()
    removal = frames["removal"]
    np.testing.assert_allclose(removal["weight"], removal["effect"], atol=1e-5)
    assert (removal["number"] == 0).all()
    assert removal[["contrast", "delta", "joint_effect", "flips"]].isna().all(axis=None)
    every = graphrec.good("recommend", "graphrec-fit", "--k", 3, "--reasons", 99, "--against", 99, "--explainer",
                          "shapley", "--store", movies, "--json").json  # fmt: skip
    with open_store(movies, read_only=True) as store:
        whole = store.query(REASONS, {"run": every["run"]})
    assert whole["rest"].abs().max() < 1e-5, "Shapley values sum to the score"
    check_sets(frames["counterfactual"], model, dataset)


def check_sets(rows: pd.DataFrame, model: Model, dataset: Dataset) -> None:
    """Hold every stored set against scoring again: without its members at least two candidates stand above the item."""
    assert len(rows) > 5
    assert (rows["number"] == 1).all()
    assert (rows["delta"] == -1).all()
    assert rows["flips"].all()
    np.testing.assert_allclose(rows["rest"], rows["score"])
    profiles = profiles_of(*model.align(dataset), np.arange(len(dataset.users)))
    slots = model.inputs(profiles)
    labels = {0: dataset.items, 2: dataset.attributes}
    for (user, item), members in rows.groupby(["user", "item"]):
        assert members["share"].sum() == pytest.approx(1)
        assert sorted(members["rank"]) == list(range(1, len(members) + 1))
        assert members["joint_effect"].nunique() == members["contrast"].nunique() == 1
        row = int(dataset.users.require([user])[0])
        kept = slots.filled[row].clone()
        for slot in range(len(kept)):
            if kept[slot]:
                node = labels[int(slots.labels[row, slot])].ids[int(slots.nodes[row, slot])].as_py()
                kept[slot] = node not in set(members["evidence"])
        assert int((~kept & slots.filled[row]).sum()) == len(members)
        one = np.array([row])
        scores = model.score_with(profiles.rows(one), slots.rows(one), kept[None, None])[0, 0].numpy()
        place = int(dataset.items.require([item])[0])
        free = np.ones(len(dataset.items), dtype=bool)
        free[dataset.taken.row(row)] = False
        assert (scores[free] > scores[place]).sum() >= 2
        rival = int(dataset.items.require([members["contrast"].iloc[0]])[0])
        assert free[rival]
        assert scores[rival] > scores[place]
        before = model.score(profiles.rows(one))[0].numpy()
        assert before[place] >= before[rival]
        assert members["joint_effect"].iloc[0] == pytest.approx(before[place] - scores[place], abs=1e-5)


def test_a_protected_kind_is_in_no_set(graphrec: Command, movies: str) -> None:
    run = graphrec.good("recommend", "graphrec-fit", "--explainer", "counterfactual", "--explain-set", "top=2",
                        "--protect", "genre", "--store", movies, "--json").json  # fmt: skip
    with open_store(movies, read_only=True) as store:
        rows = store.query(REASONS, {"run": run["run"]})
    assert len(rows)
    assert not rows["evidence"].str.contains("genre").any()
    assert run["audit"]["sound"]


def test_how_many_have_a_counterfactual_is_said_and_verified(graphrec: Command, movies: str) -> None:
    asked = ("recommend", "graphrec-fit", "--k", 3, "--explainer", "counterfactual", "--explain-set", "flip=next")
    run = graphrec.good(*asked, "--store", movies, "--json").json
    with open_store(movies, read_only=True) as store:
        rows = store.query(
            "MATCH (r:Recommendation) WHERE r.run = $run RETURN r.counterfactual AS said, count(*) AS n",
            {"run": run["run"]},
        )
    counts = dict(zip(rows["said"], rows["n"], strict=True))
    assert {**dict.fromkeys(("found", "none"), 0), **counts} == run["counterfactuals"]
    assert counts["found"] > 5
    whole = sum(counts.values())
    said = graphrec.good(*asked, "--store", movies).out
    assert f"  {counts['found']} of {whole} (" in said
    assert "recommendations have a counterfactual." in said
    kept = graphrec.good(*asked, "--store", movies, "--out", "sets", "--json").json
    assert kept["counterfactuals"] == run["counterfactuals"]
    verified = graphrec.good("verify", run["run"], "--model", "graphrec-fit", "--store", movies, "--json").json[
        "measured"
    ]
    assert verified["counterfactuals"]["flip"] == verified["counterfactuals"]["sets"] == counts["found"]
    assert (
        graphrec.good("recommend", "graphrec-fit", "--k", 1, "--store", movies, "--json").json["counterfactuals"]
        is None
    )
    said = graphrec.bad(2, *asked, "--explain-set", "direction=any", "--store", movies)
    assert "direction=any raises inputs, and those of reconet are on or off" in said


def test_controls_are_refused_before_anything_is_read(graphrec: Command, embedded: str) -> None:
    graphrec.good("train", "ease", "--store", embedded)
    for name in ("random", "popularity"):
        for more in ((), ("--out", "run")):
            said = graphrec.bad(2, "recommend", "graphrec-fit", "--explainer", name, "--store", "nowhere", *more)
            assert "nothing about ease" in said
            assert "in memory" in said


def test_unknown_names_and_settings(graphrec: Command, embedded: str) -> None:
    graphrec.good("train", "ease", "--store", embedded)
    start = ("recommend", "graphrec-fit", "--store", embedded, "--explainer")
    assert "Known explainers: counterfactual" in graphrec.bad(2, *start, "shap")
    assert "Settings of this explainer: seed, permutations" in graphrec.bad(
        2, *start, "shapley", "--explain-set", "n=2"
    )
    assert "multiple of 2" in graphrec.bad(2, *start, "shapley", "--explain-set", "permutations=3")
    assert "Write it like: --explain-set seed=1" in graphrec.bad(2, *start, "shapley", "--explain-set", "seed")
    assert "Settings of this explainer: seed" in graphrec.bad(2, *start, "own", "--explain-set", "permutations=2")


def test_without_the_package_lime(graphrec: Command, embedded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graphrec.good("train", "ease", "--store", embedded)
    monkeypatch.setitem(sys.modules, "lime.lime_base", None)
    said = graphrec.bad(8, "recommend", "graphrec-fit", "--store", embedded, "--explainer", "lime")
    assert "pip install 'graphrec[lime]'" in said


def test_parquet_of_an_explainer(graphrec: Command, embedded: str, tmp_path: Path) -> None:
    graphrec.good("train", "ease", "--set", "reg=1", "--store", embedded)
    said = graphrec.good("recommend", "graphrec-fit", "--explainer", "removal", "--out", "run", "--store", embedded,
                         "--json").json  # fmt: skip
    assert (said["explainer"], said["weight_unit"]) == ("removal", "perturbation")
    rows = pq.read_table(tmp_path / "run" / "reasons.parquet").to_pandas()
    assert set(rows["method"]) == {"removal"}
    assert len(rows) == said["rows"]["reasons"] > 0


def write_music(folder: Path) -> Path:
    """Write a HetRec folder with a knowledge graph: 12 listeners, 16 artists, each from one of five towns."""
    (folder / "kgcn").mkdir(parents=True)
    plays = [f"{u}\t{100 + a}\t{1 + u * a % 7}" for u in range(12) for a in range(16) if (u * a + u) % 7 < 3]
    facts = [f"{a}\thome\t{20 + a % 5}\n{a}\tlabel\t{30 + a % 6}" for a in range(16)]
    facts += ["3\tinfluenced\t8", "20\tnear\t21"]
    mapped = [f"{100 + a}\t{a}" for a in range(16)]
    named = [f"{100 + a}\tArtist {a}\t\t" for a in range(16)]
    for name, lines in (
        ("user_artists.dat", ["userID\tartistID\tweight", *plays]),
        ("artists.dat", ["id\tname\turl\tpictureURL", *named]),
        ("kgcn/item_index2entity_id.txt", mapped),
        ("kgcn/kg.txt", facts),
    ):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_sorted_paths_are_stored_with_what_they_came_through(graphrec: Command, empty: str, tmp_path: Path) -> None:
    """Every item, town and label is one that the graph holds, and anchored in an artist that the listener took."""
    folder = write_music(tmp_path / "music")
    graphrec.good("load", "lastfm", folder, "--option", "graph=kgcn", "--store", empty)
    graphrec.good("train", "ease", "--set", "reg=5", "--store", empty)
    many = ("--k", 3, "--reasons", 40, "--explainer", "sep", "--explain-set", "paths=60")
    said = graphrec.good("recommend", "graphrec-fit", *many, "--store", empty, "--json").json
    assert (said["weight_unit"], said["audit"]["sound"], said["current"]) == ("path", True, True)
    asked = """
    MATCH (x)-[e:EXPLAINS]->(r:Recommendation) WHERE r.run = $run
    RETURN x.id AS evidence, e.via AS via, e.ground AS ground, e.anchor AS anchor, e.weight AS weight,
           e.effect AS effect, r.user AS user
    """
    with open_store(empty, read_only=True) as store:
        rows = store.query(asked, {"run": said["run"]})
        taken = store.query("MATCH (u:User)-[:INTERACTED]->(i:Item) RETURN u.id AS user, i.id AS item", {})
        about = store.query(
            "MATCH (i:Item)-[f:HAS_ENTITY]->(x) RETURN i.id AS item, x.id AS entity, f.relation AS r", {}
        )
    assert set(rows["ground"]) == {"history", "entity"}
    vias = set(rows["via"])
    assert {"relation:home", "relation:label", "co-taken"} <= vias
    assert vias <= {"relation:home", "relation:label", "relation:influenced", "co-taken"}
    assert set(zip(rows["user"], rows["anchor"], strict=True)) <= set(zip(taken["user"], taken["item"], strict=True))
    entities = rows[rows["ground"] == "entity"]
    facts = {(item, entity, f"relation:{name}") for item, entity, name in about.itertuples(index=False)}
    assert set(entities[["anchor", "evidence", "via"]].itertuples(index=False, name=None)) <= facts
    assert (rows["weight"] > 0).all()
    assert entities["effect"].isna().all()  # EASE has no entities among its inputs
    assert rows[rows["ground"] == "history"]["effect"].notna().all()


def test_nothing_protected_is_told_of_a_path(graphrec: Command, movies: str) -> None:
    """Of these films only genres lead to others: nobody took one of two films without the other."""
    asked = "MATCH (x)-[e:EXPLAINS]->(r:Recommendation) WHERE r.run = $run RETURN DISTINCT e.via AS via"
    for protect, expected in (((), {"attribute:genre"}), (("--protect", "genre"), set())):
        command = ("recommend", "graphrec-fit", "--k", 3, "--explainer", "sep", *protect, "--store", movies, "--json")
        said = graphrec.good(*command).json
        assert said["audit"]["sound"]
        with open_store(movies, read_only=True) as store:
            assert set(store.query(asked, {"run": said["run"]})["via"]) == expected
