"""Options that several commands share, spelled once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrec.commands.printing import remark
from graphrec.errors import UsageError
from graphrec.tables.families import bases
from graphrec.wording import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.models.recommender import Recommender
    from graphrec.store.store import Store

StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="URI",
        help="neo4j://HOST[:PORT][/DATABASE], bolt://…, ladybug:FOLDER, or a folder. "
        "Left out: GRAPHREC_STORE, then ./graphrec-store.",
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON, and nothing else.")]
DatasetOption = Annotated[
    str,
    typer.Option(
        "--dataset",
        metavar="ID",
        help="The data set, where the store holds several. Left out: the one that the model, user or run belongs to, "
        "then the one whose ids have no prefix.",
    ),
]
RunOption = Annotated[str, typer.Option("--run", metavar="ID", help="The run to look at; the current one if left out.")]
PositiveOption = Annotated[
    str,
    typer.Option("--positive-if", metavar="RULE", help="Which interactions are positive, such as rating>=3."),
]
NegativeOption = Annotated[
    str,
    typer.Option(
        "--negative-if", metavar="RULE", help="Which are dislikes, such as rating<=2, for a model that can use them."
    ),
]
KindOption = Annotated[
    str,
    typer.Option("--kind", metavar="MODULE:CLASS", help="The model's class, where it is not one of graphrec's own."),
]
EngineOption = Annotated[
    str,
    typer.Option(
        "--engine",
        metavar="ENGINE",
        help="Who does it, in parts: processes:N on this machine, ray, or ray://HOST:PORT. The result is the same.",
    ),
]
SplitOption = Annotated[
    Path | None, typer.Option("--split", metavar="FILE", help="See only the training part of this split.")
]
ItemsOption = Annotated[
    Path | None, typer.Option("--items", metavar="FILE", help="Recommend only these: one item id a line.")
]
ExcludeOption = Annotated[
    Path | None, typer.Option("--exclude", metavar="FILE", help="Never recommend these: one item id a line.")
]


def named_class(kind: str) -> type[Recommender] | None:
    """Return the class that ``--kind`` names; None where it names none. Raises UsageError as ``find_model``."""
    from graphrec.models.registry import find_model

    return find_model(kind) if kind else None


def settings(pairs: Sequence[str], option: str, *, verbatim: bool = False) -> dict[str, str]:
    """Read ``name=value`` pairs; raise UsageError for one that is none, or a name given twice.

    Args:
        pairs: as they stand on the command line.
        option: the option that they follow, for the message.
        verbatim: keep spaces around values, which may be texts such as an id prefix.
    """
    read: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise UsageError(f"{option} {pair!r} is no name=value", remedy=f"Write it like: {option} seed=1")
        if name.strip() in read:
            raise UsageError(f"{option} gives {name.strip()!r} twice", remedy="Give each name once")
        read[name.strip()] = value if verbatim else value.strip()
    return read


def say_dataset(store: Store, taken: str) -> None:
    """Say on standard error which of several data sets a command took, where nobody named one.

    Args:
        store: that the command works on.
        taken: id of the data set.
    """
    several = bases(store.datasets())
    if len(several) > 1 and not store.dataset:
        others = ", ".join(readable(info.id) for info in several if info.id != taken)
        remark(f"graphrec: this is of the data set {readable(taken)}; the store also holds {others} (--dataset ID)")


def listed(text: str) -> tuple[str, ...]:
    """Return the words of a comma-separated option."""
    return tuple(word.strip() for word in text.split(",") if word.strip())
