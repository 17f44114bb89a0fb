"""Independence and disentanglement of latent spaces, beside rotated and untrained ones (InDGRM, Table 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from graphrec.models.config import GradientConfig
from graphrec.report import Column, Finding, Spread, Table
from graphrec.report.cells import number
from graphrec.reproduce.named_code import model_of_recipe
from graphrec.reproduce.sections.claims import decided, interval_text, mean_interval, relation
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings, Strict

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_COORDINATES = ("own", "rotated", "principal")


class Printed(Strict):
    """What the paper prints of a row.

    Attributes:
        independence: of its dimensions; None where it prints none.
        disentanglement: by majority vote; None where it prints none.
    """

    independence: float | None = None
    disentanglement: float | None = None


class Space(NamedTuple):
    """A space that is measured.

    Attributes:
        name: the row, and what was done to it.
        row: whose fit.
        settings: put over the chosen ones.
    """

    name: str
    row: str
    settings: Settings


class LatentSpaces(Section):
    """Independence and disentanglement of users' latents on the first split.

    Attributes:
        rows: whose models have a latent space.
        without_vote: those of them that encode only users of their fit, so that nothing can be voted on.
        paper: what the paper prints, by row.
        rotations: random ones that independence is measured after.
        votes: samples for each dimension that vote, and as many that are classified.
        vectors: that each sample takes its variances from.
        seeds: of the draws of a vote, and of its rotation.
        untrained: settings put over the chosen ones that leave weights as they were drawn, for rows that are trained by
            gradient descent; empty for no untrained rows.
    """

    kind: ClassVar[str] = "latent_spaces"
    rows: tuple[str, ...] = Field(min_length=1)
    without_vote: tuple[str, ...] = ()
    paper: dict[str, Printed] = Field(default_factory=dict)
    rotations: int = Field(5, ge=2)
    votes: int = Field(10, ge=1)
    vectors: int = Field(64, ge=2)
    seeds: tuple[int, ...] = Field((0, 1, 2, 3, 4), min_length=2)
    untrained: Settings = Field(default_factory=lambda: {"epochs": 1, "learning_rate": 1e-12})

    @model_validator(mode="after")
    def _of_its_rows(self) -> LatentSpaces:
        unknown = [row for row in (*self.without_vote, *self.paper) if row not in self.rows]
        if unknown:
            raise ValueError(f"{unknown[0]!r} is none of the rows")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named rows."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return for each space one measurement of independence, and one vote in each kind of coordinates."""
        return [
            job
            for space in self.spaces(study)
            for job in (self._independence(study, space), *self._votes(study, space).values())
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return a table of each measure, and how a row's own dimensions stand to those of its controls."""
        spaces = self.spaces(study)
        independent = {space.name: study.result(self._independence(study, space)) for space in spaces}
        voted = {
            space.name: {name: study.result(job)["votes"] for name, job in jobs.items()}
            for space in spaces
            if (jobs := self._votes(study, space))
        }
        printed = {} if study.recipe.sample else self.paper
        blocks: list[Block] = [self._table_of_independence(independent, printed)]
        blocks += [self.independence_finding(row, independent[row]) for row in self.rows]
        if voted:
            blocks.append(self._table_of_votes(voted, printed))
            blocks += [
                finding
                for row in self.rows
                if row in voted
                for finding in self.vote_findings(row, voted[row], voted.get(_untrained(row)))
            ]
        return blocks

    def spaces(self, study: Study) -> list[Space]:
        """Return the rows, each with its untrained twin behind it, where it has one."""
        spaces = []
        for row in self.rows:
            spaces.append(Space(row, row, {}))
            if self.untrained and issubclass(model_of_recipe(study.recipe.row(row).model).Config, GradientConfig):
                spaces.append(Space(_untrained(row), row, self.untrained))
        return spaces

    def independence_finding(self, row: str, result: dict[str, Any]) -> Finding:
        """Return how the independence of a row's own dimensions stands to that after rotations.

        Args:
            row: whose.
            result: as the job returns it.
        """
        own, turned = result["own"]["cosine"], [one["cosine"] for one in result["rotated"]]
        above = True if own > max(turned) else False if own < min(turned) else None
        return Finding(
            f"{row}: independence of its own dimensions, {number(own, 4)} as printed (Pearson "
            f"{number(result['own']['pearson'], 4)}), is {relation(above)} that after random rotations, "
            f"{number(min(turned), 4)} to {number(max(turned), 4)}; after a rotation to "
            f"principal axes, which changes no score, it is {number(result['principal']['cosine'], 4)}",
            above,
        )

    def vote_findings(
        self, row: str, votes: dict[str, list[dict[str, float]]], untrained: dict[str, list[dict[str, float]]] | None
    ) -> list[Finding]:
        """Return how a row's disentanglement stands to chance, to that in rotated coordinates, and untrained.

        Args:
            row: whose.
            votes: of each seed by coordinates, as the job returns them.
            untrained: the same of the untrained row; None where there is none.
        """
        own = _accuracies(votes["own"])
        against = {
            "chance": np.array([one["chance"] for one in votes["own"]]),
            "the same space after random rotations": _accuracies(votes["rotated"]),
            "the same model untrained": None if untrained is None else _accuracies(untrained["own"]),
        }
        findings = []
        for name, other in against.items():
            if other is not None:
                apart = mean_interval(own - other)
                above = decided(apart)
                findings.append(
                    Finding(
                        f"{row}: disentanglement by majority vote, {number(float(own.mean()), 4)}, is "
                        f"{relation(above)} {name}, {number(float(other.mean()), 4)}: difference "
                        f"{interval_text(apart, 4, signed=True)} "
                        f"over {len(own)} draws",
                        above,
                    )
                )
        return findings

    def _table_of_independence(self, results: dict[str, dict[str, Any]], printed: dict[str, Printed]) -> Table:
        papers = {row: of.independence for row, of in printed.items() if of.independence is not None}
        columns = [
            Column("row"),
            Column("independence (cosine, as printed)", digits=4),
            *([Column("paper", digits=4)] if papers else []),
            Column("with Pearson's correlation", digits=4),
            Column("after random rotations", digits=4),
            Column("on principal axes", digits=4),
            Column("dimensions"),
        ]
        rows: list[tuple[Cell, ...]] = [
            (
                name,
                result["own"]["cosine"],
                *([papers.get(name)] if papers else []),
                result["own"]["pearson"],
                Spread.of([one["cosine"] for one in result["rotated"]]),
                result["principal"]["cosine"],
                result["own"]["dimensions"],
            )
            for name, result in results.items()
        ]
        caption = (
            "1 − the mean of |corr| over all pairs of latent dimensions, over users with inputs on the first split; "
            f"mean ± standard deviation over {self.rotations} random rotations. Rotations change no score of a model. "
            "Popularity has no latent space."
        )
        return Table(f"{self.called}-independence", tuple(columns), tuple(rows), caption)

    def _table_of_votes(
        self, results: dict[str, dict[str, list[dict[str, float]]]], printed: dict[str, Printed]
    ) -> Table:
        papers = {row: of.disentanglement for row, of in printed.items() if of.disentanglement is not None}
        columns = [
            Column("row"),
            Column("disentanglement", digits=4),
            *([Column("paper", digits=4)] if papers else []),
            Column("after random rotations", digits=4),
            Column("on principal axes", digits=4),
            Column("labels permuted", digits=4),
            Column("chance", digits=4),
            Column("dimensions"),
        ]
        rows: list[tuple[Cell, ...]] = [
            (
                name,
                Spread.of(_accuracies(votes["own"]).tolist()),
                *([papers.get(name)] if papers else []),
                *(Spread.of(_accuracies(votes[other]).tolist()) for other in _COORDINATES[1:]),
                Spread.of([one["permuted"] for one in votes["own"]]),
                float(np.mean([one["chance"] for one in votes["own"]])),
                round(float(np.mean([one["dimensions"] for one in votes["own"]]))),
            )
            for name, votes in results.items()
        ]
        caption = (
            f"How often the dimension that was fixed is named by majority vote, mean ± standard deviation over "
            f"{len(self.seeds)} draws; {self.votes} samples of {self.vectors} vectors for each dimension vote, and as "
            "many are classified."
        )
        return Table(f"{self.called}-disentanglement", tuple(columns), tuple(rows), caption)

    def _independence(self, study: Study, space: Space) -> Job:
        return study.job(
            "latent_independence",
            space.row,
            f"independence of {space.name}",
            {"rotations": self.rotations, "seed": 0},
            needs=[self._fit(study, space)],
        )

    def _votes(self, study: Study, space: Space) -> dict[str, Job]:
        """Return the votes by coordinates; none of a row without a vote."""
        if space.row in self.without_vote:
            return {}
        inputs = {"votes": self.votes, "vectors": self.vectors, "seeds": list(self.seeds)}
        return {
            name: study.job(
                "latent_votes",
                space.row,
                f"disentanglement of {space.name}, {name} coordinates",
                {**inputs, "coordinates": name},
                needs=[self._fit(study, space)],
            )
            for name in _COORDINATES
        }

    def _fit(self, study: Study, space: Space) -> Job:
        return study.varied(space.row, space.settings, keep=True)


def _untrained(row: str) -> str:
    return f"{row}, untrained"


def _accuracies(votes: list[dict[str, float]]) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([one["accuracy"] for one in votes])
