"""``graphrec plant``: data whose every interaction has a known reason; and how many of a run's reasons are true."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import DatasetOption, JsonOption, StoreOption, settings
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.plant_drivers import DRIVERS_EXAMPLES, driver_lines, drivers
from graphrec.commands.plant_tastes import (
    STATED_EXAMPLES,
    STUDY_EXAMPLES,
    plain_scores,
    run_lines,
    stated,
    study,
)
from graphrec.commands.printing import print_json, say, table
from graphrec.commands.progress import bars
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.planted.reason_scores import ReasonScore
    from graphrec.planted.stored import RunScore

EXAMPLES = """Examples:

\b
  graphrec plant --store planted --truth truth.parquet
  graphrec plant --users 500 --items 300 --noise 0.4 --seed 7 --truth truth.parquet
  graphrec plant --set attribute=1 --set entity=0 --set item=0 --set co_purchase=0 --truth truth.parquet

Then train, recommend, and score the run:

\b
  graphrec train ease --set reg=50 --store planted --out fit
  graphrec recommend fit --store planted
  graphrec plant score --store planted --truth truth.parquet"""

SCORE_EXAMPLES = """Examples:

\b
  graphrec plant score --store planted --truth truth.parquet
  graphrec plant score reconet-4f6c01d2ab --store planted --truth truth.parquet --json"""

app = typer.Typer(invoke_without_command=True, rich_markup_mode=None, add_completion=False)
app.command("drivers", epilog=DRIVERS_EXAMPLES)(drivers)
app.command("stated", epilog=STATED_EXAMPLES)(stated)
app.command("study", epilog=STUDY_EXAMPLES)(study)

TruthOption = Annotated[
    Path | None,
    typer.Option("--truth", metavar="FILE", parser=named_output, help="The Parquet file of the true reasons."),
]


@app.callback()
def plant(
    context: typer.Context,
    users: Annotated[int, typer.Option("--users", help="Users.")] = 2000,
    items: Annotated[int, typer.Option("--items", help="Items.")] = 1000,
    interactions: Annotated[int, typer.Option("--interactions", help="Items that each user takes.")] = 30,
    noise: Annotated[float, typer.Option("--noise", help="Share of interactions without a reason.")] = 0.2,
    zipf: Annotated[float, typer.Option("--zipf", help="Exponent of popularity.")] = 1.0,
    correlation: Annotated[
        float, typer.Option("--correlation", help="φ of a liked attribute and its decoy, over items.")
    ] = 0.5,
    seed: Annotated[int, typer.Option("--seed", help="Of every random choice.")] = 0,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A further setting; may repeat.")
    ] = None,
    truth: TruthOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Plant data whose every interaction has a known reason, load it, and write the true reasons to a file."""
    if context.invoked_subcommand is not None:
        return
    main = {
        "users": users,
        "items": items,
        "interactions": interactions,
        "noise": noise,
        "zipf": zipf,
        "correlation": correlation,
        "seed": seed,
    }
    more = settings(set_ or [], "--set")
    twice = sorted(set(main) & set(more))
    if twice:
        raise UsageError(f"--set {twice[0]} has an option of its own", remedy=f"Write --{twice[0]} {more[twice[0]]}")
    result = _planted({**main, **more}, _needed(truth), store, json=json)
    if json:
        print_json(result)
        return
    counted = result["rows"]
    say(f"Planted {result['dataset']['id']}: " + ", ".join(f"{count:,} {kind}" for kind, count in counted.items()))
    say(*(f"  {count:>8,}  interactions: {kind}" for kind, count in result["reasons"].items()))
    say(f"The true reasons are in {result['truth']}.")


