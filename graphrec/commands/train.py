"""``graphrec train``: fit a model on the store's data and save it as a folder."""

from __future__ import annotations

import logging
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from graphrec.commands.options import (
    DatasetOption,
    JsonOption,
    NegativeOption,
    PositiveOption,
    SplitOption,
    StoreOption,
    say_dataset,
    settings,
)
from graphrec.commands.output_files import named_output
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError
from graphrec.models.registry import MODELS

if TYPE_CHECKING:
    from graphrec.dataset.visible_reviews import ItemProfiles, Profiles, Reviews, VisibleReviews
    from graphrec.models.recommender import Recommender
    from graphrec.progress import Progress
    from graphrec.store.store import Store

EXAMPLES = """Examples:

\b
  graphrec train ease --help              the settings of a model, too
  graphrec train ease --set reg=300
  graphrec train reconet --set epochs=20 --positive-if "rating>=3" --out fits/reconet
  graphrec train ease --positive-if "rating>=4" --negative-if "rating<=2"
  graphrec train reconet --split split.parquet --out fits/reconet-split
  graphrec train my_model:MyModel --out fits/mine

Interrupted, even killed, the same command goes on from its last checkpoint.
Several devices or machines: torchrun --nproc-per-node 2 -m graphrec train …"""


def train(
    model: Annotated[str, typer.Argument(help=f"One of {', '.join(sorted(MODELS))}, or module:class.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting of the model; may repeat.")
    ] = None,
    split: SplitOption = None,
    reviews: Annotated[
        str,
        typer.Option(
            "--reviews",
            help="Which reviews a split leaves: training, those of its training part; not-held-out, all but those of "
            "held-out pairs.",
        ),
    ] = "training",
    profiles: Annotated[
        str,
        typer.Option(
            "--profiles",
            help="Profiles of features over all reviews: reviews, made anew from those that a split leaves; given, "
            "kept as stored, which leaks.",
        ),
    ] = "reviews",
    item_profiles: Annotated[
        str,
        typer.Option("--item-profiles", help="With given profiles: given, or takers, the sums of those of its takers."),
    ] = "given",
    positive_if: PositiveOption = "",
    negative_if: NegativeOption = "",
    out: Annotated[
        Path, typer.Option("--out", metavar="FOLDER", parser=named_output, help="Where to write the model.")
    ] = Path("./graphrec-fit"),
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Fit a model on the data of the store and save it."""
    from graphrec.dataset.visible_reviews import VisibleReviews
    from graphrec.models.distributed import joined
    from graphrec.models.model import Model
    from graphrec.models.registry import find_model
    from graphrec.progress import no_progress
    from graphrec.store.opening import open_store

    # the warnings of a fit are part of what this command prints, so that without logging they are not printed twice
    logging.getLogger("graphrec.models.recommender").addHandler(logging.NullHandler())
    kind = find_model(model)
    fresh = kind(kind.Config.read(dict(settings(set_ or [], "--set"))))
    visible = VisibleReviews(cast("Reviews", reviews), cast("Profiles", profiles), cast("ItemProfiles", item_profiles))
    if split is None and visible.stated:
        raise UsageError("without --split all reviews and profiles are seen", remedy="Name a split, or leave this out")
    with (
        joined() as team,
        open_store(store, dataset=dataset) as opened,
        bars() if team.first else nullcontext(no_progress) as progress,
    ):
        result = fit_and_save(
            opened,
            fresh,
            out,
            split=split,
            positive_if=positive_if,
            negative_if=negative_if,
            visible=visible,
            progress=progress,
        )
    if not team.first:
        return
    if json:
        print_json(result)
        return
    say(f"Trained {model} as {result['fit']}, saved in {out}.")
    say(*(f"  {name}: {value:.4g}" for name, value in result["metrics"].items()))
    say(*(f"Warning: {warning}" for warning in result["warnings"]))
    say(*([result["data_note"]] if result["data_note"] else []))
    fit = f"{out} --kind {model}" if ":" in model else f"{out}"
    if isinstance(fresh, Model):
        say(f"Next: graphrec recommend {fit}")
    else:
        say(f"It scores items, but cannot say why: graphrec evaluate {fit} --split FILE measures what it is worth.")


def fit_and_save(
    store: Store,
    model: Recommender,
    out: Path,
    *,
    split: Path | None,
    positive_if: str,
    negative_if: str = "",
    visible: VisibleReviews | None = None,
    progress: Progress,
) -> dict[str, Any]:
    """Fit ``model`` on the store's data, save it in ``out``, and return what JSON says of it.

    Checkpoints stand in a folder beside ``out`` until the model is saved. Of several processes that train together, the
    first alone writes.
    """
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.models.checkpoint import drop_checkpoints
    from graphrec.models.distributed import current_team
    from graphrec.models.saving import save_model
    from graphrec.output_places import folder_place
    from graphrec.own_kinds import MODEL

    team = current_team()
    team.agreed(lambda: folder_place(out, MODEL))  # before hours of training rather than after
    progress("reading the data", 0, 0)
    dataset, validation, fold_in = Dataset.from_store(store, positive_if, negative_if=negative_if), None, None
    if team.first:
        say_dataset(store, dataset.id)
    if split is not None:
        cut = Split.load(split).apply(dataset, visible=visible)
        dataset, validation, fold_in = cut.train, cut.validation, cut.fold_in
    checkpoint = out.with_name(out.name + ".checkpoint")
    model.fit(dataset, validation=validation, fold_in=fold_in, checkpoint=checkpoint, progress=progress)
    identity = team.agreed(lambda: save_model(model, out))
    if team.first:
        drop_checkpoints(checkpoint)
    return {
        "model": model.name,
        "fit": identity,
        "folder": str(out),
        "settings": model.config.model_dump(),
        "metrics": dict(model.record.metrics),
        "warnings": [warning.full for warning in model.record.warnings],
        "data_note": model.data_note,
        "dataset": dataset.id,
        "data": model.record.data,
        "split": model.record.split,
        "positive_if": model.record.positive_if,
        "negative_if": model.record.negative_if,
        "visible": model.record.visible.stated,
    }
