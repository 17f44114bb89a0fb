"""One recommendation with its strongest reasons, as a Sankey (RecoNet, Figure 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from graphrec.answers import Node, Why, text
from graphrec.answers.node_reasons import node_reasons
from graphrec.answers.rows import reason_of
from graphrec.answers.sankey import sankey
from graphrec.answers.strands import strands
from graphrec.answers.style import styled
from graphrec.report import Column, Drawing, Table
from graphrec.reproduce.sections.section import Section
from graphrec.tables.records import RunInfo

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class SankeyOfOne(Section):
    """The top reasons of one recommendation.

    Attributes:
        row: whose recommendation.
        item: words of the item's name; empty takes any.
        places: how far down a user's list it may stand.
        reasons: how many.
        seed: of the draw of users among whom it is looked for.
    """

    kind: ClassVar[str] = "sankey"
    row: str
    item: str = ""
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
        """Return the one recommendation."""
        return [self._job(study)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the drawing and the same as a table."""
        result = study.result(self._job(study))
        why = why_of(result, study.dataset)
        columns = (
            Column("reason"),
            Column("share", "%", digits=1),
            Column("weight"),
            Column("measured effect", signed=True),
        )
        rows = tuple(
            (text.evidence(node.first, why.verb), 100 * node.share, node.net, node.effect)
            for node in node_reasons(why)
            if node.supports
        )
        about = f"{why.item.name}, number {why.rank} for user {why.user.id}, by {self.row}"
        return [
            Drawing(
                f"{self.called}-figure",
                styled(sankey(why, strands(why))),
                f"{about}: the {len(rows)} strongest reasons; a flow is as thick as its share of all evidence.",
                {"item": why.item.name, "user": why.user.id, "shares": [share / 100 for _, share, _, _ in rows]},
            ),
            Table(self.called, columns, rows, f"{about}; score {why.score:.4g}. {text.CLAIM}"),
        ]

    def _job(self, study: Study) -> Job:
        inputs = {name: getattr(self, name) for name in ("item", "places", "reasons", "seed")}
        return study.job("recommendation", self.row, f"why of {self.row}", inputs, needs=[study.fit(self.row)])


def why_of(result: dict[str, Any], dataset: Dataset) -> Why:
    """Return the recommendation in the result of a job of that kind, as drawings take it."""
    columns = (
        "factor",
        "net",
        "held_effect",
        "error",
        "contrast",
        "contrast_name",
        "delta",
        "amount",
        "joint_effect",
        "flips",
        "set_of",
        "set_name",
    )
    absent = dict.fromkeys(columns)
    rows = (
        {**absent, "method": "", "via": "", "set_number": 0, **row, "id": row["evidence"]} for row in result["reasons"]
    )
    return Why(
        run=RunInfo("", "", "", "", "", dataset.fingerprint, "score"),
        user=Node("User", result["user"], result["user"]),
        item=Node("Item", result["item"], result["name"]),
        score=result["score"],
        rank=result["rank"],
        remainder=None,
        reasons=tuple(map(reason_of, rows)),
        verb=dataset.verbs.of_user(result["user"]),
    )