@app.command("score", epilog=SCORE_EXAMPLES)
def score(
    run: Annotated[str, typer.Argument(metavar="[RUN]", help="The run; the current one if left out.")] = "",
    truth: TruthOption = None,
    split: Annotated[
        Path | None, typer.Option("--split", metavar="FILE", help="The split that the run was given.")
    ] = None,
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Compare a stored run's reasons with the truth: beside random and popular ones, or beside plain counts."""
    from graphrec.dataset.splitting import Split
    from graphrec.planted.driver.driver_truth import names_drivers
    from graphrec.planted.driver.stored import score_driver_run
    from graphrec.planted.stated.stated_truth import states_tastes
    from graphrec.planted.stated.stored import score_tastes
    from graphrec.planted.stored import score_run
    from graphrec.planted.truth import Truth
    from graphrec.store.opening import open_store

    planted_truth = Truth.load(_needed(truth))
    cut = None if split is None else Split.load(split)
    if states_tastes(planted_truth):
        with open_store(store, read_only=True, dataset=dataset) as opened, bars() as progress:
            tastes = score_tastes(opened, run, planted_truth, split=cut, progress=progress)
        named = {"reasons": tastes.reasons, **tastes.yardsticks}
        if json:
            about = {"run": tastes.run.id, "model": tastes.run.model, "truth": str(truth)}
            print_json({**about, **plain_scores(named)})
        else:
            say(*run_lines(tastes))
        return
    if names_drivers(planted_truth):
        with open_store(store, read_only=True, dataset=dataset) as opened, bars() as progress:
            found = score_driver_run(opened, run, planted_truth, split=cut, progress=progress)
        if json:
            print_json({"run": found.run.id, "model": found.run.model, "truth": str(truth), **found.score.to_dict()})
        else:
            say(*driver_lines(found))
        return
    with open_store(store, read_only=True, dataset=dataset) as opened, bars() as progress:
        run_score = score_run(opened, run, planted_truth, split=cut, progress=progress)
    if json:
        scores = {name: asdict(getattr(run_score, name)) for name in _ROWS}
        print_json({"run": run_score.run.id, "model": run_score.run.model, "truth": str(truth), **scores})
    else:
        say(*_lines(run_score))


_ROWS = ("reasons", "random", "popularity")


def _needed(truth: Path | None) -> Path:
    if truth is None:
        raise UsageError("no file is named for the true reasons", remedy="Add --truth truth.parquet")
    return truth


def _planted(settings: dict[str, Any], truth: Path, store: str | None, *, json: bool) -> dict[str, Any]:
    from dataclasses import replace

    import pyarrow.compute as pc

    from graphrec.own_kinds import TRUTH
    from graphrec.planted.config import PlantedConfig
    from graphrec.planted.planting import plant as planting
    from graphrec.store.opening import open_store

    prepare_output(truth, TRUTH, json=json)  # before anything is loaded
    config = PlantedConfig.read(settings)
    with bars() as progress:
        progress("planting", 0, 0)
        planted = planting(config)
    with open_store(store) as opened, bars() as progress:
        summary = opened.load(planted.tables, planted.info, progress)
    replace(planted.truth, data=summary.dataset.fingerprint).save(truth)
    kinds = planted.truth.table.filter(pc.equal(planted.truth.table["part"], "interaction"))["kind"]
    return {
        "dataset": {"id": summary.dataset.id, "name": summary.dataset.name},
        "fingerprint": summary.dataset.fingerprint,
        "changed": summary.changed,
        "rows": dict(summary.rows),
        "reasons": {row["values"]: row["counts"] for row in pc.value_counts(kinds).to_pylist()},
        "truth": str(truth),
        "settings": config.model_dump(),
    }


def _lines(run_score: RunScore) -> list[str]:
    own = run_score.reasons
    rows = [
        _row(f"run {run_score.run.id}", own),
        _row("random", run_score.random),
        _row("popularity", run_score.popularity),
    ]
    header = ("reasons", "top one true", "strictly", "first three true", "strictly")
    lines = [
        f"{own.with_reason:,} of {own.recommendations:,} recommendations have a planted reason. Of these:",
        *table(header, rows, right=(1, 2, 3, 4)),
        "",
        "By kind of planted reason, the run:",
    ]
    kinds = [
        (kind, f"{kind_score.recommendations:,}", _percent(kind_score.true), _percent(kind_score.strict))
        for kind, kind_score in own.kinds.items()
    ]
    return lines + table(("kind", "recommendations", "top one true", "strictly"), kinds, right=(1, 2, 3))


def _row(name: str, reason_score: ReasonScore) -> tuple[str, ...]:
    return (
        name,
        *(
            _percent(share)
            for share in (
                reason_score.true,
                reason_score.strict,
                reason_score.true_precision,
                reason_score.strict_precision,
            )
        ),
    )


def _percent(share: float) -> str:
    return "–" if math.isnan(share) else f"{share:.1%}"
