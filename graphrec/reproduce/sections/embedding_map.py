"""Where a model's items lie, coloured by the factor that they belong to most (Figure 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from graphrec.report import Cloud, Figure, Finding, Heading
from graphrec.report.cells import number
from graphrec.reproduce.recipe import Settings, Strict
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class Panel(Strict):
    """One map.

    Attributes:
        name: of the map.
        settings: put over the chosen ones; nothing takes the fit that is there.
    """

    name: str = ""
    settings: Settings = Field(default_factory=dict)


class EmbeddingMap(Section):
    """Vectors of items on a plane, by t-SNE.

    Source: van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 2008; scikit-learn's.

    Attributes:
        row: whose items.
        panels: the maps.
        array: name of the learned array with a row for each item.
        factors: words of the ids of the factors that colour; empty for all.
        items: how many, those taken most often.
        perplexity: of t-SNE, about the number of neighbours that count.
        seed: of the layout.
    """

    kind: ClassVar[str] = "embedding_map"
    row: str
    panels: tuple[Panel, ...] = Field((Panel(),), min_length=1)
    array: str
    factors: str = ""
    items: int = Field(2000, ge=8)
    perplexity: float = Field(30.0, gt=1)
    seed: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return a layout for each map."""
        inputs = {name: getattr(self, name) for name in ("array", "factors", "items", "perplexity", "seed")}
        return [
            study.job(
                "embedding",
                self.row,
                f"map of {self.row}'s items{', ' + panel.name if panel.name else ''}",
                inputs,
                needs=[study.varied(self.row, panel.settings, keep=True)],
            )
            for panel in self.panels
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return each map, and how often neighbours share a factor."""
        blocks: list[Block] = []
        for place, (panel, job) in enumerate(zip(self.panels, self.jobs(study), strict=True), start=1):
            layout = study.result(job)
            name = f"{self.row}{', ' + panel.name if panel.name else ''}"
            groups = tuple(_group(layout, factor) for factor in range(len(layout["names"])))
            caption = (
                f"{name}: {len(layout['x']):,} items on a plane by t-SNE, each in the colour of the factor that it "
            )
            caption += "belongs to most, though it may belong to others too."
            if panel.name:
                blocks.append(Heading(panel.name, 3))
            blocks.append(Figure(f"{self.called}-{place}", Cloud(groups), caption))
            blocks.append(
                Finding(
                    f"{name}: an item and the one nearest to it are of one factor {number(layout['apart'], 2)} times "
                    "as often as by chance"
                )
            )
        return blocks


def _group(layout: dict[str, Any], factor: int) -> tuple[str, tuple[float, ...], tuple[float, ...]]:
    own = [place for place, other in enumerate(layout["factor"]) if other == factor]
    x, y = (tuple(layout[axis][place] for place in own) for axis in ("x", "y"))
    return layout["names"][factor], x, y
