"""Given profiles of users attributed to their reviews, so that a split can cut them."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.features import USER_FILE, read_user_profiles
from graphrec.reviews.cleaning import words_of
from graphrec.reviews.extraction import extract_mentions
from graphrec.reviews.mentions import merged
from graphrec.reviews.names import NamesExtractor
from graphrec.reviews.textblob_tagger import TextBlobTagger
from graphrec.reviews.word_sequences import WordSequences
from graphrec.wording import counted, share

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport


def attributed_mentions(
    folder: Path, reviews: Iterable[pa.Table], users: pa.ChunkedArray, report: LoaderReport
) -> pa.Table:
    """Return mentions of the features of given profiles in the reviews whose words name them.

    A feature of a user's profile is mentioned in each review of the user that has its words, whole and in any case, as
    often as they stand there, with the sentiment of the profile. Pairs of user and feature that no review names are
    left out and counted.

    Args:
        folder: with ``user_feature.csv``.
        reviews: tables with ``user``, ``item`` and ``text``.
        users: ids of known users; profiles of others are left out and counted.
        report: receives accounts and remarks.

    Raises:
        InputError: the file is absent or unusable, the features are numbers without names, or no feature is named in
            any review of its user.
    """
    profiles, names = _profiles(folder, users, report)
    sequences = WordSequences(names.to_pylist())
    mentions = merged(_occurrences(table, sequences, names) for table in reviews)
    of_profile = _rows_of(mentions, profiles)
    mentions = mentions.filter(of_profile.is_valid())
    found = pc.count_distinct(of_profile).as_py()
    told = share(found, profiles.num_rows)
    if not found:
        raise InputError(
            f"none of {counted(profiles.num_rows, 'pair')} of user and feature is named in a review of the user",
            where=str(folder / USER_FILE),
            remedy="Give the features of these reviews",
        )
    report.remarks.append(
        f"{USER_FILE}: {told} pairs of user and feature are named in the user's reviews; the others are left out"
    )
    report.remarks.append(
        f"{USER_FILE}: sentiments are those of the profiles, each the mean over all reviews of the user"
    )
    return _with_given_sentiment(mentions, profiles, of_profile.drop_null())


def vocabulary_mentions(
    folder: Path, reviews: Iterable[pa.Table], users: pa.ChunkedArray, report: LoaderReport
) -> pa.Table:
    """Return mentions of every feature of given profiles in all reviews.

    The sentiment is that of the user's profile where it has the feature, else by the lexicon. Arguments and errors are
    those of ``attributed_mentions``.

    Raises:
        MissingExtraError: the extra ``reviews`` is not installed.
    """
    profiles, names = _profiles(folder, users, report)
    extractor = NamesExtractor(tuple(names.to_pylist()), TextBlobTagger())
    mentions = extract_mentions(reviews, extractor).mentions
    if not mentions.num_rows:
        raise InputError(
            f"none of the {counted(len(names), 'feature')} is named in any review",
            where=str(folder / USER_FILE),
            remedy="Give the features of these reviews",
        )
    of_profile = _rows_of(mentions, profiles)
    n_given = len(of_profile) - of_profile.null_count
    report.remarks.append(
        f"{USER_FILE}: {share(n_given, mentions.num_rows)} mentions have the sentiment of the user's profile, the "
        "others that of the words near them"
    )
    return _with_given_sentiment(mentions, profiles, of_profile)


def _profiles(folder: Path, users: pa.ChunkedArray, report: LoaderReport) -> tuple[pa.Table, pa.Array]:
    """Return the profiles of known users, and the names of their features."""
    profiles = read_user_profiles(folder, users, report)
    if not profiles.num_rows:
        raise InputError(
            "none of these profiles is of a user with interactions",
            where=str(folder / USER_FILE),
            remedy="Give the features of this data set",
        )
    names = profiles.column("feature").combine_chunks().unique()
    nameless = int(np.sum(~WordSequences(names.to_pylist()).is_findable))
    if nameless == len(names):
        raise InputError(
            f"the features are numbers without names, such as {names[0].as_py()!r:.40}, and no review names them",
            where=str(folder / USER_FILE),
            remedy="Load the folder by itself, or extract features: features=extract",
        )
    if nameless:
        report.remarks.append(f"{USER_FILE}: looked for no number: {counted(nameless, 'feature')} without a name")
    return profiles, names


def _occurrences(reviews: pa.Table, sequences: WordSequences, names: pa.Array) -> pa.Table:
    """Return each occurrence of a name as one mention."""
    split = [words_of(text) for text in reviews.column("text").to_pylist()]
    words = pa.array(list(chain.from_iterable(split)), pa.string()).dictionary_encode()
    text = np.repeat(np.arange(len(split)), [len(several) for several in split])
    found = sequences.find(words.dictionary, np.asarray(words.indices).astype(np.int64), text)
    rows, n = pa.array(text[found.start]), len(found.start)
    owners = {name: reviews.column(name).take(rows) for name in ("user", "item")}
    columns = {"feature": names.take(pa.array(found.name)), "sentiment": pa.array(np.zeros(n))}
    return pa.table({**owners, **columns, "count": pa.array(np.ones(n, dtype=np.int64))})


def _rows_of(mentions: pa.Table, profiles: pa.Table) -> pa.Array:
    """Return for each mention the row of its user and feature among the profiles, null where there is none."""
    return pc.index_in(_pairs(mentions), value_set=_pairs(profiles))


def _pairs(table: pa.Table) -> pa.Array:
    """Return user and feature as one text; the length of the first keeps two pairs apart."""
    user, feature = (table.column(name).combine_chunks().cast(pa.string()) for name in ("user", "feature"))
    return pc.binary_join_element_wise(pc.binary_length(user).cast(pa.string()), user, feature, ":")


def _with_given_sentiment(mentions: pa.Table, profiles: pa.Table, of_profile: pa.Array) -> pa.Table:
    given = profiles.column("mean_sentiment").combine_chunks().take(of_profile)
    place = mentions.column_names.index("sentiment")
    return mentions.set_column(place, "sentiment", pc.coalesce(given, mentions.column("sentiment").combine_chunks()))
