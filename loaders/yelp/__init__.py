"""Yelp's open data: reviews of businesses, tips, friendships.

graphrec load yelp yelp_dataset/        yelp_academic_dataset_review.json, …_business.json; …_user.json, …_tip.json
graphrec load yelp yelp_dataset.tar     the same, as it is downloaded
graphrec load yelp yelp_dataset/ --option city="Philadelphia|Camden" --option category=Restaurants

Stars and counts of reviews that businesses and users carry are over all reviews, those of a test part too, and are not
read; nor are the first names of users, which say who people are and not why something is recommended, unless asked for.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.loading.archives import is_tar, unpacked
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.matching import remark_on_matches
from graphrec.loading.nodes import node_table
from graphrec.loading.review_features import check_feature_options, given_mentions, review_features
from graphrec.loading.review_texts import ReviewColumns
from graphrec.schema.elements import EdgeKind, Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo

from .business_attributes import add_attributes
from .businesses import add_categories, read_businesses
from .files import YelpFiles, is_wanted
from .people import read_friendships, read_names
from .subset import Subset
from .visits import read_visits

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded

TEXTS = ReviewColumns("user_id", "business_id", "text")
_FRIENDS = EdgeKind("FRIEND_OF", "User", "User")
_NOBODY = pa.table({"user_id": pa.array([], pa.string()), "name": pa.array([], pa.string())})
_DECLARED = {
    "Item": (
        Property("open", PropertyType.BOOLEAN, "whether it was open when the data were published"),
        Property("latitude", PropertyType.FLOAT, "degrees"),
        Property("longitude", PropertyType.FLOAT, "degrees"),
    )
}


def load(
    path: Path | str,
    *,
    city: str = "",
    state: str = "",
    category: str = "",
    tips: bool = False,
    friends: bool = False,
    names: bool = False,
    features: str = "",
    match: str = "given",
    mentions: str = "",
    co_purchases: int = 0,
    id_prefix: str = "",
) -> Loaded:
    """Load Yelp's open data, or a part of it.

    Args:
        path: the folder, or the tar archive as it is downloaded.
        city: only businesses of this city, or of one of several: Philadelphia|Camden; in any case of letters.
        state: only businesses of this state or one of several, such as PA.
        category: only businesses with this category or one of several, such as Restaurants.
        tips: a user's tips on a business (tip.json) that they did not review are an interaction without a rating.
        friends: friendships among these users (user.json) become FRIEND_OF.
        names: first names of users (user.json).
        features: extract, to find features in the texts of reviews, or a folder with user_feature.csv, whose profiles
            are attributed to the reviews that name their features.
        match: of a folder of features: given takes only the features of each user's profile, vocabulary every feature
            in every review.
        mentions: a file of mentions that were extracted before, as graphrec reviews writes it, or Sentires or Cornac.
        co_purchases: count pairs of businesses that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: a file is absent or unusable, or no business is of the city, state and category.
        UsageError: options contradict each other.
        MissingExtraError: features are to be extracted, and the extra ``reviews`` is not installed.
    """
    check_feature_options(features, mentions, match)
    path, report, subset = Path(path), LoaderReport(), Subset.read(city, state, category)
    with ExitStack() as stack:
        folder = stack.enter_context(unpacked(path, is_wanted, report)) if is_tar(path) else path
        files = YelpFiles.of(folder)
        everything = read_businesses(files.business, report)
        businesses = subset.of(everything, files.business, report)
        visits = read_visits(
            files, businesses.ids if subset.words else None, report, tips=tips, with_text=bool(features)
        )
        remark_on_matches(report, files.business.name, everything.ids, visits.column("to"), "the reviews")
        users = visits.column("from").combine_chunks().dictionary
        people = read_names(files.user, users, report) if names else _NOBODY
        attributes = AttributeTables()
        add_categories(businesses, attributes)
        add_attributes(files.business, businesses.ids, attributes, report)
        edges = {INTERACTED: visits}
        if friends:
            edges[_FRIENDS] = read_friendships(files.user, users, report)
        nodes = {
            "User": node_table(
                people.column("user_id"),
                people.column("name"),
                visits.column("from"),
                report,
                label="User",
                prefix="user ",
            ),
            "Item": node_table(
                businesses.ids,
                businesses.table.column("name"),
                visits.column("to"),
                report,
                label="Item",
                prefix="business ",
                properties={
                    "open": businesses.table.column("is_open"),
                    "latitude": businesses.table.column("latitude"),
                    "longitude": businesses.table.column("longitude"),
                },
            ),
        }
        parts = [GraphTables(nodes, edges), attributes.tables()]
        if mentions:
            parts.append(given_mentions(Path(mentions), visits, report))
        elif features:
            parts.append(review_features(files.review, TEXTS, features, match, visits, report))
    return assemble(parts, _info(subset), report, id_prefix=id_prefix, co_purchases=co_purchases)


def _info(subset: Subset) -> DatasetInfo:
    """Return the record; a part of the data says which it is."""
    name = " ".join(["Yelp", *subset.words])
    return DatasetInfo(name.lower().replace(" ", "-"), name, "yelp", verb="reviewed", declared=_DECLARED)
