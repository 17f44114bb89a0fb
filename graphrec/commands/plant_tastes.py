"""``graphrec plant stated`` and ``plant study``: data of people who state their tastes, and what reasons know of it."""

from __future__ import annotations

import math
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import JsonOption, StoreOption, settings
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.printing import print_json, say, table
from graphrec.commands.progress import bars
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.planted.stated.ranking import Estimate
    from graphrec.planted.stated.stored import TasteRunScore
    from graphrec.planted.stated.taste_score import TasteScore

STATED_EXAMPLES = """Examples:

\b
  graphrec plant stated --store stated --truth tastes.parquet
  graphrec plant stated --strength 1.8 --set bias=0 --seed 7 --store stated --truth tastes.parquet

Then train, recommend, and see what the stored reasons know:

\b
  graphrec train ease --set reg=1000 --store stated --out fit
  graphrec recommend fit --store stated
  graphrec plant score --store stated --truth tastes.parquet"""

STUDY_EXAMPLES = """Examples:

\b
  graphrec plant study
  graphrec plant study --seeds 100 --set strength=0.45 --models ease
  graphrec plant study --json"""

SetOption = Annotated[
    list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A further setting; may repeat.")
]


def stated(
    users: Annotated[int, typer.Option("--users", help="Users.")] = 1000,
    items: Annotated[int, typer.Option("--items", help="Items.")] = 600,
    interactions: Annotated[int, typer.Option("--interactions", help="Items that each user takes.")] = 60,
    strength: Annotated[float, typer.Option("--strength", help="How strongly people follow their tastes.")] = 0.9,
    seed: Annotated[int, typer.Option("--seed", help="Of every random choice.")] = 0,
    set_: SetOption = None,
    truth: Annotated[
        Path | None,
        typer.Option("--truth", metavar="FILE", parser=named_output, help="The Parquet file of the stated tastes."),
    ] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Plant data of people who state what they like and dislike, load it, and write their tastes to a file."""
    main = {"users": users, "items": items, "interactions": interactions, "strength": strength, "seed": seed}
    more = settings(set_ or [], "--set")
    twice = sorted(set(main) & set(more))
    if twice:
        raise UsageError(f"--set {twice[0]} has an option of its own", remedy=f"Write --{twice[0]} {more[twice[0]]}")
    if truth is None:
        raise UsageError("no file is named for the stated tastes", remedy="Add --truth tastes.parquet")
    result = _planted({**main, **more}, truth, store, json=json)
    if json:
        print_json(result)
        return
    say(f"Planted {result['dataset']['id']}: " + ", ".join(f"{n:,} {kind}" for kind, n in result["rows"].items()))
    say(*(f"  {count:>8,}  stated: {kind}" for kind, count in result["tastes"].items()))
    say(f"The stated tastes are in {result['truth']}.")


def _planted(given: dict[str, Any], truth: Path, store: str | None, *, json: bool) -> dict[str, Any]:
    import numpy as np

    from graphrec.own_kinds import TRUTH
    from graphrec.planted.stated.config import StatedConfig
    from graphrec.planted.stated.planting import plant_tastes
    from graphrec.store.opening import open_store

    prepare_output(truth, TRUTH, json=json)  # before anything is loaded
    config = StatedConfig.read(given)
    planted = plant_tastes(config)
    with open_store(store) as opened, bars() as progress:
        summary = opened.load(planted.tables, planted.info, progress)
    replace(planted.truth, data=summary.dataset.fingerprint).save(truth)
    tastes = planted.people.stated
    return {
        "dataset": {"id": summary.dataset.id, "name": summary.dataset.name},
        "fingerprint": summary.dataset.fingerprint,
        "changed": summary.changed,
        "rows": dict(summary.rows),
        "tastes": {"like": int(np.sum(tastes > 0)), "dislike": int(np.sum(tastes < 0))},
        "truth": str(truth),
        "settings": config.model_dump(),
    }


def study(
    seeds: Annotated[str, typer.Option("--seeds", metavar="A,B", help="Of the plantings.")] = "100,101,102",
    models: Annotated[
        str, typer.Option("--models", metavar="A,B", help="Registered names of the models; all if left out.")
    ] = "",
    set_: SetOption = None,
    json: JsonOption = False,
) -> None:
    """Plant stated tastes several times, and measure what the reasons of several models know of them."""
    from graphrec.planted.stated.config import StatedConfig
    from graphrec.planted.stated.study import METHODS, pooled_scores, taste_points

    wanted = {name for name in models.split(",") if name}
    unknown = sorted(wanted - {method.model for method in METHODS.values()})
    if unknown:
        raise UsageError(
            f"the study has no model {unknown[0]!r}",
            remedy=f"It has {', '.join(dict.fromkeys(method.model for method in METHODS.values()))}",
        )
    if not all(seed.strip().isdigit() for seed in seeds.split(",")):
        raise UsageError(f"these are no seeds: {seeds!r}", remedy="Write --seeds 100,101,102")
    methods = {name: method for name, method in METHODS.items() if not wanted or method.model in wanted}
    further = settings(set_ or [], "--set")
    configs = [StatedConfig.read({**further, "seed": int(seed)}) for seed in seeds.split(",")]
    points = []
    with bars() as progress:
        for done, config in enumerate(configs):
            progress("planting, fitting and scoring", done, len(configs))
            points += taste_points(config, methods)
    scores = pooled_scores(points)
    if json:
        print_json({"seeds": [config.seed for config in configs], **plain_scores(scores)})
    else:
        say(*taste_lines(scores))


def plain_scores(scores: Mapping[str, TasteScore]) -> dict[str, Any]:
    """Return scores by name as JSON has them; what is not a number is null."""
    return {name: asdict(score) for name, score in scores.items()}


def taste_lines(scores: Mapping[str, TasteScore]) -> list[str]:
    """Return scores by name as lines of a table, with 95 % intervals."""
    from graphrec.planted.stated.yardsticks import COUNT

    header = ("reasons", "AUC", "less the count's", "control", "personal part", "less the count's")
    rows = [
        (
            name,
            _cell(score.auc),
            _cell(score.over[COUNT], "+"),
            _cell(score.control),
            _cell(score.personal),
            _cell(score.personal_over_count, "+"),
        )
        for name, score in scores.items()
    ]
    return table(header, rows, right=(1, 2, 3, 4, 5))


def run_lines(run_score: TasteRunScore) -> list[str]:
    """Return how a stored run's reasons know stated tastes, as lines of a table."""
    return taste_lines({f"run {run_score.run.id}": run_score.reasons, **run_score.yardsticks})


def _cell(estimate: Estimate | None, sign: str = "") -> str:
    if estimate is None or math.isnan(estimate.mean):
        return "–"
    text = f"{estimate.mean:{sign}.3f}".replace("-", "−")
    return text if math.isnan(estimate.error) else f"{text} ± {1.96 * estimate.error:.3f}"
