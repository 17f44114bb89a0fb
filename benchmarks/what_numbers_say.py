"""What the numbers of reasons say, and what they do not: rows and nodes, sums of effects, items with their genres.

    python -m benchmarks.what_numbers_say [--data FOLDER] [--sets movielens-small-2016 movielens-1m] [--users 200]

MovieLens with every genre as an attribute and as an entity, ratings of 4 and more. The resolved model and the linear
RecoNet, with their settings as they come, 30 epochs; the ten best items of users drawn with a seed, all their evidence.

- Rows and nodes: how many rows the ten strongest reasons are and how many nodes; the sum of effects if it stands on
  every row, as graphrec 0.2.0 stored it, and on a node's first row; how many rows that claim to support are
  contradicted by a node's effect, and how many of them are of a node whose net weight agrees.
- Sums: of all effects of a recommendation (RecoNet); of entities' effects, held effects and weights beside the joint
  effect of all entities (resolved), and how effects and held effects of entities go with their net weights.
- An item off alone, its attributes still on, beside a history truly without it (RecoNet with items' attributes as inputs).
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from benchmarks.movielens import data_folder
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.model_explainer import summed_by_input
from graphrec.explaining.node_weights import node_weights
from graphrec.explaining.selection import ChosenReasons, choose
from graphrec.loaders import movielens
from graphrec.models.reconet.model import RecoNet
from graphrec.models.resolved.model import Resolved
from graphrec.rankings.top_items import top_items
from graphrec.schema.elements import EdgeKind
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.store.opening import open_store
from graphrec.tables.graph_tables import GraphTables

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.models.model import Model

ITEM, ENTITY = EVIDENCE_LABELS.index("Item"), EVIDENCE_LABELS.index("Entity")


def genres_as_entities(tables: GraphTables) -> GraphTables:
    """Return tables in which each genre is an entity as well."""
    attributes = tables.nodes["Attribute"]
    genres = attributes.filter(pc.equal(attributes["kind"].cast(pa.string()), "genre"))
    ids = genres["id"].cast(pa.string())
    carried = tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]
    links = carried.filter(pc.is_in(carried["to"].cast(pa.string()), value_set=ids.combine_chunks()))
    entities = pa.table({"id": ids, "name": genres["name"], "kind": pa.repeat("genre", len(ids))})
    edges = pa.table({"from": links["from"], "to": links["to"], "relation": pa.repeat("genre", links.num_rows)})
    kept = {kind: table for kind, table in tables.edges.items() if "Entity" not in (kind.source, kind.target)}
    return GraphTables({**tables.nodes, "Entity": entities}, {**kept, EdgeKind("HAS_ENTITY", "Item", "Entity"): edges})


def read(source: Path) -> Dataset:
    """Read a MovieLens release with genres as entities."""
    loaded = movielens.load(source, dbpedia=False)
    with tempfile.TemporaryDirectory() as folder, open_store(str(Path(folder) / "store")) as store:
        store.load(genres_as_entities(loaded.tables), loaded.info)
        return Dataset.from_store(store, "rating>=4")


def recommended(model: Model, dataset: Dataset, users: int) -> tuple[Profiles, torch.Tensor, torch.Tensor]:
    """Return profiles of users drawn with a seed who took two items or more, their ten best items, and the scores."""
    aligned, known = model.align(dataset)
    several = np.flatnonzero(aligned.positives.counts >= 2)
    drawn = np.sort(np.random.default_rng(0).permutation(several)[:users])
    profiles = profiles_of(aligned, known, drawn)
    allowed = np.ones(len(aligned.items), dtype=np.bool_)
    items, scores = top_items(model.score(profiles).numpy(), aligned.taken.rows(drawn), allowed, 10)
    return profiles, torch.from_numpy(items.astype(np.int64)), torch.from_numpy(scores)


def every_slot(evidence: Evidence) -> ChosenReasons:
    """Return all evidence as chosen."""
    weights = evidence.weights
    slots = torch.arange(weights.shape[2]).expand_as(weights)
    valid = evidence.filled[:, None, :].expand_as(weights)
    return ChosenReasons(slots, weights, torch.arange(1, weights.shape[2] + 1), valid, weights.abs().sum(dim=2))


def say(what: str, value: str) -> None:
    """Print a line."""
    print(f"  {what:<88} {value}", flush=True)


def rows_and_nodes(model: Model, dataset: Dataset, users: int) -> None:
    """Print how rows and nodes differ, and how entities' numbers add up."""
    profiles, items, scores = recommended(model, dataset, users)
    evidence = model.evidence(profiles, items)
    chosen = choose(evidence, evidence.filled, reasons=10, against=0)
    effects = model.effects(profiles, items, scores, evidence, chosen)
    of_node = node_weights(evidence, chosen)
    pairs = items.numel()
    on_rows = torch.where(chosen.valid, effects.nan_to_num(0.0), 0.0).sum() / pairs
    on_nodes = torch.where(of_node.is_first, effects.nan_to_num(0.0), 0.0).sum() / pairs
    contradicted = chosen.valid & (chosen.weights > 0) & (effects <= 0)
    false = contradicted & (of_node.net <= 0)
    say("rows among the ten strongest, and nodes that they name, of a recommendation",
        f"{chosen.valid.sum() / pairs:.2f}, {of_node.is_first.sum() / pairs:.2f}")  # fmt: skip
    say("sum of effects over rows, as stored before, and over nodes", f"{on_rows:.3f}, {on_nodes:.3f}")
    say("supporting rows called contradicted before; of these, of a node whose net weight agrees",
        f"{int(contradicted.sum()):,}; {int(false.sum()):,} ({false.sum() / contradicted.sum():.1%})")  # fmt: skip
    slots = model.inputs(profiles)
    inputs = summed_by_input(evidence, slots)
    whole = every_slot(inputs)
    again, held = (measured_effects(model, profiles, items, scores, inputs, whole, held=flag) for flag in (False, True))
    entity = torch.from_numpy(slots.labels == ENTITY)[:, None, :].expand_as(whole.weights)
    off = (slots.filled & torch.from_numpy(slots.labels != ENTITY))[:, None, :]
    joint = scores - model.score_with(profiles, slots, off, items)[:, 0]
    joint_held = scores - model.score_held(profiles, slots, off, items)[:, 0]
    sums = [torch.where(entity, part.nan_to_num(0.0), 0.0).sum() / pairs for part in (again, held, whole.weights)]
    say("entities: sum of effects, of held effects, of weights", ", ".join(f"{float(part):.3f}" for part in sums))
    say("all entities off together: effect, held effect", f"{joint.mean():.3f}, {joint_held.mean():.3f}")
    both = entity & ~again.isnan() & ~held.isnan()
    say("correlation of entities' net weights with effects, with held effects",
        ", ".join(f"{np.corrcoef(whole.weights[both], part[both])[0, 1]:.3f}" for part in (again, held)))  # fmt: skip


