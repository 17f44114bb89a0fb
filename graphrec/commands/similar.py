"""``graphrec similar``: item to item."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphrec.commands.options import DatasetOption, JsonOption, KindOption, StoreOption, named_class, say_dataset
from graphrec.commands.printing import print_json, say, table
from graphrec.commands.progress import bars

EXAMPLES = """Examples:

\b
  graphrec similar graphrec-fit 1198
  graphrec similar fits/ease 1198 260 --k 5 --items new-arrivals.txt

What the model would recommend to somebody who took this item alone. Any model
answers that scores people from their history."""


def similar(
    folder: Annotated[Path, typer.Argument(help="The model, as train wrote it.")],
    item: Annotated[list[str], typer.Argument(help="Ids of items, one or more.")],
    k: Annotated[int, typer.Option("--k", help="Similar items for each.")] = 10,
    items: Annotated[
        Path | None, typer.Option("--items", metavar="FILE", help="Answer only these: one item id a line.")
    ] = None,
    kind: KindOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """List the items that are most similar to an item."""
    import graphrec as gr
    from graphrec.loading.id_list import read_ids
    from graphrec.models.saving import load_recommender
    from graphrec.recommendation.graph_of_fit import dataset_of_fit

    model = load_recommender(folder, named_class(kind))
    with gr.open_store(store, read_only=True, dataset=dataset) as opened, bars() as progress:
        progress("reading the data", 0, 0)
        own = dataset_of_fit(model.record, opened)
        data = gr.Dataset.from_store(opened, model.record.positive_if, dataset=own)
        say_dataset(opened, data.id)
    rows = gr.similar_items(model, data, item, k, whitelist=None if items is None else read_ids(items))
    records = rows.to_dict("records")
    if json:
        print_json(records)
        return
    texts = [[row["item"], str(row["rank"]), row["similar"], row["name"], f"{row['score']:.4g}"] for row in records]
    say(*table(["item", "rank", "similar", "name", "score"], texts, right=(1, 4)))
