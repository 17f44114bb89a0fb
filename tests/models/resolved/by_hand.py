"""The model in plain loops, equation by equation, to hold the fast one against."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

Vector = Any


def cosine(first: Vector, second: Vector) -> float:
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second)))


def affiliation(node: Vector, factors: Vector, gamma: float) -> list[float]:
    """(9) and (10)."""
    powers = [math.exp(cosine(node, factor) / gamma) for factor in factors]
    return [power / sum(powers) for power in powers]


class ByHand:
    """Reads the arrays of one network; ``entities_of`` says what each item is linked to."""

    def __init__(self, arrays: Mapping[str, Vector], entities_of: Sequence[Collection[int]], config: Any) -> None:
        self.a = {name: np.asarray(array, dtype=np.float64) for name, array in arrays.items()}
        self.entities_of, self.config = entities_of, config
        self.own, self.other = len(self.a["item_factors"]), len(self.a["entity_factors"])

    def g(self, value: Vector) -> Vector:
        return np.tanh(value) if self.config.activation == "tanh" else value

    def item_affiliation(self, item: int) -> list[float]:
        return affiliation(self.a["items"][item], self.a["item_factors"], self.config.gamma)

    def entity_affiliation(self, entity: int) -> list[float]:
        return affiliation(self.a["entities"][entity], self.a["entity_factors"], self.config.gamma)

    def item_segment(self, taken: Sequence[int], c: int) -> tuple[Vector, Vector]:
        """(7): mean and log-variance of z_u^itm,c."""
        y = sum(self.item_affiliation(t)[c] * self.a["items"][t] / len(taken) for t in taken)
        return self.g(self.a["item_heads"][0] @ y), self.a["item_heads"][1] @ y

    def described(self, item: int, c: int, without: Collection[int] = ()) -> tuple[Vector, Vector]:
        """(6): mean and log-variance of z_t^ent,c."""
        entities = [e for e in self.entities_of[item] if e not in without]
        size = self.a["items"].shape[1]
        y = np.zeros(size)
        for e in entities:
            y = y + self.entity_affiliation(e)[c] * self.a["entities"][e] / len(entities)
        return self.g(self.a["entity_heads"][0] @ y), self.a["entity_heads"][1] @ y

    def entity_segment(self, taken: Sequence[int], c: int, without: Collection[int] = ()) -> tuple[Vector, Vector]:
        """(8): mean and log-variance of z_u^ent,c."""
        parts = [self.described(t, c, without) for t in taken]
        mean = sum(mean for mean, _ in parts) / len(taken)
        return mean, np.log(sum(np.exp(spread) for _, spread in parts) / len(taken) ** 2)

    def decoder_terms(self, segments: Sequence[Vector], item: int) -> list[tuple[float, float]]:
        """(13): (weight, exponent) of each segment; None is an absent one."""
        terms = []
        for c, segment in enumerate(segments):
            if segment is None:
                continue
            weight, key = 1.0, self.a["dictionary_items"][item]
            if c < self.own:
                weight = self.item_affiliation(item)[c]
            else:
                key = self.a["dictionary_segments"][item][c - self.own]
            if self.config.decoder == "cosine":
                terms.append((weight, cosine(segment, key) / self.config.temperature))
            else:
                terms.append((weight, float(segment @ key)))
        return terms

    def logarithm(self, segments: Sequence[Vector], item: int) -> float:
        return math.log(sum(weight * math.exp(power) for weight, power in self.decoder_terms(segments, item)))

    def means(self, taken: Sequence[int], relaying: Sequence[int], without: Collection[int] = ()) -> list[Vector]:
        """Segment means; ``taken`` flow into item segments, ``relaying`` lead to entities, all but some."""
        any_entity = any(set(self.entities_of[t]) - set(without) for t in relaying)
        means = [self.item_segment(taken, c)[0] if taken else None for c in range(self.own)]
        means += [self.entity_segment(relaying, c, without)[0] if any_entity else None for c in range(self.other)]
        if self.config.unit_means:
            means = [None if mean is None else mean / np.linalg.norm(mean) for mean in means]
        return means

    def weighted_means(
        self, relaying: Sequence[int], of_items: Mapping[int, float], of_entities: Mapping[int, float]
    ) -> list[Vector]:
        """Segment means with each item and entity at a strength: (6) and (7) as weighted means, (8) as it is."""
        means = []
        for c in range(self.own):
            y = sum(s * self.item_affiliation(t)[c] * self.a["items"][t] for t, s in of_items.items())
            means.append(self.g(self.a["item_heads"][0] @ y / sum(of_items.values())))
        for c in range(self.other):
            total = np.zeros(self.a["items"].shape[1])
            for t in relaying:
                whole = sum(of_entities[e] for e in self.entities_of[t])
                for_all = np.zeros(len(total))
                for e in self.entities_of[t]:
                    share = of_entities[e] / whole
                    for_all = for_all + share * self.entity_affiliation(e)[c] * self.a["entities"][e]
                total = total + self.g(self.a["entity_heads"][0] @ for_all) / len(relaying)
            means.append(total)
        if self.config.unit_means:
            means = [mean / np.linalg.norm(mean) for mean in means]
        return means

    def held_segments(
        self, relaying: Sequence[int], of_items: Mapping[int, float], of_entities: Mapping[int, float]
    ) -> list[Vector]:
        """Segments with each item and entity at a strength, over |N_u|, |N_t| and the length with all inputs on."""
        parts = []
        for c in range(self.own):
            y = sum(of_items[t] * self.item_affiliation(t)[c] * self.a["items"][t] for t in relaying)
            parts.append(self.g(self.a["item_heads"][0] @ y / len(relaying)))
        for c in range(self.other):
            total = np.zeros(self.a["items"].shape[1])
            for t in relaying:
                linked = self.entities_of[t]
                sent = [of_entities[e] * self.entity_affiliation(e)[c] * self.a["entities"][e] for e in linked]
                total = total + self.g(
                    self.a["entity_heads"][0] @ sum(sent, np.zeros(len(total))) / max(len(linked), 1)
                )
            parts.append(total / len(relaying))
        return parts

    def held_score(
        self, relaying: Sequence[int], of_items: Mapping[int, float], of_entities: Mapping[int, float], item: int
    ) -> float:
        """(13) with the cosine's length of the segment that has all inputs on; every segment stays in the sum."""
        parts = self.held_segments(relaying, of_items, of_entities)
        whole = self.held_segments(relaying, dict.fromkeys(of_items, 1.0), dict.fromkeys(of_entities, 1.0))
        total = 0.0
        for c in range(self.own + (self.other if of_entities else 0)):
            key = (
                self.a["dictionary_items"][item] if c < self.own else self.a["dictionary_segments"][item][c - self.own]
            )
            divisor = 1.0
            if self.config.decoder == "cosine":
                divisor = np.linalg.norm(whole[c]) * np.linalg.norm(key) * self.config.temperature
            weight = self.item_affiliation(item)[c] if c < self.own else 1.0
            total += weight * math.exp(parts[c] @ key / divisor)
        return math.log(total)

    def score(self, taken: Sequence[int], item: int) -> float:
        return self.logarithm(self.means(taken, taken), item)
