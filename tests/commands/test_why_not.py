"""``graphrec why-not`` and ``graphrec why --model``: the commands answer as Python does, and write nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from tests.commands.test_main_job import write_movies
from tests.commands.test_whatif import content, trained

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


@pytest.fixture
def asked(graphrec: Command, tmp_path: Path) -> tuple[str, str]:
    """A store with a model beside it that was never recommended by."""
    store = str(tmp_path / "movies")
    graphrec.good("load", "movielens", write_movies(tmp_path / "ml"), "--store", store)
    return store, str(trained(graphrec, store, tmp_path, "ease"))


def test_both_answer_as_python_does_and_write_nothing(
    graphrec: Command, asked: tuple[str, str], tmp_path: Path
) -> None:
    store, fit = asked
    before = content(tmp_path / "movies")
    with gr.open_store(store, read_only=True) as opened:
        predictor = gr.Predictor.load(fit, opened)
    item = predictor.recommend("1", k=2)[1].item.id
    options = ("--model", fit, "--store", store)
    told = graphrec.good("why-not", "1", item, "--k", "1", *options, "--json").json
    assert told == predictor.why_not("1", item, k=1).to_dict()
    assert told["rank"] == 2
    assert graphrec.good("why-not", "1", item, "--k", "1", *options).out.startswith("“")
    said = graphrec.good("why", "1", item, *options, "--json")
    assert said.json == predictor.why("1", item, reasons=10, against=10).to_dict()
    assert "nothing of it is stored" in graphrec.good("why", "1", item, *options).err
    listed = graphrec.good("why", "1", *options, "--json").json
    assert [row["item"]["id"] for row in listed][1] == item
    assert content(tmp_path / "movies") == before


@pytest.mark.parametrize(
    ("code", "arguments", "message"),
    [
        (2, ("why", "1", "4", "--run", "x"), "--run and --model exclude each other"),
        (2, ("why", "1", "4", "--by", "personal"), "--model looks at no run"),
        (3, ("why-not", "1", "99"), "no Item with id '99'"),
        (3, ("why-not", "99", "4"), "no User with id '99'"),
        (2, ("why-not", "1", "1"), "the person has taken it"),
        (2, ("why-not", "1", "8", "--largest", "0"), "largest is 0"),
        (2, ("why-not", "1", "8", "--k", "0"), "k is 0"),
    ],
)
def test_what_makes_no_sense_is_refused(
    code: int, arguments: tuple[str, ...], message: str, graphrec: Command, asked: tuple[str, str]
) -> None:
    store, fit = asked
    assert message in graphrec.bad(code, *arguments, "--model", fit, "--store", store)
