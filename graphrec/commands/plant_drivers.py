"""``graphrec plant drivers``: data of people of whom each takes items for one value of one kind of attribute."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import JsonOption, StoreOption, settings
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.printing import print_json, say, table
from graphrec.commands.progress import bars
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.planted.driver.stored import DriverRunScore
    from graphrec.planted.stated.ranking import Estimate

DRIVERS_EXAMPLES = """Examples:

\b
  graphrec plant drivers --store drivers --truth drivers.parquet
  graphrec plant drivers --noise 0.6 --set uneven=2 --seed 7 --store drivers --truth drivers.parquet

Then train, recommend, and see whether first reasons name what people take films for:

\b
  graphrec train ease --set reg=50 --set attribute_weight=100 --store drivers --out fit
  graphrec recommend fit --store drivers
  graphrec plant score --store drivers --truth drivers.parquet"""


def drivers(
    users: Annotated[int, typer.Option("--users", help="Users.")] = 1000,
    items: Annotated[int, typer.Option("--items", help="Items.")] = 1000,
    interactions: Annotated[int, typer.Option("--interactions", help="Items that each user takes.")] = 20,
    noise: Annotated[float, typer.Option("--noise", help="Share of interactions without a reason.")] = 0.4,
    correlation: Annotated[float, typer.Option("--correlation", help="φ of a value and its decoy, over items.")] = 0.5,
    seed: Annotated[int, typer.Option("--seed", help="Of every random choice.")] = 0,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A further setting; may repeat.")
    ] = None,
    truth: Annotated[
        Path | None,
        typer.Option("--truth", metavar="FILE", parser=named_output, help="The Parquet file of the true drivers."),
    ] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Plant data in which each person takes items for one value, load it, and write what it is to a file."""
    main = {
        "users": users,
        "items": items,
        "interactions": interactions,
        "noise": noise,
        "correlation": correlation,
        "seed": seed,
    }
    more = settings(set_ or [], "--set")
    twice = sorted(set(main) & set(more))
    if twice:
        raise UsageError(f"--set {twice[0]} has an option of its own", remedy=f"Write --{twice[0]} {more[twice[0]]}")
    if truth is None:
        raise UsageError("no file is named for the true drivers", remedy="Add --truth drivers.parquet")
    result = _planted({**main, **more}, truth, store, json=json)
    if json:
        print_json(result)
        return
    say(f"Planted {result['dataset']['id']}: " + ", ".join(f"{n:,} {kind}" for kind, n in result["rows"].items()))
    say(*(f"  {count:>8,}  users follow one {kind}" for kind, count in result["drivers"].items()))
    say(f"What they follow is in {result['truth']}.")


def _planted(given: dict[str, Any], truth: Path, store: str | None, *, json: bool) -> dict[str, Any]:
    import numpy as np

    from graphrec.own_kinds import TRUTH
    from graphrec.planted.driver.config import DRIVERS, DriverConfig
    from graphrec.planted.driver.planting import plant_drivers
    from graphrec.store.opening import open_store

    prepare_output(truth, TRUTH, json=json)  # before anything is loaded
    config = DriverConfig.read(given)
    planted = plant_drivers(config)
    with open_store(store) as opened, bars() as progress:
        summary = opened.load(planted.tables, planted.info, progress)
    replace(planted.truth, data=summary.dataset.fingerprint).save(truth)
    numbers = np.bincount(planted.users.kind, minlength=len(DRIVERS)).tolist()
    return {
        "dataset": {"id": summary.dataset.id, "name": summary.dataset.name},
        "fingerprint": summary.dataset.fingerprint,
        "changed": summary.changed,
        "rows": dict(summary.rows),
        "drivers": dict(zip(DRIVERS, numbers, strict=True)),
        "truth": str(truth),
        "settings": config.model_dump(),
    }


def driver_lines(run_score: DriverRunScore) -> list[str]:
    """Return how often a stored run's first reasons are true, beside the controls, as lines of a table."""
    score = run_score.score
    rows = [
        (f"run {run_score.run.id}", _percent(score.true), _percent(score.of_true_item)),
        ("random", _percent(score.random), ""),
        ("raw count", _percent(score.count), ""),
        ("most surprising value", _percent(score.surprise), ""),
    ]
    by_kind = [(kind, _percent(share)) for kind, share in score.kinds.items()]
    return [
        f"{score.carrying:,} of {score.recommendations:,} recommendations carry what the user follows. Of these:",
        *table(("reasons", "first one true", "its item is"), rows, right=(1, 2)),
        "",
        "By kind of what is followed, the run:",
        *table(("kind", "first one true"), by_kind, right=(1,)),
    ]


def _percent(share: Estimate) -> str:
    from math import isnan

    if isnan(share.mean):
        return "–"
    return f"{share.mean:.1%}" if isnan(share.error) else f"{share.mean:.1%} ± {1.96 * share.error:.1%}"
