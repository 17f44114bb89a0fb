"""The first part of a report: the data, what was kept of it, and the protocol."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.report import Column, Heading, Table, Text
from graphrec.reproduce.leaking import MARK

if TYPE_CHECKING:
    from graphrec.dataset.filtering import FilteredDataset
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.recipe_data import Counted
    from graphrec.reproduce.recipe_protocol import Protocol


def data_and_protocol(recipe: Recipe, data: FilteredDataset) -> list[Block]:
    """Return what the report says of data and protocol.

    Args:
        recipe: whose they are.
        data: the data set that is worked with, and what the steps of ``keep`` left of all data.
    """
    dataset, protocol = data.dataset, recipe.protocol
    positive = f"interactions with {protocol.positive_if} are positive" if protocol.positive_if else "all are positive"
    options = ", ".join(f"{name} {value}" for name, value in protocol.split.options.items())
    text = (
        f"{recipe.data.name}{', a sample of it for a quick look' if recipe.sample else ''}: "
        f"{len(dataset.users):,} users, {len(dataset.items):,} items, {len(dataset.interactions):,} interactions, "
        f"{dataset.positives.n_entries:,} of them positive ({positive}). Split: {protocol.split.kind}"
        f"{' (' + options + ')' if options else ''}, seeds {', '.join(map(str, protocol.seeds))}. "
        f"Candidates: {'; also '.join((protocol.candidates, *protocol.also_candidates))}. "
        f"Settings are chosen by {protocol.metric}."
    )
    text += "".join(f" {sentence}" for sentence in _departures(protocol))
    chosen = [Text("Where the paper leaves it open: " + " ".join(protocol.choices))] if protocol.choices else []
    return [Heading("Data and protocol"), Text(text), *_kept(recipe, data), *chosen]


def _departures(protocol: Protocol) -> list[str]:
    """Return what is said of reviews, profiles and last fits, where a recipe asks for other than the usual."""
    sentences = []
    if protocol.visible.stated:
        sentences.append(f"Features that users mention: {protocol.visible}.")
    if protocol.leaks:
        sentences.append(
            f"{MARK} The profiles hold what was said of the test part: every figure below is a test of remembering, "
            "and none of new data."
        )
    if protocol.refit:
        sentences.append(
            "What is measured are fits on the training and the validation part together, which know the reviews of "
            "both: with the settings that the validation part of the first split chose, as many epochs as that fit "
            "kept, and no early stopping. Each seed is that of a fit and, where negatives are drawn, of its draw, the "
            "same for all rows."
        )
    return sentences


def _kept(recipe: Recipe, data: FilteredDataset) -> list[Block]:
    """Return a table of what each step left, and the paper's numbers; nothing where neither is told."""
    printed = recipe.data.printed
    if len(data.account) == 1 and not printed:
        return []
    names: tuple[Counted, ...] = ("users", "items", "interactions")
    rows: list[tuple[Cell, ...]] = [
        (count.step, count.users, count.items, count.interactions) for count in data.account
    ]
    if printed:
        rows.append(("the paper prints", *(printed.get(name) for name in names)))
    columns = (Column("kept"), *(Column(name, digits=0) for name in names))
    caption = "What is kept of the data, each step on what the one before left"
    caption += ", before the sample is drawn." if recipe.sample else "."
    differs = [Text(recipe.data.differs)] if recipe.data.differs else []
    return [Table("data-kept", columns, tuple(rows), caption), *differs]
