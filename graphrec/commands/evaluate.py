"""``graphrec evaluate``: ranking metrics of a model on held-out data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import (
    DatasetOption,
    EngineOption,
    JsonOption,
    KindOption,
    StoreOption,
    listed,
    named_class,
    say_dataset,
)
from graphrec.commands.printing import print_json, remark, say, table
from graphrec.commands.progress import bars
from graphrec.errors import UsageError
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.models.recommender import Recommender

EXAMPLES = """Examples:

\b
  graphrec evaluate fits/reconet --split split.parquet
  graphrec evaluate fits/reconet --split split.parquet --part validation --metrics recall@20,ndcg@20,map@20
  graphrec evaluate fits/eran --split left-out.parquet --candidates 100 --metrics precision@5,ndcg@5
  graphrec evaluate fits/eran --split left-out.parquet --candidates 100-expected --metrics ndcg@5,ndcg@15

Metrics: recall, recall_capped, precision, f1, hit_rate, mrr, map, ndcg, each with @k."""

METRICS = "recall@10,recall@50,precision@10,hit_rate@10,mrr@10,map@10,ndcg@10"


def evaluate(
    folder: Annotated[Path, typer.Argument(help="What graphrec train wrote.")],
    split: Annotated[Path, typer.Option("--split", metavar="FILE", help="The split that the model was trained with.")],
    part: Annotated[str, typer.Option("--part", help="What is to be found: test or validation.")] = "test",
    metrics: Annotated[str, typer.Option("--metrics", help="Names with their k.")] = METRICS,
    candidates: Annotated[
        str,
        typer.Option(
            "--candidates",
            help="full, or a number of negatives for each user: 100, or 100-per-positive, or its mean: 100-expected.",
        ),
    ] = "full",
    seed: Annotated[int, typer.Option("--seed", help="Of the negatives.")] = 0,
    kind: KindOption = "",
    engine: EngineOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Rank for every user with held-out items, and measure where those stand."""
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.engines.naming import engine_of
    from graphrec.evaluation import Metric, parse_candidates
    from graphrec.evaluation import evaluate as run
    from graphrec.models.saving import fit_id, load_recommender
    from graphrec.recommendation.graph_of_fit import dataset_of_fit
    from graphrec.store.opening import open_store

    metric_names = [str(Metric.parse(text)) for text in listed(metrics)]
    if not metric_names:
        raise UsageError("--metrics names none", remedy="Write them like recall@50,ndcg@10")
    ranked = parse_candidates(candidates, seed)
    chosen_engine = engine_of(engine)
    cut, model = Split.load(split), load_recommender(folder, named_class(kind))
    _refuse_another_split(model, cut, folder)
    with open_store(store, read_only=True, dataset=dataset) as opened, bars() as progress:
        progress("reading the data", 0, 0)
        own = dataset_of_fit(model.record, opened)
        record = model.record
        data = Dataset.from_store(opened, record.positive_if, negative_if=record.negative_if, dataset=own)
        say_dataset(opened, data.id)
        for sentence in _remarks(model, cut, data):
            remark(sentence)
        evaluation = run(
            model,
            cut.apply(data, visible=model.record.visible),
            metric_names,
            part=part,
            candidates=ranked,
            progress=progress,
            engine=chosen_engine,
        ).to_json()
    result = {"fit": fit_id(model), "split": cut.fingerprint, "part": part, **evaluation}
    if json:
        print_json(result)
    else:
        say(*_lines(result))


def _refuse_another_split(model: Recommender, split: Split, folder: Path) -> None:
    """Raise an error if the model may have been trained on the held-out part."""
    seen = model.record.split
    if seen == split.fingerprint:
        return
    saw = "all data" if seen == "none" else f"the split {seen}"
    raise UsageError(
        f"the model saw {saw} in training, this is the split {split.fingerprint}: it may know the answers",
        where=str(folder),
        remedy="Evaluate with the split it was trained with, or train it again: graphrec train … --split FILE",
    )


def _remarks(model: Recommender, split: Split, dataset: Dataset) -> list[str]:
    """Return remarks on figures that are not comparable."""
    sentences = []
    if model.record.data != dataset.fingerprint:
        sentences.append("The data of the store has changed since the model was trained.")
    held_out, learned = split.made.get("positive_if"), model.record.positive_if
    if held_out is not None and held_out != learned:
        rules = [f"interactions with {rule}" if rule else "any interactions" for rule in (held_out, learned)]
        sentences.append(f"The split holds out {rules[0]}, the model learned from {rules[1]}.")
    return sentences


def _lines(result: dict[str, Any]) -> list[str]:
    """Return an evaluation as lines of text."""
    ranked = f"against {result['candidates']}" if result["sampled"] else "all items that they have not taken ranked"
    subject = f"{result['fit']} on the {result['part']} part: {counted(result['users'], 'user')}"
    lines = [f"{subject}, {ranked}, {result['seconds']:.1f} s", ""]
    rows = [
        [metric, *("–" if value is None else f"{value:.4f}" for value in (of["mean"], of["low"], of["high"]))]
        for metric, of in result["metrics"].items()
    ]
    lines += table(["metric", "mean", "from", "to"], rows, right=(1, 2, 3))
    lines += ["", "From and to: 95 % interval of the mean over users."]
    if result["leaking"]:
        lines.append("leaking: the model saw profiles of features over all reviews, those of the held-out parts too.")
    if result["sampled"]:
        lines.append("Not all items are ranked: these are not the figures of full rankings.")
    if result["without_items"]:
        lines.append(f"Left out: {counted(result['without_items'], 'user')} without items in this part.")
    if result["without_input"]:
        lines.append(f"Counted as 0: {counted(result['without_input'], 'user')} of whom the model knows nothing.")
    return lines
