"""How the values of a column become attributes."""

from __future__ import annotations

import itertools
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

_FINITE = Field(allow_inf_nan=False)


class AttributeRule(BaseModel):
    """How the values of a column become attributes: as they are, as bins of numbers, or as key terms of texts.

    Attributes:
        kind: of the attributes; by default the column's name.
        separator: splits a text into several values, if given.
        bins: how many bins of equal frequency its numbers are cut into.
        edges: the bounds between bins, ascending.
        width: of bins, whose bounds are its multiples.
        terms: how many words of highest tf-idf each text gives.
        min_items: texts that a term must stand in; 2 unless given.
        most_items: the share of the items above which a value is left out; of the texts for terms, 0.5 there unless
            given.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str = ""
    separator: str = ""
    bins: int | None = Field(None, ge=2)
    edges: tuple[Annotated[float, _FINITE], ...] | None = Field(None, min_length=1)
    width: float | None = Field(None, gt=0, allow_inf_nan=False)
    terms: int | None = Field(None, ge=1)
    min_items: int | None = Field(None, ge=1)
    most_items: float | None = Field(None, gt=0, le=1)

    @field_validator("edges")
    @classmethod
    def _ascending(cls, value: tuple[float, ...] | None) -> tuple[float, ...] | None:
        if value is not None and any(low >= high for low, high in itertools.pairwise(value)):
            raise ValueError("must be in ascending order, each once")
        return value

    @model_validator(mode="after")
    def _one_rule(self) -> AttributeRule:
        given = [name for name in ("bins", "edges", "width", "terms") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"says both {given[0]} and {given[1]}; give one of them")
        if self.terms is None and self.min_items is not None:
            raise ValueError("has min_items, which is for terms alone")
        if self.terms is not None and self.separator:
            raise ValueError("has a separator, but terms are taken from whole texts; leave one of them out")
        return self

    @property
    def bins_numbers(self) -> bool:
        """Whether the values are numbers that are cut into bins."""
        return any(rule is not None for rule in (self.bins, self.edges, self.width))
