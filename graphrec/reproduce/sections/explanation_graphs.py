"""Recommendations as graphs: the paths from the user through the items taken to the item (Figure 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from graphrec.answers import text
from graphrec.answers.node_reasons import node_reasons
from graphrec.answers.path_drawing import path_drawing
from graphrec.answers.strands import strands
from graphrec.answers.style import styled
from graphrec.report import Column, Drawing, Heading, Table
from graphrec.reproduce.sections.sankey import why_of
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.answers.node_reasons import NodeReason
    from graphrec.dataset.dataset import Dataset
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class ExplanationGraphs(Section):
    """Some recommendations, each as a drawing of its paths and a table of its reasons.

    Attributes:
        row: whose recommendations.
        items: words of the name of each item; empty words take any, and the same words twice take another user.
        places: how far down a user's list they may stand.
        reasons: how many for each.
        seed: of the draw of users among whom they are looked for.
    """

    kind: ClassVar[str] = "explanation_graphs"
    row: str
    items: tuple[str, ...] = Field(("", ""), min_length=1)
    places: int = Field(10, ge=1)
    reasons: int = Field(6, ge=1)
    seed: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return a recommendation for each item."""
        shared = {name: getattr(self, name) for name in ("places", "reasons", "seed")}
        jobs = []
        for place, item in enumerate(self.items):
            nth = self.items[:place].count(item)
            inputs = {**shared, "item": item, **({"nth": nth} if nth else {})}
            label = f"why of {self.row}, {item or 'any item'}"
            jobs.append(study.job("recommendation", self.row, label, inputs, needs=[study.fit(self.row)]))
        return jobs

    def blocks(self, study: Study) -> list[Block]:
        """Return heading, drawing and table of each."""
        return [
            block
            for place, job in enumerate(self.jobs(study), start=1)
            for block in self._one(study.result(job), study.dataset, place)
        ]

    def _one(self, result: dict[str, Any], dataset: Dataset, place: int) -> list[Block]:
        why = why_of(result, dataset)
        about = f"{why.item.name}, number {why.rank} for user {why.user.id}, by {self.row}"
        through = {one["rank"]: one.get("via_name", "") for one in result["reasons"]}
        columns = (
            Column("reason"),
            Column("through"),
            Column("share", "%", digits=1),
            Column("measured effect", signed=True),
        )
        rows = tuple(
            (text.evidence(node.first, why.verb), _ways(node, through), 100 * node.share, node.effect)
            for node in node_reasons(why)
            if node.supports
        )
        return [
            Heading(f"{why.item.name} for user {why.user.id}", 3),
            Drawing(
                f"{self.called}-{place}",
                styled(path_drawing(why, strands(why))),
                f"{about}: the {len(rows)} strongest reasons, each on its way from the user to the item.",
                {"item": why.item.name, "user": why.user.id, "shares": [share / 100 for _, _, share, _ in rows]},
            ),
            Table(f"{self.called}-{place}", columns, rows, f"{about}; score {why.score:.4g}. {text.CLAIM}"),
        ]


def _ways(node: NodeReason, through: Mapping[int, str]) -> str:
    """Return the factors that a node came through, by the ranks of its reasons."""
    names = [through[reason.rank] for reason in node.reasons if through[reason.rank]]
    return "; ".join(names) or "–"
