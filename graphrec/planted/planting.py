"""Planting: a graph whose every interaction has a known reason, and the table of those reasons.

**Items** are films. The film of popularity rank r has the weight 1 / rˢ (Zipf, s = ``zipf``). Every film has one
director (the likeable attribute; ``values`` of them) and stars one actor (the entity; ``entities`` of them), both dealt
out evenly and independently of popularity. A share ``sequels`` of the films is the sequel of one other; a share
``bundled`` stands in bundles of ``bundle``.

**Decoys.** Beside each director stands a studio that nobody likes. A film has the studio of director v with probability
ρ + (1 − ρ) p if v directed it and (1 − ρ) p if not, where p is v's share of the films and ρ = ``correlation``. So
director and studio are equally frequent, and the φ coefficient between them, over films, is ρ: at 0 the studio says
nothing, at 1 it is the same films.

**Users** like ``tastes`` directors and follow ``followed`` actors. Each has one attribute of their own, a group; with
probability ``tied`` the first taste is the favourite of the group: such users have a reason beyond the film.

**Interactions** are drawn in rounds (``drawing``): noise, by popularity alone, with probability ``noise``; otherwise
for a reason of a kind drawn by the mix. An *attribute* reason leads to films of a liked director, an *entity* reason to
films with a followed actor, an *item* reason to the sequel of a taken film, a *co-purchase* reason to the rest of a
bundle of which a film was taken. Among the films that it leads to, popularity decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.dataset.dataset import Dataset
from graphrec.digests import digest
from graphrec.planted.catalogue import Catalogue
from graphrec.planted.config import KINDS
from graphrec.planted.drawing import ATTRIBUTE, ENTITY, NOISE, DrawnInteractions, draw
from graphrec.planted.people import People
from graphrec.planted.tables import Ids, graph_tables
from graphrec.planted.truth import Truth, settings_text, truth_table
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from graphrec.planted.config import PlantedConfig
    from graphrec.tables.graph_tables import GraphTables

_EVIDENCE = {"attribute": "Attribute", "entity": "Entity", "item": "Item", "co_purchase": "Item"}


@dataclass(frozen=True, eq=False)
class Planted:
    """Planted data and its truth.

    Attributes:
        tables, info: for ``Store.load``.
        truth: the true reasons.
    """

    tables: GraphTables
    info: DatasetInfo
    truth: Truth

    def dataset(self) -> Dataset:
        """Return the data as ``Dataset.from_store`` would from a store that holds it, without one."""
        return Dataset.from_tables(self.tables, self.info)


def plant(config: PlantedConfig) -> Planted:
    """Plant data; the same settings give the same data.

    Raises:
        UsageError: settings that contradict each other.
    """
    config.require_sense()
    rng = np.random.default_rng(config.seed)
    catalogue, people = Catalogue.draw(config, rng), People.draw(config, rng)
    drawn = draw(config, catalogue, people, rng)
    ids, settings = Ids(config), settings_text(config)
    info = DatasetInfo(f"planted-{digest(settings, digits=10)}", f"planted truth, seed {config.seed}", "plant")
    parts = (_taken(ids, drawn), *_followed(ids, people), *_linked(ids, catalogue))
    return Planted(graph_tables(ids, catalogue, people, drawn), info, Truth(truth_table(*parts), settings))


def _taken(ids: Ids, drawn: DrawnInteractions) -> pa.Table:
    users, rounds = drawn.item.shape
    kind, evidence = drawn.kind.ravel(), drawn.evidence.ravel()
    id_array = pa.concat_arrays([ids.likeable, ids.entities, ids.items])
    shift = np.select(
        [kind == ATTRIBUTE, kind == ENTITY], [0, len(ids.likeable)], len(ids.likeable) + len(ids.entities)
    )
    noise = kind == NOISE
    return pa.table(
        {
            "part": pa.repeat("interaction", len(kind)),
            "user": ids.users.take(pa.array(np.repeat(np.arange(users), rounds))),
            "item": ids.items.take(pa.array(drawn.item.ravel())),
            "kind": pa.array([*KINDS, "noise"]).take(pa.array(kind)),
            "label": pa.array(list(_EVIDENCE.values())).take(pa.array(kind, mask=noise)),
            "evidence": id_array.take(pa.array(evidence + shift, mask=noise)),
        }
    )


def _followed(ids: Ids, people: People) -> list[pa.Table]:
    """Return the rows of liked values and followed entities; a tied first taste names the group that it comes from."""
    tables = []
    for kind, nodes, id_array in (
        ("attribute", people.likes, ids.likeable),
        ("entity", people.follows, ids.entities),
    ):
        users, places = nodes.shape
        through = np.full(nodes.shape, -1)
        if kind == "attribute":
            through[:, 0] = np.where(people.tied, people.group, -1)
        tables.append(
            pa.table(
                {
                    "part": pa.repeat("follow", nodes.size),
                    "user": ids.users.take(pa.array(np.repeat(np.arange(users), places))),
                    "kind": pa.repeat(kind, nodes.size),
                    "label": pa.repeat(_EVIDENCE[kind], nodes.size),
                    "evidence": id_array.take(pa.array(nodes.ravel())),
                    "through": ids.own.take(pa.array(through.ravel(), mask=through.ravel() < 0)),
                }
            )
        )
    return tables


def _linked(ids: Ids, catalogue: Catalogue) -> list[pa.Table]:
    links = {
        "attribute": (catalogue.value, ids.likeable),
        "entity": (catalogue.entity, ids.entities),
        "item": (catalogue.before, ids.items),
        "co_purchase": (catalogue.bundle, None),
    }
    tables = []
    for kind, (nodes, id_array) in links.items():
        item = np.flatnonzero(nodes >= 0)
        reached = pa.array(nodes[item])
        tables.append(
            pa.table(
                {
                    "part": pa.repeat("link", len(item)),
                    "item": ids.items.take(pa.array(item)),
                    "kind": pa.repeat(kind, len(item)),
                    "label": pa.repeat(_EVIDENCE[kind], len(item)),
                    "evidence": pa.nulls(len(item), pa.string()) if id_array is None else id_array.take(reached),
                    "through": reached.cast(pa.string()) if id_array is None else pa.nulls(len(item), pa.string()),
                }
            )
        )
    return tables
