"""Where a model's items or users lie, coloured by their factor, or by the network that they attend to."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import Field, model_validator

from graphrec.report import Figure, Finding, Heading
from graphrec.report.cells import number
from graphrec.reproduce.sections.layouts import cloud_of
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings, Strict

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


_JOBS = {
    "items": ("embedding", ("array", "factors", "items")),
    "users": ("user_map", ("colour", "network", "size", "users")),
}
"""Kind of job, and what it takes, by what is mapped."""


class Panel(Strict):
    """One map.

    Attributes:
        name: of the map.
        settings: put over the chosen ones; nothing takes the fit that is there.
    """

    name: str = ""
    settings: Settings = Field(default_factory=dict)


class EmbeddingMap(Section):
    """Vectors of items, or of users, on a plane, by t-SNE.

    Items are coloured by the factor that they belong to most. Users are coloured by the network that they attend to
    most (``colour`` is ``network``), or are those who attend to ``network`` most and least (``group``).

    Source: van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 2008; scikit-learn's.

    Attributes:
        row: whose items or users.
        panels: the maps.
        of: ``items`` or ``users``.
        array: name of the learned array with a row for each item; users' vectors are the model's ``user_vectors``.
        factors: words of the ids of the factors that colour items; empty for all.
        items: how many, those taken most often.
        colour: of users, by ``network`` or by ``group``.
        network: of the groups.
        size: users of a group.
        users: how many, drawn at random, where they are coloured by network.
        perplexity: of t-SNE, about the number of neighbours that count.
        seed: of the layout.
    """

    kind: ClassVar[str] = "embedding_map"
    row: str
    panels: tuple[Panel, ...] = Field((Panel(),), min_length=1)
    of: Literal["items", "users"] = "items"
    array: str = ""
    factors: str = ""
    items: int = Field(2000, ge=8)
    colour: Literal["network", "group"] = "network"
    network: str = ""
    size: int = Field(40, ge=4)
    users: int = Field(2000, ge=8)
    perplexity: float = Field(30.0, gt=1)
    seed: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _whole(self) -> EmbeddingMap:
        if self.of == "items" and not self.array:
            raise ValueError("a map of items needs the name of an array")
        if self.of == "users" and self.colour == "group" and not self.network:
            raise ValueError("a map of users by group needs the name of a network")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return a layout for each map."""
        job, names = _JOBS[self.of]
        inputs = {name: getattr(self, name) for name in (*names, "perplexity", "seed")}
        return [
            study.job(
                job,
                self.row,
                f"map of {self.row}'s {self.of}{', ' + panel.name if panel.name else ''}",
                inputs,
                needs=[study.varied(self.row, panel.settings, keep=True)],
            )
            for panel in self.panels
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return each map, and how often neighbours are of one colour."""
        blocks: list[Block] = []
        for place, (panel, job) in enumerate(zip(self.panels, self.jobs(study), strict=True), start=1):
            layout = study.result(job)
            name = f"{self.row}{', ' + panel.name if panel.name else ''}"
            caption = f"{name}: {len(layout['x']):,} {self.of} on a plane by t-SNE, {self._coloured}."
            if panel.name:
                blocks.append(Heading(panel.name, 3))
            blocks.append(Figure(f"{self.called}-{place}", cloud_of(layout), caption))
            one, group = ("an item", "factor") if self.of == "items" else ("a user", self.colour)
            blocks.append(
                Finding(
                    f"{name}: {one} and the one nearest to it are of one {group} {number(layout['apart'], 2)} times as "
                    "often as by chance"
                )
            )
        return blocks

    @property
    def _coloured(self) -> str:
        if self.of == "items":
            return "each in the colour of the factor that it belongs to most, though it may belong to others too"
        if self.colour == "network":
            return "each in the colour of the network that the user attends to most, on average over taken items"
        return f"the {self.size} who attend to the {self.network} network most (Max) and least (Min)"
