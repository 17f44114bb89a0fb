"""``graphrec split``: cut the interactions into training, validation and test parts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrec.commands.options import DatasetOption, JsonOption, PositiveOption, StoreOption, listed, say_dataset
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.store.store import Store

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None, add_completion=False)

OutOption = Annotated[
    Path, typer.Option("--out", metavar="FILE", parser=named_output, help="The Parquet file to write.")
]
RatiosOption = Annotated[str, typer.Option("--ratios", help="Of training, validation and test.")]
RoundingOption = Annotated[
    str,
    typer.Option(
        "--rounding",
        help="over-users: parts have their shares of all interactions; each-user: each user's share is rounded alone, "
        "as before 0.4.",
    ),
]
SeedOption = Annotated[int, typer.Option("--seed", help="Of what is random.")]
ValidationOption = Annotated[
    float, typer.Option("--validation", help="Held out for validation: a share below 1, or a number.")
]
TestOption = Annotated[float, typer.Option("--test", help="Held out for test: a share below 1, or a number.")]
CutValidationOption = Annotated[
    float,
    typer.Option(
        "--validation",
        help="Share of a user's training pairs to cut for validation where there is no such part; 0 cuts none.",
    ),
]


def _examples(*lines: str) -> str:
    return "\n".join(["Examples:", "", "\b", *(f"  graphrec split {line}" for line in lines)])


@app.callback()
def split() -> None:
    """Cut the interactions of the store into training, validation and test parts."""


@app.command(
    "random",
    epilog=_examples(
        "random --out split.parquet",
        'random --ratios 0.8,0.1,0.1 --seed 7 --positive-if "rating>=3" --out split.parquet',
    ),
)
def random(
    out: OutOption,
    ratios: RatiosOption = "0.6,0.2,0.2",
    rounding: RoundingOption = "over-users",
    seed: SeedOption = 0,
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Cut each user's positive interactions at random."""
    from graphrec.dataset.splitting import checked_rounding, random_split

    shares, rule = _numbers(ratios), checked_rounding(rounding)
    _write(lambda data, _: random_split(data, shares, rounding=rule, seed=seed), out, positive_if, dataset, store, json)


