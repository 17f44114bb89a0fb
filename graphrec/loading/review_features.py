"""Features of reviews for a loader: extracted, read from a file, or given as profiles."""

from __future__ import annotations

from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.errors import InputError, UsageError
from graphrec.loading.attributed_profiles import attributed_mentions, vocabulary_mentions
from graphrec.loading.features import feature_profiles
from graphrec.loading.mention_files import read_mentions
from graphrec.loading.mentions import mention_tables
from graphrec.loading.review_texts import NoReviewTextError, ReviewColumns, read_reviews
from graphrec.reviews.extraction import extract_mentions
from graphrec.reviews.mentions import FeatureChoice
from graphrec.reviews.nouns import NounExtractor
from graphrec.reviews.textblob_tagger import TextBlobTagger
from graphrec.wording import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from graphrec.loading.contract import LoaderReport
    from graphrec.reviews.extraction import Extraction
    from graphrec.tables.graph_tables import GraphTables

EXTRACT = "extract"
"""In place of a folder of features: extract them from the texts."""
MATCHES = ("given", "vocabulary")


def check_feature_options(features: str, mentions: str, match: str) -> None:
    """Raise UsageError for options that say nothing or contradict each other, before anything is read."""
    if match not in MATCHES:
        raise UsageError(f"match is {match!r}", remedy=f"Choose {' or '.join(MATCHES)}")
    if features and mentions:
        raise UsageError("features and mentions are given, and either is enough", remedy="Leave one out")
    if match != "given" and features in ("", EXTRACT):
        raise UsageError(f"match={match} says how a folder of features is used", remedy="Give one: features=FOLDER")


def review_features(
    reviews: Path, columns: ReviewColumns, features: str, match: str, edges: pa.Table, report: LoaderReport
) -> GraphTables:
    """Return what a file of reviews says of features, review by review.

    Args:
        reviews: the file.
        columns: of user, item and text.
        features: ``extract``, or a folder with ``user_feature.csv``.
        match: of a folder: ``given`` takes only the features of each user's profile, ``vocabulary`` every feature in
            every review. Where no review has a text, the profiles are taken as they are, and the report says that they
            leak.
        edges: the interactions.
        report: receives accounts and remarks.

    Raises:
        InputError: a file is unusable, or nothing was found.
        MissingExtraError: the extra ``reviews`` is not installed, where it is needed.
    """
    texts: Iterator[pa.Table] = read_reviews(reviews, columns, report, called=f"{reviews} (texts)")
    users = edges.column("from")
    if features != EXTRACT:
        try:
            texts = chain([next(texts)], texts)
        except NoReviewTextError:
            return feature_profiles(Path(features), users, edges.column("to"), report)
    if features == EXTRACT:
        choice = FeatureChoice()
        found = extract_mentions(texts, NounExtractor(TextBlobTagger()), choice)
        if not found.mentions.num_rows:
            raise nothing_found_error(found, choice, str(reviews))
        report.remarks.append(
            f"{reviews.name}: something is said of a feature in {share(found.speaking, found.reviews)} reviews; "
            f"{share(found.features, found.candidates)} candidates became features"
        )
        mentions = found.mentions
    elif match == "given":
        mentions = attributed_mentions(Path(features), texts, users, report)
    else:
        mentions = vocabulary_mentions(Path(features), texts, users, report)
    return mention_tables(mentions, edges, report, place=reviews.name)


def given_mentions(path: Path, edges: pa.Table, report: LoaderReport) -> GraphTables:
    """Return the mentions of a file, in any of the forms of ``read_mentions``, that are of pairs which interact."""
    return mention_tables(read_mentions(path, report), edges, report, place=path.name)


def nothing_found_error(found: Extraction, choice: FeatureChoice, where: str) -> InputError:
    """Return the error for reviews in which no feature was found, or no candidate became one."""
    if not found.candidates:
        return InputError(
            f"no feature was found in {found.reviews:,} reviews",
            where=where,
            remedy="The extractors read English: check that the column of texts is the one that was meant",
        )
    none = "the only candidate" if found.candidates == 1 else f"none of {found.candidates:,} candidates"
    return InputError(
        f"{none} {'is no' if found.candidates == 1 else 'is a'} feature: of {found.speaking:,} reviews that say "
        f"something, fewer than {choice.min_reviews:,} or more than {choice.max_share:.0%} speak of each",
        where=where,
        remedy="graphrec reviews chooses by other bounds: --min-reviews 1, --max-share 1",
    )
