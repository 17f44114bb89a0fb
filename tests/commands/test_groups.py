"""graphrec recommend --explainer groups: what is stored of groups on both engines, read back and scored again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.profiles import profiles_of
from graphrec.models.saving import load_model
from graphrec.store.opening import open_store
from tests.explainers.groups.trial import profile_without, switched_off

if TYPE_CHECKING:
    import pandas as pd

    from tests.commands.conftest import Command

REASONS = """
MATCH (x)-[e:EXPLAINS]->(r:Recommendation) WHERE r.run = $run
RETURN r.user AS user, r.item AS item, x.id AS evidence, e.set AS number, e.set_of AS set_of, e.set_name AS set_name,
       e.weight AS weight, e.share AS share, e.rank AS rank, e.effect AS effect, e.net AS net, e.delta AS delta,
       e.joint_effect AS joint_effect, e.flips AS flips, e.contrast AS contrast, r.score AS score, r.rest AS rest
"""


GENRES = ("Drama", "Comedy", "Crime", "Drama|Crime", "Comedy|Drama")


def write_films(folder: Path) -> Path:
    """Write a MovieLens release of 12 users and 24 films of three genres, of which each user rated ten or so."""
    folder.mkdir()
    rows = [f"{u},{m},{5 - (u * m) % 3},{1000 + u}" for u in range(1, 13) for m in range(1, 25) if (u * m + m) % 7 < 3]
    (folder / "ratings.csv").write_text("\n".join(["userId,movieId,rating,timestamp", *rows, ""]), encoding="utf-8")
    titles = [f"{m},Film {m} ({1990 + m}),{GENRES[m % 5]}" for m in range(1, 25)]
    (folder / "movies.csv").write_text("\n".join(["movieId,title,genres", *titles, ""]), encoding="utf-8")
    return folder


@pytest.fixture
def films(graphrec: Command, empty: str, tmp_path: Path) -> str:
    """A store with twelve users and 24 films of three genres, and RecoNet fitted on it."""
    graphrec.good("load", "movielens", write_films(tmp_path / "ml"), "--store", empty)
    settings = [f"--set={name}" for name in ("embedding_size=8", "epochs=30", "learning_rate=0.03")]
    graphrec.good("train", "reconet", *settings, "--positive-if", "rating>=3", "--store", empty)
    return empty


def stored(uri: str, run: str) -> pd.DataFrame:
    with open_store(uri, read_only=True) as store:
        return store.query(REASONS, {"run": run})


@pytest.mark.parametrize("attributes", ["go", "stay"])
def test_joint_effects_in_the_store_are_what_scoring_again_gives(
    graphrec: Command, films: str, attributes: str
) -> None:
    asked = ("--explain-set", "by=attribute:genre", "--explain-set", f"attributes={attributes}", "--reasons", 3)
    command = ("recommend", "graphrec-fit", "--k", 3, "--against", 1, "--explainer", "groups", *asked)
    said = graphrec.good(*command, "--store", films, "--json").json
    assert (said["audit"]["sound"], said["current"], said["weight_unit"]) == (True, True, "perturbation")
    rows = stored(films, said["run"])
    with open_store(films, read_only=True) as store:
        model = load_model(Path("graphrec-fit"))
        data = Dataset.from_store(store, model.record.positive_if)
        explainer = json.loads(store.run(said["run"]).to_row()["params"])["explainer"]
    assert (explainer["by"], explainer["attributes"], explainer["largest"]) == ("attribute:genre", attributes, 50)
    assert rows[["flips", "contrast", "net"]].isna().all(axis=None)
    np.testing.assert_allclose(rows["rest"], rows["score"])
    assert set(rows["set_name"]) <= {"genre Drama", "genre Comedy", "genre Crime"}
    aligned, known = model.align(data)
    sizes = []
    for (user, item), reasons in rows.groupby(["user", "item"]):
        assert reasons["share"].abs().sum() <= 1 + 1e-6
        assert reasons["number"].nunique() == reasons["set_of"].nunique() <= 4
        row = np.array([int(data.users.require([user])[0])])
        profile, place = profiles_of(aligned, known, row), torch.tensor([[int(data.items.require([item])[0])]])
        before = model.score(profile, place).item()
        for (_, rank), members in reasons.groupby(["number", "rank"]):
            (joint,) = set(members["joint_effect"])
            if attributes == "go":
                without = profile_without(model, data, user, members["evidence"].tolist())
                after = model.score(without, place).item()
            else:
                numbers = data.items.require(members["evidence"].tolist()).tolist()
                after = switched_off(model, profile, numbers, place).item()
            assert joint == pytest.approx(before - after, abs=1e-5)
            assert (joint > 0) == (rank > 0)
            assert (members["delta"] == -1).all()
            assert members["weight"].sum() == pytest.approx(joint, abs=1e-5)
            sizes.append(len(members))
        for evidence, of_node in reasons.groupby("evidence"):
            assert of_node["effect"].notna().sum() == 1, "once, on the node's first row"
            one = switched_off(model, profile, data.items.require([evidence]).tolist(), place).item()
            assert of_node["effect"].dropna().item() == pytest.approx(before - one, abs=1e-5)
    assert len(sizes) > 40
    assert max(sizes) >= 4


def test_a_protected_kind_names_no_group(graphrec: Command, films: str) -> None:
    """With genres protected nothing is left to say, and that is no fault; a list may still be asked for."""
    start = ("recommend", "graphrec-fit", "--k", 2, "--protect", "genre", "--explainer", "groups", "--store", films)
    said = graphrec.good(*start, "--json").json
    assert said["audit"]["sound"]
    assert not len(stored(films, said["run"]))
    Path("space.txt").write_text("\n".join(str(number) for number in range(1, 13)), encoding="utf-8")
    said = graphrec.good(*start, "--explain-set", "by=attribute,list", "--explain-set", "lists=space.txt", "--against",
                         1, "--json").json  # fmt: skip
    rows = stored(films, said["run"])
    assert said["audit"]["sound"]
    assert set(rows["set_of"]) == {"list:space"}
    assert (rows["share"].abs() < 0.5).all()


def test_a_list_that_changed_is_another_run(graphrec: Command, films: str) -> None:
    command = ("recommend", "graphrec-fit", "--explainer", "groups", "--explain-set", "by=list", "--explain-set",
               "lists=mine.txt", "--store", films, "--json")  # fmt: skip
    runs = []
    for ids in ("1\n2\n", "1\n2\n3\n", "1\n2\n"):
        Path("mine.txt").write_text(ids, encoding="utf-8")
        runs.append(graphrec.good(*command).json["run"])
    assert runs[0] == runs[2] != runs[1]
    Path("mine.txt").write_text("1\n99\n", encoding="utf-8")
    assert "there is no Item with id '99'" in graphrec.bad(3, *command)


def test_a_run_of_groups_is_verified(graphrec: Command, films: str) -> None:
    run = graphrec.good("recommend", "graphrec-fit", "--k", 3, "--explainer", "groups", "--store", films, "--json").json
    said = graphrec.good(
        "verify", run["run"], "--model", "graphrec-fit", "--sample", 0, "--store", films, "--json"
    ).json
    for measured in (said["measured"]["effects"], said["measured"]["held_effects"]):
        assert measured["same"] == measured["compared"] > 50