@app.command(
    "leave-one-out",
    epilog=_examples(
        "leave-one-out --out split.parquet",
        'leave-one-out --by random --no-validation --positive-if "rating>3" --out split.parquet',
    ),
)
def leave_one_out(
    out: OutOption,
    by: Annotated[str, typer.Option("--by", help="time: the last item; random: any.")] = "time",
    no_validation: Annotated[bool, typer.Option("--no-validation", help="Hold out nothing for validation.")] = False,
    seed: SeedOption = 0,
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Hold out one item of each user for test, and one for validation."""
    from graphrec.dataset.splitting import leave_one_out_split

    _write(
        lambda data, _: leave_one_out_split(data, by=by, validation=not no_validation, seed=seed),
        out,
        positive_if,
        dataset,
        store,
        json,
    )


@app.command(
    "users",
    epilog=_examples(
        "users --out split.parquet",
        "users --validation 200 --test 200 --given-in-training --out split.parquet",
        "users --users rotating --fold 3 --out fold-3.parquet",
    ),
)
def users(
    out: OutOption,
    validation: ValidationOption = 0.1,
    test: TestOption = 0.1,
    given: Annotated[float, typer.Option("--given", help="Share of a held-out user's items that is input.")] = 0.8,
    given_in_training: Annotated[
        bool, typer.Option("--given-in-training", help="Training sees that input; else only who recommends does.")
    ] = False,
    fold: Annotated[int, typer.Option("--fold", help="Which part of a user's random order is predicted.")] = 0,
    held_out: Annotated[
        str,
        typer.Option(
            "--users", help="same: folds of a seed hold out the same users; rotating: each fold has its own users."
        ),
    ] = "same",
    rounding: RoundingOption = "over-users",
    seed: SeedOption = 0,
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Hold out users: a part of their items is the input, the rest is to be predicted."""
    from graphrec.dataset.splitting import checked_held_out_users, checked_rounding, user_split

    rule, of_folds = checked_rounding(rounding), checked_held_out_users(held_out)

    def make(dataset: Dataset, _: Store) -> Split:
        return user_split(
            dataset,
            validation=validation,
            test=test,
            given=given,
            given_in_training=given_in_training,
            fold=fold,
            users=of_folds,
            rounding=rule,
            seed=seed,
        )

    _write(make, out, positive_if, dataset, store, json)


@app.command(
    "items", epilog=_examples("items --out split.parquet", "items --validation 0 --test 40 --out cold.parquet")
)
def items(
    out: OutOption,
    validation: ValidationOption = 0.1,
    test: TestOption = 0.1,
    seed: SeedOption = 0,
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Hold out items with everything that happened to them."""
    from graphrec.dataset.splitting import item_split

    _write(
        lambda data, _: item_split(data, validation=validation, test=test, seed=seed),
        out,
        positive_if,
        dataset,
        store,
        json,
    )


@app.command("cold-users", epilog=_examples('cold-users --share 0.1 --positive-if "rating>=3" --out cold.parquet'))
def cold_users(
    out: OutOption,
    share: Annotated[float, typer.Option("--share", help="Of the users with a test part that is cold.")] = 0.1,
    ratios: RatiosOption = "0.6,0.2,0.2",
    rounding: RoundingOption = "over-users",
    seed: SeedOption = 0,
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Take a share of users out of training, and ask for their test items alone."""
    from graphrec.dataset.splitting import checked_rounding, cold_user_split

    shares, rule = _numbers(ratios), checked_rounding(rounding)

    def make(data: Dataset, _: Store) -> Split:
        return cold_user_split(data, share=share, ratios=shares, rounding=rule, seed=seed)

    _write(make, out, positive_if, dataset, store, json)


@app.command("time", epilog=_examples("time --ratios 0.8,0.1,0.1 --out split.parquet"))
def time(
    out: OutOption,
    ratios: RatiosOption = "0.8,0.1,0.1",
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Cut all interactions at two moments: the past for training, the future for validation and test."""
    from graphrec.dataset.splitting import time_split

    shares = _numbers(ratios)
    _write(lambda data, _: time_split(data, shares), out, positive_if, dataset, store, json)


@app.command(
    "file",
    epilog=_examples(
        "file positives.csv --out split.parquet",
        'file parts.parquet --part-column part --validation 0 --positive-if "rating>=4" --out split.parquet',
    ),
)
def file(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="CSV, TSV, Parquet or JSON lines, one pair a row.")],
    out: OutOption,
    user_column: Annotated[str, typer.Option("--user-column", help="Name of the column of users' ids.")] = "user",
    item_column: Annotated[str, typer.Option("--item-column", help="Name of the column of items' ids.")] = "item",
    part_column: Annotated[
        str, typer.Option("--part-column", help="Name of the column of parts: train, validation or test.")
    ] = "split",
    validation: CutValidationOption = 0.2,
    unknown: Annotated[
        str, typer.Option("--unknown", help="Pairs of users or items that are not in the store: refuse or skip.")
    ] = "refuse",
    seed: SeedOption = 0,
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Take the parts that somebody else cut from a file of theirs."""
    from graphrec.dataset.splitting import file_split

    def make(data: Dataset, _: Store) -> Split:
        return file_split(
            data,
            path,
            user=user_column,
            item=item_column,
            part=part_column,
            validation=validation,
            unknown=unknown,
            seed=seed,
        )

    _write(make, out, positive_if, dataset, store, json)


@app.command(
    "given",
    epilog=_examples(
        "given --out split.parquet",
        'given --property part --validation 0 --positive-if "rating>=4" --out split.parquet',
    ),
)
def given(
    out: OutOption,
    name: Annotated[
        str, typer.Option("--property", help="Property of the interactions that says train, validation or test.")
    ] = "split",
    validation: CutValidationOption = 0.2,
    seed: SeedOption = 0,
    positive_if: PositiveOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Take the parts that the data came in, as the loader kept them."""
    from graphrec.dataset.splitting import given_split

    def make(data: Dataset, opened: Store) -> Split:
        return given_split(data, store=opened, name=name, validation=validation, seed=seed)

    _write(make, out, positive_if, dataset, store, json)


def _write(
    make: Callable[[Dataset, Store], Split], out: Path, positive_if: str, dataset: str, store: str | None, json: bool
) -> None:
    """Make a split of the store's data, save it, and print its sizes."""
    from graphrec.dataset.dataset import Dataset
    from graphrec.own_kinds import SPLIT
    from graphrec.store.opening import open_store

    prepare_output(out, SPLIT, json=json)  # before all data is read rather than after
    with open_store(store, read_only=True, dataset=dataset) as opened, bars() as progress:
        progress("reading the data", 0, 0)
        data = Dataset.from_store(opened, positive_if)
        say_dataset(opened, data.id)
        split = make(data, opened)
    split.save(out)
    if json:
        parts = {"parts": split.sizes, "users": split.users}
        print_json({"file": str(out), "split": split.fingerprint, **split.made, **parts})
    else:
        say(f"Wrote {out}: {split.account}.")


def _numbers(ratios: str) -> tuple[float, ...]:
    try:
        return tuple(float(word) for word in listed(ratios))
    except ValueError as error:
        raise UsageError(f"--ratios {ratios!r} are no numbers", remedy="Write them like 0.6,0.2,0.2") from error
