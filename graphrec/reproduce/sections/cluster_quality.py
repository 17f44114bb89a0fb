"""What user clusters and item groups are worth (InDGRM, Table 10, Figures 6 and 7), beside what costs nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from graphrec.report import Column, Figure, Finding, Heading, Points, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.section import Section
from graphrec.schema.property_graph import ITEM_GROUP, USER_CLUSTER
from graphrec.wording import counted, enumerated

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class QualityOfClusters(Section):
    """User clusters and item groups of fits on the first split against a kind of attribute, such as genre.

    Attributes:
        rows: whose.
        attribute: kind of the items' attributes.
        clusters: kind of the factors that users belong to.
        groups: kind of the factors that items belong to.
        users: measured at most, drawn at random.
        seed: of the draw, of k-means and of permutations.
        shown: values in the table of shares, those that are most of what everybody took.
        largest_share: that the paper says one value has in every cluster; 0 where it says nothing.
        purity: that item groups are to have; 0 for no bar.
    """

    kind: ClassVar[str] = "cluster_quality"
    rows: tuple[str, ...] = Field(min_length=1)
    attribute: str = "genre"
    clusters: str = USER_CLUSTER
    groups: str = ITEM_GROUP
    users: int = Field(20_000, ge=2)
    seed: int = Field(0, ge=0)
    shown: int = Field(18, ge=1)
    largest_share: float = Field(0.0, ge=0, le=1)
    purity: float = Field(0.0, ge=0, le=1)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named rows."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a row."""
        names = ("attribute", "clusters", "groups", "users", "seed")
        inputs = {name: getattr(self, name) for name in names}
        return [
            study.job("cluster_quality", row, f"clusters of {row}", inputs, needs=[study.fit(row)]) for row in self.rows
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return what clusters explain and how groups agree, and then the clusters and groups of each row."""
        results = {row: study.result(job) for row, job in zip(self.rows, self.jobs(study), strict=True)}
        of_users = {row: result["users"] for row, result in results.items() if result["users"]}
        of_items = {row: result["items"] for row, result in results.items() if result["items"]}
        blocks: list[Block] = []
        if of_users:
            blocks += [self._explained(of_users), *(self.explained_finding(*one) for one in of_users.items())]
        if of_items:
            blocks += [self._agreement(of_items), *(self.agreement_finding(*one) for one in of_items.items())]
        for place, (row, result) in enumerate(results.items(), start=1):
            if len(results) > 1:
                blocks.append(Heading(row, 3))
            blocks += self._clusters(place, row, result) + self._groups(place, row, result)
        return blocks

    def explained_finding(self, row: str, users: dict[str, Any]) -> Finding:
        """Return how much of the variance of users' shares a row's clusters explain.

        Args:
            row: whose.
            users: as the job returns them.
        """
        others = {
            "k-means of the same users' latents": users["by_k_means_of_latents"],
            "users cut by activity": users["by_activity"],
            "permuted clusters": users["by_chance"],
        }
        rivals = {name: value for name, value in others.items() if value is not None}
        is_above = users["explained"] > max(rivals.values())
        return Finding(
            f"{row}: of the variance of users' {self.attribute} shares {_text(users['explained'])} is explained by "
            f"{counted(_inhabited(users), 'user cluster')}, {_beside(is_above, rivals)}; k-means of the shares "
            f"themselves, about the most that can be, explains {_text(users['by_k_means'])}",
            is_above,
        )

    def agreement_finding(self, row: str, items: dict[str, Any]) -> Finding:
        """Return how a row's groups agree with the items' main values.

        Args:
            row: whose.
            items: as the job returns them.
        """
        own, chance = items["own"], items["permuted"]
        others = {
            "k-means of the items' latents": items["by_k_means"],
            "items cut by popularity": items["by_popularity"],
            "permuted groups": chance,
        }
        rivals = {name: agreement["ami"] for name, agreement in others.items() if agreement is not None}
        is_above = own["ami"] > max(rivals.values())
        bar = f"; a purity of {self.purity:g} was to be reached" if self.purity else ""
        return Finding(
            f"{row}: the adjusted mutual information of {counted(_inhabited(items), 'item group')} and the main "
            f"{self.attribute} is {_text(own['ami'])}, {_beside(is_above, rivals)}; their purity is "
            f"{_text(own['purity'])}, that of permuted groups {_text(chance['purity'])}{bar}",
            own["purity"] >= self.purity if self.purity else is_above,
        )

    def share_finding(self, row: str, users: dict[str, Any]) -> Finding:
        """Return how much of what a cluster took is of one value.

        Args:
            row: whose.
            users: as the job returns them.
        """
        largest = [max(shares) for shares, size in zip(users["shares"], users["sizes"], strict=True) if size]
        bar = f"; the paper's are above {self.largest_share:g}" if self.largest_share else ""
        return Finding(
            f"{row}: the most common {self.attribute} of a user cluster has a share of {_text(min(largest))} to "
            f"{_text(max(largest))} of what its people took, and of {_text(max(users['everybody']))} over everybody"
            f"{bar}",
            min(largest) > self.largest_share if self.largest_share else None,
        )

    def _explained(self, results: dict[str, dict[str, Any]]) -> Table:
        columns = (
            Column("row"),
            Column("clusters"),
            *(
                Column(name, digits=3)
                for name in (
                    "explained",
                    "k-means of latents",
                    "users by activity",
                    "permuted clusters",
                    "k-means of the shares",
                )
            ),
            Column("users"),
        )
        names = ("explained", "by_k_means_of_latents", "by_activity", "by_chance", "by_k_means")
        rows = tuple(
            (row, _inhabited(users), *(users[name] for name in names), users["users"]) for row, users in results.items()
        )
        caption = (
            f"Share of the variance of users' {self.attribute} shares that their clusters explain, beside as many "
            "clusters found in other ways. Each user is in the cluster that they belong to most."
        )
        return Table(f"{self.called}-users", columns, rows, caption)

    def _agreement(self, results: dict[str, dict[str, Any]]) -> Table:
        columns = (
            Column("row"),
            Column("items are grouped by"),
            Column("groups"),
            Column("purity", digits=3),
            Column("normalised mutual information", digits=3),
            Column("adjusted mutual information", digits=3),
            Column("items"),
        )
        names = {
            "own": "the model's groups",
            "by_k_means": "k-means of latents",
            "by_popularity": "popularity",
            "permuted": "permutation",
        }
        rows: list[tuple[Cell, ...]] = [
            (row, name, _inhabited(items), *(items[key][one] for one in ("purity", "nmi", "ami", "members")))
            for row, items in results.items()
            for key, name in names.items()
            if items[key] is not None
        ]
        caption = (
            f"Agreement of groups with the items' main {self.attribute} (of several, the one that fewest items carry), "
            "of items that somebody took."
        )
        return Table(f"{self.called}-items", columns, tuple(rows), caption)

    def _clusters(self, place: int, row: str, result: dict[str, Any]) -> list[Block]:
        users = result["users"]
        if not users:
            return []
        everybody = users["everybody"]
        common = sorted(range(len(everybody)), key=lambda value: -everybody[value])[: self.shown]
        with_dimensions = users["dimensions"] is not None
        columns = (
            Column("user cluster"),
            Column("users"),
            *([Column("dimensions")] if with_dimensions else []),
            *(Column(result["values"][value], digits=3) for value in common),
        )
        dimensions = users["dimensions"] or [None] * len(users["names"])
        rows: list[tuple[Cell, ...]] = [
            (name, size, *([kept] if with_dimensions else []), *(shares[value] for value in common))
            for name, size, kept, shares in zip(
                users["names"], users["sizes"], dimensions, users["shares"], strict=True
            )
        ]
        everyone: tuple[Cell, ...] = (
            "everybody",
            users["users"],
            *([None] if with_dimensions else []),
            *(everybody[value] for value in common),
        )
        caption = f"{row}: mean share of each {self.attribute} in what the people of a user cluster took."
        table = Table(f"{self.called}-{place}-shares", columns, (*rows, everyone), caption, frozenset({len(rows)}))
        return [table, self.share_finding(row, users)]

    def _groups(self, place: int, row: str, result: dict[str, Any]) -> list[Block]:
        items = result["items"]
        if not items:
            return []
        labels = tuple(f"{place_}: {name}" for place_, name in enumerate(items["names"], start=1))
        chart = Points("items", labels, tuple(map(float, items["sizes"])), value_name="items of the group")
        caption = f"{row}: number of items in each group, each item in the one that it belongs to most."
        return [Figure(f"{self.called}-{place}-sizes", chart, caption)]


def _inhabited(found: dict[str, Any]) -> int:
    return sum(size > 0 for size in found["sizes"])


def _beside(is_above: bool, rivals: dict[str, float]) -> str:
    """Return how a value stands to those of others, in words."""
    listed = enumerated([f"{name} ({_text(value)})" for name, value in rivals.items()])
    return f"{'above' if is_above else 'not above'} what is reached by {listed}"


def _text(value: float | None) -> str:
    return number(float("nan") if value is None else value, 3)