def averaged(model: RecoNet, dataset: Dataset, users: int) -> None:
    """Print what effects of an average sum to, and what an item takes with it."""
    profiles, items, scores = recommended(model, dataset, users)
    evidence = model.evidence(profiles, items)
    whole = every_slot(evidence)
    effects = model.effects(profiles, items, scores, evidence, whole)
    total = torch.where(whole.valid, effects.nan_to_num(0.0), 0.0).sum(dim=2)
    say("largest sum of all effects of a recommendation, of all scores", f"{total.abs().max():.1e}, {scores.max():.2f}")
    of_item = torch.from_numpy(evidence.labels == ITEM)[:, None, :].expand_as(effects)
    truly = torch.full_like(effects, float("nan"))
    for user in range(len(profiles)):
        taken = profiles.items.row(user)
        kept = [np.delete(taken, place) for place in range(len(taken))]
        row = np.repeat(np.arange(len(taken)), len(taken) - 1)
        without = Incidence.from_pairs(row, np.concatenate(kept), (len(taken), profiles.items.n_columns))
        reduced = profiles.with_inputs(np.full(len(taken), user), without, {})
        after = model.score(reduced, items[user].expand(len(taken), -1))
        truly[user, :, : len(taken)] = scores[user][:, None] - after.T
    both = of_item & ~truly.isnan() & ~effects.isnan()
    apart = torch.sign(truly[both]) != torch.sign(effects[both])
    say("item off with its attributes on, and history truly without it: correlation, other sign",
        f"{np.corrcoef(truly[both], effects[both])[0, 1]:.3f}, {apart.float().mean():.1%}")  # fmt: skip


def main() -> None:
    """Print both models' numbers on each set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder())
    parser.add_argument("--sets", nargs="+", default=["movielens-small-2016", "movielens-1m"])
    parser.add_argument("--users", type=int, default=200)
    arguments = parser.parse_args()
    for name in arguments.sets:
        dataset = read(arguments.data / name)
        print(f"{name}: {len(dataset.users):,} users, {len(dataset.entities)} genres; resolved")
        rows_and_nodes(Resolved(epochs=30).fit(dataset), dataset, arguments.users)
        print(f"{name}: RecoNet, linear, with attributes of items")
        averaged(RecoNet(epochs=30, item_attributes=True, user_attributes=False).fit(dataset), dataset, arguments.users)


if __name__ == "__main__":
    main()
