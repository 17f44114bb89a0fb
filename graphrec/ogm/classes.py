"""The schema's labels as py2neo classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from py2neo.ogm import Model, Property, RelatedFrom, RelatedTo

from graphrec import queries
from graphrec.errors import UnknownIdError
from graphrec.ogm.reasons import Reason

if TYPE_CHECKING:
    from py2neo import Graph
    from typing_extensions import Self


class _Named(Model):  # type: ignore[misc]
    """The base of all labels: an id, unique per label, and a name."""

    __primarykey__ = "id"

    id = Property()
    name = Property()

    @classmethod
    def get(cls, graph: Graph, identity: str) -> Self:
        """Return the node with this id.

        Raises:
            UnknownIdError: there is none.
        """
        node: Self | None = cls.match(graph, identity).first()
        if node is None:
            raise UnknownIdError(f"there is no {cls.__name__} with the id {identity!r}")
        return node


class Run(_Named):
    """A run of recommendations."""

    model = Property()
    fit = Property()
    created = Property()
    status = Property()
    current = Property()
    scope = Property()
    data = Property()
    weight_unit = Property()
    additive = Property()
    dataset = Property()
    number = Property()

    @classmethod
    def current_of(cls, graph: Graph, dataset: str = "") -> Self:
        """Return the run that why-queries see by default.

        Args:
            graph: of the store.
            dataset: id of a base data set, where the store holds several; empty for any.

        Raises:
            UnknownIdError: no run is current.
        """
        which = {"dataset": dataset} if dataset else {}
        run: Self | None = cls.match(graph).where(current=True, status="complete", **which).first()
        if run is None:
            raise UnknownIdError("the store has no current run")
        return run


class Attribute(_Named):
    """An attribute value, such as ``item.genre=Drama``."""

    owner = Property()
    kind = Property()
    value = Property()


class Entity(_Named):
    """A knowledge-graph entity."""

    kind = Property()


class Feature(_Named):
    """An aspect word from reviews."""


class Item(_Named):
    """An item."""

    attributes = RelatedTo(Attribute, "HAS_ATTRIBUTE")
    entities = RelatedTo(Entity, "HAS_ENTITY")
    suggested_by = RelatedFrom("graphrec.ogm.classes.Recommendation", "SUGGESTS")


class Recommendation(_Named):
    """One recommended item for one user in one run."""

    run = Property()
    user = Property()
    item = Property()
    score = Property()
    rank = Property()
    rest = Property()
    n_reasons = Property()
    counterfactual = Property()

    suggests = RelatedTo(Item, "SUGGESTS")
    from_run = RelatedTo(Run, "FROM_RUN")
    received_by = RelatedFrom("graphrec.ogm.classes.User", "RECEIVED")

    def reasons(self, graph: Graph) -> list[Reason]:
        """Return the reasons of this recommendation: supporting ones by rank, then opposing ones."""
        rows = graph.query(queries.load("ogm/reasons", "neo4j").text, {"recommendation": self.id})
        return [Reason.from_relationship(row[0]) for row in rows]


class User(_Named):
    """A user."""

    took = RelatedTo(Item, "INTERACTED")
    attributes = RelatedTo(Attribute, "HAS_ATTRIBUTE")
    spoke_of = RelatedTo(Feature, "MENTIONED")
    received = RelatedTo(Recommendation, "RECEIVED")

    def recommendations(self, graph: Graph, run: str = "") -> list[Recommendation]:
        """Return the recommendations of one run to this user, best first.

        Args:
            graph: where to look.
            run: id of a complete run; empty for the current one.
        """
        query = queries.load("ogm/recommendations", "neo4j")
        rows: Any = graph.query(query.text, {"user": self.id, "run": run})
        return [Recommendation.wrap(row[0]) for row in rows]
