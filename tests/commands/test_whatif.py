"""``graphrec whatif``: the command answers as Python does, and writes nothing."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from tests.commands.conftest import in_a_process
from tests.commands.test_main_job import write_movies

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

TRAINED = {
    "ease": ("--set", "reg=1"),
    "reconet": ("--set", "epochs=2", "--set", "embedding_size=6"),
    "user-user": (),
}


def trained(graphrec: Command, store: str, folder: Path, model: str, *more: str) -> Path:
    out = folder / f"fit-{model}"
    graphrec.good("train", model, *TRAINED[model], "--positive-if", "rating>=3", "--out", out, "--store", store, *more)
    return out


def loaded(graphrec: Command, store: str, folder: Path) -> str:
    graphrec.good("load", "movielens", write_movies(folder / "ml"), "--store", store)
    return store


@pytest.fixture
def movies(graphrec: Command, tmp_path: Path) -> str:
    return loaded(graphrec, str(tmp_path / "movies"), tmp_path)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("model", TRAINED)
def test_it_answers_as_python_does_and_writes_nothing(
    model: str, graphrec: Command, movies: str, tmp_path: Path
) -> None:
    fit = trained(graphrec, movies, tmp_path, model)
    before = content(tmp_path / "movies")
    asked = ("whatif", "1", "--model", fit, "--store", movies, "--k", 4)
    with gr.open_store(movies, read_only=True) as store:
        predictor = gr.Predictor.load(fit, store)
    for options, change in (
        (("--without", "attribute:genre=Crime", "--recommend-removed"), {"recommend_removed": True}),
        (("--without", "attribute:genre=Crime", "--attributes", "stay", "--with", "4"), {"attributes": "stay"}),
        (("--without", "attribute:genre=Crime", "--with", "4", "--with", "item:8"), {}),
    ):
        with_items = [options[place + 1] for place, option in enumerate(options) if option == "--with"]
        expected = predictor.whatif("1", without="attribute:genre=Crime", with_items=with_items, k=4, **change)
        said = graphrec.good(*asked, *options, "--json").json
        for part in ("before", "after", "entered", "left", "moved"):
            theirs = expected.to_dict()[part]
            assert [row["item"] for row in said[part]] == [row["item"] for row in theirs]
            for mine, other in zip(said.pop(part), theirs, strict=True):
                assert [mine[n] for n in ("rank_before", "rank_after")] == [
                    other[n] for n in ("rank_before", "rank_after")
                ]
                for name in ("score_before", "score_after"):
                    assert mine[name] == pytest.approx(other[name], abs=1e-5)
        assert said == {key: value for key, value in expected.to_dict().items() if key in said}
        assert said["verb"] == "watched"
    assert content(tmp_path / "movies") == before


def test_it_prints_and_writes_a_page(graphrec: Command, movies: str, tmp_path: Path) -> None:
    fit = trained(graphrec, movies, tmp_path, "ease")
    said = graphrec.good(
        "whatif", "1", "--without", "1", "--without", "attribute:genre=Crime", "--model", fit, "--store", movies,
        "--html", "page.html",
    ).out  # fmt: skip
    assert said.startswith("user 1 without “Movie 1 (1991)” and 3 items of genre Crime\n")
    assert said.endswith("Wrote page.html\n")
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


def test_the_model_s_default_is_where_train_writes_it(graphrec: Command, movies: str) -> None:
    graphrec.good("train", "ease", "--store", movies)
    assert graphrec.good("whatif", "1", "--without", "1", "--store", movies, "--json").json["model"] == "ease"


def test_it_works_on_each_engine(graphrec: Command, empty: str, tmp_path: Path) -> None:
    loaded(graphrec, empty, tmp_path)
    fit = trained(graphrec, empty, tmp_path, "reconet")
    said = graphrec.good(
        "whatif", "2", "--without", "attribute:genre=Drama", "--model", fit, "--store", empty, "--json"
    )
    assert [item["id"] for item in said.json["without"][0]["items"]] == ["1", "3", "5", "7", "9"]
    assert said.json["inputs"]["after"] < said.json["inputs"]["before"]
    assert "no User with id '99'" in graphrec.bad(3, "whatif", "99", "--without", "1", "--model", fit, "--store", empty)


def test_a_split_hides_what_is_held_out(graphrec: Command, movies: str, tmp_path: Path) -> None:
    graphrec.good("split", "leave-one-out", "--by", "random", "--no-validation", "--positive-if", "rating>=3",
                  "--out", "split.parquet", "--store", movies)  # fmt: skip
    fit = trained(graphrec, movies, tmp_path, "ease", "--split", "split.parquet")
    asked = ("whatif", "1", "--without", "attribute:genre=Drama", "--model", fit, "--store", movies, "--json")
    seen = graphrec.good(*asked, "--split", "split.parquet").json
    assert seen["inputs"]["before"] == graphrec.good(*asked).json["inputs"]["before"] - 1


@pytest.mark.parametrize(
    ("options", "code", "message"),
    [
        ((), 2, "nothing is changed"),
        (("--without", "Movie 1"), 3, "Near to it: 1 (Movie 1 (1991))"),
        (("--without", "attribute:genre=Horror"), 3, "there is no Attribute with id 'genre=Horror'"),
        (("--without", "4"), 2, "has not taken '4'"),
        (("--with", "1"), 2, "has taken '1' (Movie 1 (1991)) already"),
        (("--without", "1", "--attributes", "leave"), 2, "Give go or stay"),
        (("--without", "1", "--k", "0"), 2, "k is 0"),
        (("--without", "factor:x"), 2, "the model has no factors"),
    ],
)
def test_what_makes_no_sense_is_one_sentence(
    options: tuple[str, ...], code: int, message: str, graphrec: Command, movies: str, tmp_path: Path
) -> None:
    fit = trained(graphrec, movies, tmp_path, "ease")
    assert message in graphrec.bad(code, "whatif", "1", *options, "--model", fit, "--store", movies)


@pytest.mark.parametrize("model", ["ease", "user-user"])
def test_a_fit_of_another_graph_is_refused_although_ids_agree(
    model: str, graphrec: Command, movies: str, tmp_path: Path
) -> None:
    fit = trained(graphrec, movies, tmp_path, model)
    other = str(tmp_path / "other")
    (tmp_path / "few.csv").write_text("user,item\n1,1\n1,3\n", encoding="utf-8")
    mapping = '[dataset]\nid = "few"\nname = "few"\n[interactions]\nuser = "user"\nitem = "item"\n'
    (tmp_path / "few.toml").write_text(mapping, encoding="utf-8")
    mapped = f"mapping={tmp_path / 'few.toml'}"
    graphrec.good("load", "table", tmp_path / "few.csv", "--option", mapped, "--store", other)
    said = graphrec.bad(7, "whatif", "1", "--without", "1", "--model", fit, "--store", other)
    assert "fitted on another graph" in said


def test_no_model_and_no_store_are_told(graphrec: Command, movies: str, tmp_path: Path) -> None:
    assert "there is no model here" in graphrec.bad(3, "whatif", "1", "--without", "1", "--store", movies)
    fit = trained(graphrec, movies, tmp_path, "ease")
    assert "there is no store here" in graphrec.bad(4, "whatif", "1", "--without", "1", "--model", fit)


def test_one_person_is_answered_without_pytorch(graphrec: Command, movies: str, tmp_path: Path) -> None:
    for model in ("ease", "reconet"):
        fit = trained(graphrec, movies, tmp_path, model)
        asked = ("whatif", "1", "--without", "1", "--model", fit, "--store", movies)
        said = in_a_process(*asked, env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"})
        assert said.returncode == 0, said.stderr[-500:]
        imported = {line.rpartition("|")[2].strip() for line in said.stderr.splitlines()}
        assert "graphrec.recommendation.saved_scores" in imported
        assert not imported & {"torch", "networkx"}
