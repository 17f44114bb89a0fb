"""What the users of the data take, whatever is recommended to them (InDGRM, Figure 1)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field

from graphrec.report import Band, Column, Figure, Finding, Heat, Lines, Points, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.job import Job
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.study import Study


class DataDistributions(Section):
    """Users by number of interactions and of different values, the values that they share, and profiles of some.

    Attributes:
        attribute: kind of the items' attributes, such as genre.
        main_share: of a user's values that are main ones, those that most of what the user took carries.
        more_than: different values; the paper says that most users touch more.
        per_value: users who took most of each value, whose profiles are drawn.
        shown: values in figures and tables, those that most users have among their main ones.
        pairs: of values, in the table of those that go together.
        seed: of the items that are dealt out anew as a control.
    """

    kind: ClassVar[str] = "data_distributions"
    attribute: str = "genre"
    main_share: float = Field(0.2, gt=0, le=1)
    more_than: int = Field(10, ge=0)
    per_value: int = Field(10, ge=1)
    shown: int = Field(18, ge=2)
    pairs: int = Field(10, ge=1)
    seed: int = Field(0, ge=0)

    def jobs(self, study: Study) -> list[Job]:
        """Return one job, of the data as it is before it is cut."""
        inputs = {
            "data": study.dataset.fingerprint,
            "positive_if": study.recipe.protocol.positive_if,
            **{name: getattr(self, name) for name in ("attribute", "main_share", "per_value", "seed")},
        }
        return [Job(self.kind, "data", f"what users take, by {self.attribute}", inputs)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the four parts of the figure as numbers and drawings, and what they say."""
        (found,) = (study.result(job) for job in self.jobs(study))
        common = np.argsort(-np.asarray(found["main"]), kind="stable")[: self.shown]
        return [
            Text(
                f"Positive interactions of {counted(len(found['interactions']), 'user')} of the whole data. A main "
                f"{self.attribute} of a user is one of the first {100 * self.main_share:g} % of those that what the "
                "user took carries, rounded up, by how many of the items taken carry it."
            ),
            *self._interactions(found),
            *self._touched(found),
            *self._together(found, common),
            self._profiles(found, common),
            *self.findings(found),
        ]

    def findings(self, found: Mapping[str, Any]) -> list[Finding]:
        """Return how uneven users are, how many values they touch, and which they share.

        Args:
            found: as the job returns it.
        """
        interactions, touched, dealt = (np.asarray(found[name]) for name in ("interactions", "touched", "shuffled"))
        most_active = np.sort(interactions)[::-1][: max(1, round(len(interactions) / 10))]
        many, by_chance = (int((of > self.more_than).sum()) for of in (touched, dealt))
        findings = [
            Finding(
                f"Half of the users took {number(float(np.median(interactions)), 0)} items or fewer; the most active "
                f"tenth took {share(int(most_active.sum()), int(interactions.sum()))} of all that was taken"
            ),
            Finding(
                f"{share(many, len(touched))} users took items of more than {self.more_than} different values of "
                f"{self.attribute}; if the same items were dealt out at random, {share(by_chance, len(dealt))} would"
            ),
        ]
        first = next(iter(_pairs(found, 1)), None)
        if first is not None:
            names, users, lift = first
            findings.append(
                Finding(
                    f"The main values that go together most are {names}: of {counted(users, 'user')} both are main, "
                    f"{number(lift, 2)} times as many as if they had nothing to do with each other"
                )
            )
        return findings

    def _interactions(self, found: Mapping[str, Any]) -> list[Block]:
        labels, users = users_by_count(np.asarray(found["interactions"]))
        caption = "Users by how many items they took; each band begins at twice the number of the one before."
        columns = (Column("items taken"), Column("users", digits=0), Column("share", "%", digits=1))
        total = sum(users)
        rows: list[tuple[Cell, ...]] = [
            (label, count, 100 * count / total) for label, count in zip(labels, users, strict=True)
        ]
        chart = Points("users", labels, tuple(map(float, users)), value_name="users")
        name = f"{self.called}-interactions"
        return [Table(name, columns, tuple(rows), caption), Figure(f"{name}-figure", chart, caption)]

    def _touched(self, found: Mapping[str, Any]) -> list[Block]:
        lines = []
        for label, name in (("what users took", "touched"), ("the same items, dealt out at random", "shuffled")):
            counts = np.asarray(found[name])
            numbers = np.arange(1, len(found["names"]) + 1)
            at_least = 100 * (counts[:, None] >= numbers).mean(axis=0)
            lines.append(Band(label, tuple(map(float, numbers)), tuple(at_least.tolist())))
        axes = f"different values of {self.attribute}", "users who took items of so many [%]"
        caption = (
            f"Share of the users who took items of at least so many different values of {self.attribute}. Dealt out at "
            "random, every item goes to as many users as before, and every user has as many."
        )
        return [Figure(f"{self.called}-touched", Lines(*axes, tuple(lines)), caption)]

    def _together(self, found: Mapping[str, Any], common: npt.NDArray[np.int64]) -> list[Block]:
        users = len(found["interactions"])
        together = 100 * np.asarray(found["together"], dtype=np.float64)[np.ix_(common, common)] / max(users, 1)
        names = tuple(found["names"][place] for place in common)
        values = tuple(map(tuple, together.tolist()))
        caption = f"Users of whom both values of {self.attribute} are main ones; on the diagonal, of whom one is."
        heat = Heat(names, values, "users [%]", largest=float(together.max(initial=0.0)) or 1.0)
        columns = (
            Column(f"main {self.attribute}"),
            Column("users", digits=0),
            Column("times as if independent", digits=2),
        )
        rows: tuple[tuple[Cell, ...], ...] = tuple(_pairs(found, self.pairs))
        about = "Pairs of main values that go together most, over as if they had nothing to do with each other."
        return [
            Figure(f"{self.called}-together", heat, caption),
            Table(f"{self.called}-pairs", columns, rows, about),
        ]

    def _profiles(self, found: Mapping[str, Any], common: npt.NDArray[np.int64]) -> Figure:
        profiles = np.asarray(found["profiles"], dtype=np.float64)[:, common]
        names = tuple(found["names"][place] for place in common)
        columns = tuple(str(place) for place in range(1, len(profiles) + 1))
        largest = float(np.nanmax(profiles, initial=0.0)) or 1.0
        heat = Heat(names, tuple(map(tuple, profiles.T.tolist())), "share of what they took", columns, largest)
        caption = (
            f"Share of each {self.attribute} in what {counted(len(profiles), 'user')} took: the {self.per_value} who "
            "took most items of each, every user once."
        )
        return Figure(f"{self.called}-profiles", heat, caption)


def users_by_count(counts: npt.NDArray[np.int64]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return bands of numbers from 1 on, each twice as wide as the one before, and how many counts lie in each.

    Args:
        counts: int64 [users], from 1 on.
    """
    band = np.floor(np.log2(np.maximum(counts, 1))).astype(np.int64)
    users = np.bincount(band)
    labels = ["1"] + [f"{2**place:,} to {2 ** (place + 1) - 1:,}" for place in range(1, len(users))]
    return tuple(labels[: len(users)]), tuple(users.tolist())


def _pairs(found: Mapping[str, Any], most: int) -> list[tuple[str, int, float]]:
    """Return the pairs of values with the greatest lift of which any user has both: names, users and lift."""
    together = np.triu(np.asarray(found["together"]), k=1)
    lift = np.asarray(found["lift"], dtype=np.float64)
    first, second = np.nonzero(together)
    order = np.argsort(-lift[first, second], kind="stable")[:most]
    return [
        (f"{found['names'][one]} and {found['names'][two]}", int(together[one, two]), float(lift[one, two]))
        for one, two in zip(first[order], second[order], strict=True)
    ]
