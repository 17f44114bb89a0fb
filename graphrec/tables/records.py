"""The two nodes that describe a store's content, as typed records."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from graphrec import strict_json
from graphrec.schema.elements import Property, PropertyType

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class DatasetInfo:
    """A ``Dataset`` node. ``declared`` are properties beyond the schema, by label or relationship type.

    ``prefix`` stands in front of all its ids; a second base data set of a store needs one of its own. ``verb`` is what
    its users do with items, in the past tense as it follows “which they”: ``watched``, ``listened to``, ``bought``;
    empty means ``interacted with``, and in an overlay that of its base (see ``graphrec.tables.verbs``). ``fingerprint``
    is that of the data set with all its overlays, once this was loaded, and ``generation`` counts their loads: the
    largest is the latest, whatever the clocks said. It is 0 in records from before 0.4.
    """

    id: str
    name: str
    loader: str
    base: str = ""
    prefix: str = ""
    verb: str = ""
    declared: Mapping[str, tuple[Property, ...]] = field(default_factory=dict)
    fingerprint: str = ""
    loaded: str = ""
    status: str = "complete"
    generation: int = 0

    def to_row(self) -> dict[str, Any]:
        """Return the node's properties; ``declared`` as JSON."""
        declared = {
            owner: [{"name": p.name, "type": p.type.value} for p in properties]
            for owner, properties in self.declared.items()
        }
        row = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**row, "declared": json.dumps(declared, sort_keys=True)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> DatasetInfo:
        """Rebuild the record from a node's properties."""
        declared = {
            owner: tuple(Property(p["name"], PropertyType(p["type"])) for p in properties)
            for owner, properties in json.loads(row.get("declared") or "{}").items()
        }
        fields = {name: row[name] for name in cls.__dataclass_fields__ if row.get(name) is not None}
        return cls(**{**fields, "declared": declared})


_JSON_FIELDS = ("params", "metrics", "versions", "protected")


@dataclass(frozen=True)
class RunInfo:
    """A ``Run`` node; the meaning of each field stands in the schema.

    ``additive`` is empty where the node's is null: in runs from before 0.3. So is ``dataset``, and ``number`` is 0, in
    runs from before 0.4; a store fills both in when it writes a run.
    """

    id: str
    name: str
    model: str
    fit: str
    created: str
    data: str
    weight_unit: str
    additive: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    seed: int = 0
    versions: Mapping[str, str] = field(default_factory=dict)
    status: str = "writing"
    current: bool = False
    scope: str = "full"
    split: str = "none"
    history: str = "all"
    positive_if: str = ""
    max_hops: int = 1
    protected: tuple[str, ...] = ()
    notes: str = ""
    dataset: str = ""
    number: int = 0

    def to_row(self) -> dict[str, Any]:
        """Return the node's properties; nested fields as JSON, and null what runs of an earlier graphrec lack."""
        lacking = {"additive": self.additive or None, "dataset": self.dataset or None, "number": self.number or None}
        row = {**asdict(self), **lacking}
        for name in _JSON_FIELDS:
            row[name] = strict_json.dumps(row[name], sort_keys=True)
        return row

    @property
    def negative_if(self) -> str:
        """Which interactions were explicit dislikes, such as ``rating<=2``; empty where none were offered."""
        return str(self.params.get("negative_if", ""))

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> RunInfo:
        """Rebuild the record from a node's properties."""
        fields = {name: row[name] for name in cls.__dataclass_fields__ if row.get(name) is not None}
        for name in _JSON_FIELDS:
            if name in fields:
                fields[name] = json.loads(fields[name])
        if "protected" in fields:
            fields["protected"] = tuple(fields["protected"])
        return cls(**fields)
