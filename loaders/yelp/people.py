"""Users: first names and friendships, where they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.columns import Column
from graphrec.loading.files import require_file
from graphrec.loading.json_lines import read_json_lines
from graphrec.loading.json_values import text_of
from graphrec.loading.review_blocks import blocks_of
from graphrec.loading.sound_text import sound_strings
from graphrec.loading.undirected import undirected

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

_AT_ONCE = 50_000


def read_names(path: Path, users: pa.Array, report: LoaderReport) -> pa.Table:
    """Return ``user_id`` and ``name`` of some users.

    Raises:
        InputError: the file is absent or unusable.
    """
    people = read_json_lines(path, [Column("user_id", "id", required=True), Column("name")], report)
    return people.filter(pc.is_in(people.column("user_id").cast(pa.string()), value_set=users))


def read_friendships(path: Path, users: pa.Array, report: LoaderReport) -> pa.Table:
    """Return ``FRIEND_OF`` among some users, each pair once.

    Lists of friends are the most of the file, and are read in blocks. They are one text with commas, ``None`` where
    there are none, or in older editions a list.

    Raises:
        InputError: the file is absent or damaged.
    """
    ends: tuple[list[pa.Array], list[pa.Array]] = ([], [])
    named = 0
    for block in blocks_of(require_file(path), ("user_id", "friends"), _AT_ONCE):
        ids, friends = block.columns
        owners = pc.index_in(sound_strings(list(map(text_of, ids)))[0], value_set=users)
        texts = sound_strings([_joined(value) for value in friends])[0]
        lists = pc.split_pattern(texts, ",")
        one = owners.take(pc.list_parent_indices(lists))
        names = pc.utf8_trim_whitespace(lists.flatten())
        named += len(names) - (pc.sum(pc.is_in(names, value_set=pa.array(["", "None"]))).as_py() or 0)
        other = pc.index_in(names, value_set=users)
        both = pc.and_(one.is_valid(), other.is_valid())
        ends[0].append(one.filter(both))
        ends[1].append(other.filter(both))
    sides = [pa.DictionaryArray.from_arrays(pa.concat_arrays(side), users) for side in ends]
    pairs = undirected(*sides)
    report.remarks.append(
        f"{path.name}: {named:,} friends are named; {pairs.num_rows:,} friendships are among users who are here"
    )
    return pairs


def _joined(friends: object) -> str:
    return ",".join(map(text_of, friends)) if isinstance(friends, list) else text_of(friends)
