"""The items of planted data: how popular they are, and what connects them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.config import PlantedConfig


@dataclass(frozen=True, eq=False)
class Catalogue:
    """The properties of the items.

    Attributes:
        weight: float32 [items], Zipf weight 1 / rankˢ.
        value: int64 [items], the likeable attribute value that each item carries.
        decoys: bool [items, values]; column v is the decoy of value v, liked by nobody.
        entity: int64 [items], the entity that each item is linked to.
        before: int64 [items], the item that each item is the sequel of; −1 for none.
        bundle: int64 [items], number of the bundle that each item is in; −1 for none.
    """

    weight: npt.NDArray[np.float32]
    value: npt.NDArray[np.int64]
    decoys: npt.NDArray[np.bool_]
    entity: npt.NDArray[np.int64]
    before: npt.NDArray[np.int64]
    bundle: npt.NDArray[np.int64]

    @cached_property
    def after(self) -> npt.NDArray[np.int64]:
        """Int64 [items], the sequel of each item; −1 for none."""
        after = np.full(len(self.before), -1, dtype=np.int64)
        sequels = np.flatnonzero(self.before >= 0)
        after[self.before[sequels]] = sequels
        return after

    @classmethod
    def draw(cls, config: PlantedConfig, rng: np.random.Generator) -> Catalogue:
        """Draw popularity, attributes, entities, sequels and bundles, each independent of the others."""
        n = config.items
        weight = np.empty(n, dtype=np.float32)
        weight[rng.permutation(n)] = np.arange(1, n + 1, dtype=np.float64) ** -config.zipf
        value = _dealt(n, config.values, rng)
        return cls(
            weight,
            value,
            decoys_of(value[:, None] == np.arange(config.values), config.correlation, rng),
            _dealt(n, config.entities, rng),
            _sequels(n, config.sequels, rng),
            _bundles(n, config, rng),
        )


def _dealt(items: int, groups: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Give every item one of the groups, of sizes as equal as can be."""
    return rng.permutation(np.arange(items) % groups)


def decoys_of(carried: npt.NDArray[np.bool_], correlation: float, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Give each value v a decoy with the same share p of items and the φ coefficient ρ with v.

    P(decoy | v) = ρ + (1 − ρ) p and P(decoy | not v) = (1 − ρ) p, so that P(decoy) = p and the covariance is
    ρ p (1 − p).

    Args:
        carried: bool [items, values].
        correlation: ρ.
        rng: of the draw.

    Returns:
        bool [items, values].
    """
    share = carried.mean(axis=0)
    chance = (1 - correlation) * share + correlation * carried
    decoys: npt.NDArray[np.bool_] = rng.random(carried.shape) < chance
    return decoys


def _sequels(items: int, share: float, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Make a share of the items the sequel of one other each; nothing is in two pairs on the same side, or its own."""
    before = np.full(items, -1, dtype=np.int64)
    number = round(share * items)
    ring = rng.permutation(items)
    before[ring[:number]] = np.roll(ring, 1)[:number]
    return before


def _bundles(items: int, config: PlantedConfig, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Put a share of the items into bundles of a fixed size; what does not fill a bundle stays outside."""
    number = round(config.bundled * items) // config.bundle
    bundle = np.full(items, -1, dtype=np.int64)
    bundle[rng.permutation(items)[: number * config.bundle]] = np.arange(number * config.bundle) // config.bundle
    return bundle
