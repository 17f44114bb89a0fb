"""``graphrec split``: cut the interactions into training, validation and test parts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphrec.commands.options import JsonOption, PositiveOption, StoreOption, listed
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

EXAMPLES = """Examples:

\b
  graphrec split random --out split.parquet
  graphrec split random --ratios 0.8,0.1,0.1 --seed 7 --positive-if "rating>=3" --out split.parquet"""


@app.callback()
def split() -> None:
    """Cut the interactions of the store into training, validation and test parts."""


@app.command("random", epilog=EXAMPLES)
def random(
    out: Annotated[Path, typer.Option("--out", metavar="FILE", help="The Parquet file to write.")],
    ratios: Annotated[str, typer.Option("--ratios", help="Of training, validation and test.")] = "0.6,0.2,0.2",
    seed: Annotated[int, typer.Option("--seed", help="Of the random order.")] = 0,
    positive_if: PositiveOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Cut each user's positive interactions at random."""
    import pyarrow.compute as pc

    from graphrec.dataset.reading import read_dataset
    from graphrec.dataset.splitting import PARTS, random_split
    from graphrec.store.opening import open_store

    shares = _numbers(ratios)
    with open_store(store, read_only=True) as opened, bars() as progress:
        progress("reading the data", 0, 0)
        made = random_split(read_dataset(opened, positive_if), shares, seed=seed)
    made.save(out)
    counted = {row["values"]: row["counts"] for row in pc.value_counts(made.table["part"]).to_pylist()}
    parts = {part: counted.get(part, 0) for part in PARTS}
    if json:
        print_json({"file": str(out), "split": made.fingerprint, "seed": seed, "parts": parts})
    else:
        say(f"Wrote {out}: " + ", ".join(f"{count:,} {part}" for part, count in parts.items()) + ".")


def _numbers(ratios: str) -> tuple[float, ...]:
    try:
        return tuple(float(word) for word in listed(ratios))
    except ValueError as error:
        raise UsageError(f"--ratios {ratios!r} are no numbers", remedy="Write them like 0.6,0.2,0.2") from error
