"""The settings that were tried for each row, and those that were chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from graphrec.report import Column, Table, Text
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.recipe_protocol import Look
    from graphrec.reproduce.study import Study


class SettingsChosen(Section):
    """The budget, every trial with its validation value, and the one that was chosen."""

    kind: ClassVar[str] = "settings"

    def jobs(self, study: Study) -> list[Job]:  # noqa: ARG002
        """Return nothing: choosing settings has done it."""
        return []

    def blocks(self, study: Study) -> list[Block]:
        """Return the table of trials."""
        protocol = study.recipe.protocol
        rows: list[tuple[Cell, ...]] = []
        strong: set[int] = set()
        for row in study.recipe.rows:
            for settings, value in zip(study.tried(row.name), study.validation(row.name), strict=True):
                if settings == study.chosen(row.name):
                    strong.add(len(rows))
                rows.append((row.name, f"`{_listed(settings)}`", value))
        notes = [f"{row.name}: {row.note}" for row in study.recipe.rows if row.note]
        columns = (Column("row"), Column("settings"), Column(f"{protocol.metric}, validation", digits=4))
        return [
            Text(budget_text(study.recipe)),
            *(Text(note) for note in notes),
            Table(self.called, columns, tuple(rows), "All trials; the chosen ones are bold.", frozenset(strong)),
        ]


def budget_text(recipe: Recipe) -> str:
    """Return how many settings each row tried, and whether that was equal."""
    budget, looks = recipe.protocol.trials, recipe.protocol.looks
    others = [row for row in recipe.rows if len(row.tried) != budget]
    count = f"{len(recipe.rows) - len(others)} of {len(recipe.rows)} rows" if others else "Every row"
    start = (
        f"{count} tried {counted(budget, 'setting')} on the validation part of the first split; the best was fitted on "
        "all splits. Where a model is trained in epochs, their number was found on each split's own validation part. "
        "The test parts decided nothing."
    )
    sentences = [start]
    if others:
        listed = "; ".join(f"{row.name} tried {len(row.tried)}: {row.unequal}" for row in others)
        sentences.append(f"Not as many: {listed}.")
    if looks:
        sentences.append("Validation parts were looked at beyond these trials: " + "; ".join(map(_look, looks)) + ".")
    else:
        sentences.append("The recipe notes no looks at validation parts beyond these trials.")
    sentences.append("So budgets were not equal." if others or looks else "So all rows had the same budget.")
    return " ".join(sentences)


def _look(look: Look) -> str:
    rows = " and ".join(look.rows) or "rows that were not noted"
    settings = "settings that were not counted" if look.settings is None else counted(look.settings, "setting")
    return f"{settings} of {rows}{' (' + look.about + ')' if look.about else ''}"


def _listed(settings: dict[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items()) or "as it is"
