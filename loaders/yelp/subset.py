"""A part of Yelp's businesses: some cities, states or categories, as studies of one metropolitan area take it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError

from .businesses import Businesses

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

SEPARATOR = "|"
_SHOWN = 5


@dataclass(frozen=True)
class Subset:
    """Which businesses are taken: those that fit every list that is not empty.

    Attributes:
        cities: names in any case of letters.
        states: likewise.
        categories: likewise; one of a business's categories suffices.
    """

    cities: tuple[str, ...]
    states: tuple[str, ...]
    categories: tuple[str, ...]

    @classmethod
    def read(cls, city: str, state: str, category: str) -> Subset:
        """Return the subset that options such as ``Philadelphia|Camden`` name; empty ones name everything."""
        texts = (city, state, category)
        return cls(*(tuple(part.strip() for part in text.split(SEPARATOR) if part.strip()) for text in texts))

    @property
    def words(self) -> tuple[str, ...]:
        """All names; empty where everything is taken."""
        return (*self.cities, *self.states, *self.categories)

    def of(self, businesses: Businesses, path: Path, report: LoaderReport) -> Businesses:
        """Return the businesses that are taken; the report says how many.

        Raises:
            InputError: there is none.
        """
        if not self.words:
            return businesses
        n = businesses.table.num_rows
        mask = np.ones(n, dtype=bool)
        for kind, names in (("city", self.cities), ("state", self.states)):
            if names:
                mask &= self._fits(businesses.table.column(kind).combine_chunks(), names, kind, path)
        if self.categories:
            of_row = self._fits(businesses.categories, self.categories, "category", path)
            mask &= np.bincount(np.asarray(businesses.owners)[of_row], minlength=n) > 0
        if not mask.any():
            what = f"no business fits {', '.join(self.words)} together"
            raise InputError(what, where=str(path), remedy="Leave one of city, state and category out")
        report.remarks.append(f"{path.name}: {int(mask.sum()):,} of {n:,} businesses are of {', '.join(self.words)}")
        kept = mask[np.asarray(businesses.owners)]
        places = (np.cumsum(mask) - 1).astype(np.int32)
        owners = places[np.asarray(businesses.owners)[kept]]
        table = businesses.table.filter(pa.array(mask))
        return Businesses(table, pa.array(owners), businesses.categories.filter(pa.array(kept)))

    def _fits(
        self, values: pa.Array, names: tuple[str, ...], kind: str, path: Path
    ) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which values are among names; raise InputError for a name that none is."""
        small = pc.utf8_lower(pc.utf8_trim_whitespace(pc.fill_null(values, "")))
        for name in names:
            if not pc.any(pc.equal(small, name.lower())).as_py():
                counts = sorted(pc.value_counts(values).to_pylist(), key=lambda row: -row["counts"])
                common = ", ".join(str(row["values"]) for row in counts[:_SHOWN])
                raise InputError(
                    f"no business has the {kind} {name!r:.60}", where=str(path), remedy=f"Frequent: {common}"
                )
        return np.asarray(pc.is_in(small, value_set=pa.array([name.lower() for name in names]))).astype(bool)
