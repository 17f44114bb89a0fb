"""Which settings each row was given, of which that were tried."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from graphrec.report import Column, Table, Text
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
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
                rows.append((row.name, f"`{_told(settings)}`", value))
        exceptions = [f"{row.name}: {row.unequal}" for row in study.recipe.rows if row.unequal]
        notes = [f"{row.name}: {row.note}" for row in study.recipe.rows if row.note]
        columns = (Column("row"), Column("settings"), Column(f"{protocol.metric}, validation", digits=4))
        return [
            Text(
                f"Every row tried {protocol.trials} settings on the validation part of the first split; the best of "
                "them was fitted on all splits. Where a model is trained in epochs, their number was found on each "
                "split's own validation part. The test parts decided nothing."
                + (" Exceptions: " + "; ".join(exceptions) + "." if exceptions else "")
            ),
            *(Text(note) for note in notes),
            Table(self.called, columns, tuple(rows), "All trials; the chosen ones are bold.", frozenset(strong)),
        ]


def _told(settings: dict[str, object]) -> str:
    return ", ".join(f"{name}={value}" for name, value in settings.items()) or "as it is"
