"""Folders of RecBole's atomic files: NAME.inter; NAME.item, NAME.user, and NAME.kg with NAME.link, where they are.

    graphrec load recbole dataset/ml-100k/
    graphrec load recbole dataset/shop/ --option separator=, --option rating=stars --option verb=bought

A field has the role that its name says in RecBole's default settings (``user_id``, ``item_id``, ``rating``, …). Where
no field has the usual name of an id, the fields of type token have the roles in their order: user and item; head,
relation and tail; item and entity.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa

from graphrec.errors import InputError, UsageError
from graphrec.loading.assemble import assemble
from graphrec.loading.atomic.folder import atomic_files, without_fields
from graphrec.loading.atomic.roles import InteractionFields, id_fields, name_field
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED, encoded, interactions
from graphrec.loading.knowledge.links import linked_items
from graphrec.loading.layout import Layout
from graphrec.loading.matching import unique_texts
from graphrec.loading.missing import null_for_empty
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import knowledge_graph
from graphrec.schema.elements import Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.atomic.file import AtomicFile
    from graphrec.loading.atomic.folder import AtomicFiles
    from graphrec.loading.attributes import Owner
    from graphrec.loading.contract import Loaded
    from graphrec.loading.times import TimeUnit

_SPLIT = Property("split", PropertyType.STRING, "the part that its file is of")
_TYPES = {"token": PropertyType.STRING, "float": PropertyType.FLOAT}
_NOBODY = pa.array([], pa.string())


def load(
    path: Path | str,
    *,
    user: str = "",
    item: str = "",
    rating: str = "",
    timestamp: str = "",
    time_unit: str = "s",
    lowest_rating: float = 0,
    leave_out: str = "",
    separator: str = "\t",
    sequence_separator: str = " ",
    encoding: str = "utf-8",
    verb: str = "",
    co_purchases: int = 0,
    id_prefix: str = "",
) -> Loaded:
    """Load a folder of atomic files.

    Args:
        path: the folder, or its file NAME.inter where it holds several.
        user: field of users' ids; user_id, or the first of type token.
        item: field of items' ids; item_id, or the second of type token.
        rating: field of ratings; rating, if there is one.
        timestamp: field of times; timestamp, if there is one.
        time_unit: what times count since 1970: s, ms, us or ns; or iso for ISO 8601.
        lowest_rating: ratings below it are skipped.
        leave_out: fields that become nothing, in whatever file, with commas between them, such as zip_code,url.
        separator: the character between columns; a tab by default.
        sequence_separator: the text between the values of a sequence; a space by default.
        encoding: of the files.
        verb: what users did with items, in the past tense, such as watched or bought.
        co_purchases: count pairs of items that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable, a field is missing or of the wrong type, or there are triples and no
            links.
        UsageError: an option that is no separator or unit, or names a field to be left out that no file has.
    """
    if len(separator) != 1 or separator in '"\r\n' or not sequence_separator:
        raise UsageError("a separator is one character, and that of sequences a text", remedy="Such as separator=,")
    if time_unit not in ("s", "ms", "us", "ns", "iso"):
        raise UsageError(f"there is no time unit {time_unit!r:.60}", remedy="Choose s, ms, us, ns or iso")
    report, layout = LoaderReport(), Layout(separator, quoted=False, encoding=encoding)
    name, files = atomic_files(Path(path), layout, report)
    files = without_fields(files, [word.strip() for word in leave_out.split(",") if word.strip()])
    fields = InteractionFields.of(files["inter"][0], report, user=user, item=item, rating=rating, timestamp=timestamp)
    roles = _columns(fields, cast("TimeUnit", time_unit), lowest_rating)
    edges, more = _interactions(files["inter"], fields, roles, report)
    attributes, nodes = AttributeTables(), {}
    declared = {"INTERACTED": more}
    owners: tuple[tuple[Owner, str, str, str], ...] = (
        ("user", "User", fields.user, "from"),
        ("item", "Item", fields.item, "to"),
    )
    for owner, label, id_field, end in owners:
        said = _description(files, owner, id_field, attributes, sequence_separator, report)
        nodes[label] = node_table(
            said.ids,
            said.names,
            edges.column(end),
            report,
            label=label,
            prefix=f"{owner} ",
            properties=said.properties,
        )
        declared[label] = tuple(Property(name, PropertyType.FLOAT) for name in said.properties)
    parts = [GraphTables(nodes, {INTERACTED: edges}), attributes.tables()]
    if "kg" in files:
        parts.append(_graph(files, fields.item, nodes["Item"].column("id").combine_chunks(), report))
    info = DatasetInfo(name, name, "recbole", verb=verb, declared={key: some for key, some in declared.items() if some})
    return assemble(parts, info, report, id_prefix=id_prefix, co_purchases=co_purchases)


def _columns(fields: InteractionFields, time_unit: TimeUnit, lowest_rating: float) -> list[Column]:
    """Return the columns of the fields that have a role."""
    columns = [Column(fields.user, "id", required=True), Column(fields.item, "id", required=True)]
    if fields.rating:
        columns.append(Column(fields.rating, "number", minimum=lowest_rating))
    if fields.weight:
        columns.append(Column(fields.weight, "number", required=True, minimum=0))
    if fields.timestamp:
        columns.append(Column(fields.timestamp, "time", unit=time_unit))
    return columns


def _interactions(
    files: Sequence[AtomicFile], fields: InteractionFields, roles: Sequence[Column], report: LoaderReport
) -> tuple[pa.Table, tuple[Property, ...]]:
    """Return the edges, and their properties beyond rating, weight and time: tokens and floats."""
    types = files[0].fields
    more = {name: kind for name, kind in types.items() if name not in fields.all and kind in _TYPES}
    columns = [*roles, *(Column(name, "number" if kind == "float" else "text") for name, kind in more.items())]
    if len(files) > 1 and "split" in more:
        raise InputError(
            "the field 'split' has the name under which the part of each file is kept",
            where=f"{files[0].path}, line 1",
            remedy="Leave it out: leave_out=split",
        )
    for file in files:
        for column in columns:
            file.require(column.name, types[column.name])
    tables = [file.read(columns, report) for file in files]
    table = pa.concat_tables(tables).unify_dictionaries().combine_chunks()
    users, items = encoded(table.column(fields.user)), encoded(table.column(fields.item))
    properties = {name: null_for_empty(table.column(name)) for name in more}
    declared = tuple(Property(name, _TYPES[kind]) for name, kind in more.items())
    if len(files) > 1:
        words = [file.path.name.split(".")[-2] for file in files]
        properties["split"] = _parts(users, items, [one.num_rows for one in tables], words, report)
        declared += (_SPLIT,)
    values = {
        role: table.column(name)
        for role, name in (("rating", fields.rating), ("weight", fields.weight), ("timestamp", fields.timestamp))
        if name
    }
    return interactions(users, items, report, properties=properties, **values), declared


def _parts(
    users: pa.DictionaryArray,
    items: pa.DictionaryArray,
    sizes: Sequence[int],
    words: Sequence[str],
    report: LoaderReport,
) -> pa.Array:
    """Return the part of each interaction: for all of a pair the first that has it, training where it is there."""
    part = np.repeat(np.arange(len(words)), sizes)
    pairs = np.asarray(users.indices).astype(np.int64) * len(items.dictionary) + np.asarray(items.indices)
    _, first, group = np.unique(pairs, return_index=True, return_inverse=True)
    own = part[first][group]
    n_moved = int((own != part).sum())
    if n_moved:
        across = f"{counted(n_moved, 'repeat')} of pairs across {', '.join(words)}"
        report.remarks.append(f"{across}: each pair belongs to the first")
    return pa.array(words).take(pa.array(own))


@dataclass(frozen=True)
class _Description:
    """What a file says of users or items."""

    ids: pa.ChunkedArray | pa.Array = field(default_factory=lambda: _NOBODY)
    names: pa.ChunkedArray | None = None
    properties: dict[str, pa.ChunkedArray] = field(default_factory=dict)


def _description(
    files: AtomicFiles, owner: Owner, id_field: str, attributes: AttributeTables, separator: str, report: LoaderReport
) -> _Description:
    """Read users or items: tokens become attributes, floats properties; a field may name them."""
    if owner not in files:
        return _Description()
    (file,) = files[owner]
    (ids,) = id_fields(file, {id_field: ""}, report)
    name = name_field(file.without([ids]), owner)
    texts = [text for text in file.of_type("token", "token_seq") if text not in (ids, name)]
    numbers = file.of_type("float")
    columns = [Column(ids, "id", required=True)]
    columns += [Column(text) for text in (*([name] if name else []), *texts)]
    columns += [Column(number, "number") for number in numbers]
    table = file.read(columns, report)
    if name:
        report.remarks.append(f"{file.path.name}: {name!r} names the {owner}s")
    for text in texts:
        sequence = separator if file.fields[text] == "token_seq" else ""
        attributes.add(owner, text, table.column(ids), table.column(text), separator=sequence)
    return _Description(
        table.column(ids), table.column(name) if name else None, {number: table.column(number) for number in numbers}
    )


def _graph(files: AtomicFiles, item_field: str, items: pa.Array, report: LoaderReport) -> GraphTables:
    """Read the knowledge graph, tied to items by the links."""
    (file,) = files["kg"]
    if "link" not in files:
        raise InputError(
            f"there is no {file.path.with_suffix('.link').name}, which says what entities the items are",
            where=str(file.path),
            remedy="Put it beside the triples, or move these away to load without them",
        )
    ends = id_fields(file, {"head_id": "", "relation_id": "", "tail_id": ""}, report)
    triples = file.read([Column(name, required=True) for name in ends], report)
    triples = triples.select(ends).rename_columns(["head", "relation", "tail"])
    (links,) = files["link"]
    names = id_fields(links, {item_field: "", "entity_id": ""}, report)
    table = links.read([Column(name, required=True) for name in names], report).select(names)
    both = pa.concat_arrays([unique_texts(triples.column(side)) for side in ("head", "tail")])
    linked = linked_items(table.rename_columns(["item", "entity"]), both, report, items=items, place=links.path.name)
    return knowledge_graph(triples, linked, report)
