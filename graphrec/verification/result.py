"""The result of verifying a run: its measures, and those left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Excluded:
    """A measure that was left out, with the reason.

    Attributes:
        what: the measurements.
        why: what is wanting.
        how: what the reader can do; empty if nothing.
    """

    what: str
    why: str
    how: str = ""


@dataclass(frozen=True, eq=False)
class Verified:
    """The measures of a run.

    Attributes:
        run: id of the run.
        sample: recommendations asked for; 0 for all.
        measured: recommendations measured with the model.
        users: of the lists whose paths were judged.
        effects: of the nodes, as ``effect_agreement`` returns them; None without a model.
        held_effects: likewise with denominators and lengths held; None without a model, or with one that does not
            normalise.
        joint_effects: of sets of taken items, as ``effect_agreement`` returns them, for nodes read sets; None without a
            model, and where no set is stored.
        counterfactuals: of sets that let a rival overtake, as ``flipping_again`` returns them; None without a model,
            and where no such set is stored.
        sums: as ``sum_agreement`` returns them; None without a model.
        curves: of stored and of random reasons, on the same pairs, with the comparison of both; None without a model.
        paths: qualities by name and length of list; None where the run's data cannot be had.
        left_out: what was not measured.
        unwritten: tables of ``EFFECTS`` that differ from what is stored.
    """

    run: str
    sample: int
    measured: int = 0
    users: int = 0
    effects: dict[str, Any] | None = None
    held_effects: dict[str, Any] | None = None
    joint_effects: dict[str, Any] | None = None
    counterfactuals: dict[str, Any] | None = None
    sums: dict[str, Any] | None = None
    curves: dict[str, Any] | None = None
    paths: dict[str, Any] | None = None
    left_out: tuple[Excluded, ...] = ()
    unwritten: tuple[pa.Table, ...] = ()

    @property
    def changes(self) -> int:
        """Number of effects that differ from the stored ones."""
        return sum(table.num_rows for table in self.unwritten)

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON; null for what was not measured."""
        names = (
            "sample",
            "measured",
            "users",
            "effects",
            "held_effects",
            "joint_effects",
            "counterfactuals",
            "sums",
            "curves",
            "paths",
        )
        return {
            **{name: getattr(self, name) for name in names},
            "left_out": [{"what": one.what, "why": one.why, "how": one.how} for one in self.left_out],
        }
