"""A row of a paper's table: a model, the settings that are tried, and the paper's values."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import Any

from pydantic import Field, model_validator

from graphrec.reproduce.strict import Settings, Strict

_MOST_TRIALS = 10_000


class Row(Strict):
    """One row of the paper's table.

    Attributes:
        name: how sections call it; unique.
        model: registered model.
        group, variant: where it stands in a table that sets variants (such as "with attributes") side by side.
        paper: the paper's value by metric.
        printed_as: how the paper's table calls the row that these values are of; the name if left out.
        fixed: settings that all trials share.
        trials: what each trial sets; or
        grid: values by setting, of which every combination is a trial.
        like: another row, whose chosen settings these are put over; empty for none.
        unequal: why this row has another number of trials than the protocol says; needed if it has.
        all_epochs: with ``refit``, whether the last fits take all epochs of the settings, as a paper that stops nowhere
            early prints them, instead of as many as the fit that was chosen kept.
        note: what a reader has to know of the row.
    """

    name: str
    model: str
    group: str = ""
    variant: str = ""
    paper: dict[str, float] = Field(default_factory=dict)
    printed_as: str = ""
    fixed: Settings = Field(default_factory=dict)
    trials: tuple[Settings, ...] = ()
    grid: dict[str, tuple[Any, ...]] = Field(default_factory=dict)
    like: str = ""
    unequal: str = ""
    all_epochs: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _one_budget(self) -> Row:
        if self.trials and self.grid:
            raise ValueError("give trials or a grid, not both")
        if self.grid and not 0 < prod(len(values) for values in self.grid.values()) <= _MOST_TRIALS:
            raise ValueError(f"the grid has no combination, or more than {_MOST_TRIALS:,}")
        return self

    @property
    def in_paper(self) -> str:
        """How the paper's table calls the row."""
        return self.printed_as or self.name

    @property
    def tried(self) -> tuple[Settings, ...]:
        """The whole settings of every trial; of a row that is ``like`` another, what is put over its settings."""
        if self.grid:
            combinations = product(*self.grid.values())
            return tuple({**self.fixed, **dict(zip(self.grid, values, strict=True))} for values in combinations)
        return tuple({**self.fixed, **trial} for trial in self.trials or ({},))
