"""LastFM's sets of 1,000 and 360,000 users: who played which artist how often (Celma, 2010).

360K has one line for a user and an artist, with the number of plays; 1K has one for each track that was played, with
its time. Both name artists by MusicBrainz's ids where they have one, and always by their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.age_bands import age_bands, plausible_ages
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import head
from graphrec.loading.interactions import INTERACTED, encoded, interactions
from graphrec.loading.layout import Layout
from graphrec.loading.nodes import node_table
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.contract import LoaderReport

_PROFILE = ("user", "gender", "age", "country", "signup")
_GENDERS = {"m": "male", "f": "female"}


@dataclass(frozen=True)
class Edition:
    """One of the two sets.

    Attributes:
        name: 1K or 360K.
        plays: the file of plays.
        columns: of that file.
        profiles: the file of users, which need not be there.
    """

    name: str
    plays: str
    columns: tuple[str, ...]
    profiles: str


EDITIONS = (
    Edition(
        "360K",
        "usersha1-artmbid-artname-plays.tsv",
        ("user", "artist_id", "artist", "plays"),
        "usersha1-profile.tsv",
    ),
    Edition(
        "1K",
        "userid-timestamp-artid-artname-traid-traname.tsv",
        ("user", "time", "artist_id", "artist", "track_id", "track"),
        "userid-profile.tsv",
    ),
)


def edition_of(folder: Path) -> Edition | None:
    """Return which of the two sets lies in a folder; None for neither."""
    return next((edition for edition in EDITIONS if (folder / edition.plays).is_file()), None)


def read_listens(folder: Path, edition: Edition, report: LoaderReport) -> tuple[list[GraphTables], DatasetInfo]:
    """Return the parts of one of the two sets, and its record.

    Raises:
        InputError: a file is unusable.
    """
    path = folder / edition.plays
    with_counts = "plays" in edition.columns
    columns = [Column("user", "id", required=True), Column("artist_id", "id"), Column("artist", "id")]
    extra = Column("plays", "number", required=True, minimum=0) if with_counts else Column("time", "time", unit="iso")
    layout = Layout("\t", header=False, quoted=False, columns=edition.columns)
    plays = read_delimited(path, [*columns, extra], report, layout)
    artists, codes = _artists(plays.column("artist_id"), plays.column("artist"), path, report)
    items = pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), artists.column("id").combine_chunks())
    if items.null_count:
        plays, items = plays.filter(items.is_valid()), items.drop_null()
    if not len(items):
        raise InputError("no line names an artist", where=str(path), remedy="Fetch the file again")
    edges = interactions(
        plays.column("user"),
        items,
        report,
        weight=plays.column("plays") if with_counts else None,
        timestamp=None if with_counts else plays.column("time"),
    )
    attributes = AttributeTables()
    nodes = {
        "User": _users(folder / edition.profiles, edges, attributes, report),
        "Item": node_table(artists.column("id"), artists.column("name"), edges.column("to"), report, label="Item"),
    }
    info = DatasetInfo(f"lastfm-{edition.name.lower()}", f"LastFM {edition.name}", "lastfm", verb="listened to")
    return [GraphTables(nodes, {INTERACTED: edges}), attributes.tables()], info


def _artists(
    ids: pa.ChunkedArray, names: pa.ChunkedArray, path: Path, report: LoaderReport
) -> tuple[pa.Table, npt.NDArray[np.int32]]:
    """Return ``id`` and ``name`` of each artist, and the artist of each row, -1 where a row names none.

    An artist is one id of MusicBrainz. A row without one is of the artist whose id other rows give with this name, if
    there is only one; otherwise its artist is the name itself. The name is that of the artist's first row.
    """
    known, called = _codes(ids), _codes(names)
    n_ids, n_names = len(known.texts), len(called.texts)
    both = (known.codes >= 0) & (called.codes >= 0)
    pairs = np.unique(called.codes[both].astype(np.int64) * max(n_ids, 1) + known.codes[both])
    counts = np.bincount(pairs // max(n_ids, 1), minlength=n_names)
    only_id = np.full(n_names, -1, dtype=np.int64)
    only_id[pairs // max(n_ids, 1)] = pairs % max(n_ids, 1)
    of_name = np.where(counts == 1, only_id, n_ids + np.arange(n_names))
    without = (known.codes < 0) & (called.codes >= 0)
    keys = known.codes.astype(np.int64)
    keys[without] = of_name[called.codes[without]]
    if without.any():
        n_given = int((keys[without] < n_ids).sum())
        report.remarks.append(
            f"{path.name}: {int(without.sum()):,} lines have no id of MusicBrainz: {n_given:,} take the only one that "
            "other lines give with the artist's name, the others are of artists that are called by their name"
        )
    n_nobody = int((keys < 0).sum())
    if n_nobody:
        report.remarks.append(f"{path.name}: {n_nobody:,} lines name no artist and are left out")
    used, codes = np.unique(keys[keys >= 0], return_inverse=True)
    artist_of_row = np.full(len(keys), -1, dtype=np.int32)
    artist_of_row[keys >= 0] = codes
    named = np.flatnonzero((artist_of_row >= 0) & (called.codes >= 0))
    first = np.full(len(used), -1, dtype=np.int64)
    first[artist_of_row[named[::-1]]] = called.codes[named[::-1]]
    texts = pa.concat_arrays([known.texts, called.texts])
    table = pa.table({"id": texts.take(pa.array(used)), "name": called.texts.take(pa.array(first, mask=first < 0))})
    return table, artist_of_row


@dataclass(frozen=True)
class _Codes:
    """A column of texts.

    Attributes:
        texts: the different ones, string.
        codes: int32 [rows], the place of each row's text; -1 where it is empty.
    """

    texts: pa.Array
    codes: npt.NDArray[np.int32]


def _codes(values: pa.ChunkedArray) -> _Codes:
    column = encoded(values)
    codes = np.asarray(column.indices.fill_null(-1)).astype(np.int32)
    empty = pc.index(column.dictionary, "").as_py()
    codes[codes == empty] = -1  # where no text is empty, that is -1 already
    return _Codes(column.dictionary, codes)


def _users(path: Path, edges: pa.Table, attributes: AttributeTables, report: LoaderReport) -> pa.Table:
    """Return users, with gender, age and country as attributes where the file of profiles is there."""
    if not path.is_file():
        return node_table(pa.array([], pa.string()), None, edges.column("from"), report, label="User", prefix="user ")
    columns = [Column("user", "id", required=True), Column("gender"), Column("age", "integer"), Column("country")]
    layout = Layout("\t", header=head(path, "utf-8").startswith("#"), quoted=False, columns=_PROFILE)
    profiles = read_delimited(path, columns, report, layout)
    users = profiles.column("user")
    attributes.add("user", "gender", users, profiles.column("gender"), name=lambda text: _GENDERS.get(text, text))
    ages = plausible_ages(profiles.column("age"), path.name, report)
    attributes.add("user", "age", users, age_bands(ages), name="age {}".format)
    attributes.add("user", "country", users, profiles.column("country"))
    return node_table(users, None, edges.column("from"), report, label="User", prefix="user ")
