"""Features out of reviews' texts, beside those that Sentires found in the same reviews.

    python -m benchmarks.review_features DATA                           by TextBlob, and by the given names
    python -m benchmarks.review_features DATA --model en_core_web_sm    by a pipeline of spaCy too

``DATA`` is the folder of the data sets. The reviews are those of the 3,581 positives of Amazon Musical Instruments, the
reference their given profiles: 4,120 pairs of user and feature, 316 names. A row is found if the user mentions the
feature in any review; its sign is negative if the mean sentiment is below 0. Cohen's κ and the recall of the negatives
stand beside the agreement, since “always positive” agrees with nine rows in ten and says nothing.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from graphrec.loading.contract import LoaderReport
from graphrec.loading.review_texts import read_reviews, review_columns
from graphrec.reviews.extraction import extract_mentions
from graphrec.reviews.registry import make_extractor

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

REVIEWS = "amazon-musical-instruments/reviews_Musical_Instruments_5.json.gz"
FEATURES = "amazon-2014-features/musical-instruments"


@dataclass(frozen=True)
class Figures:
    """What an extractor found of the reference.

    Attributes:
        names: of the reference that it found.
        of_names: names of the reference.
        features: that it found.
        rows: share of the reference's rows that it found.
        agreement: share of those with the sign of the reference.
        kappa: Cohen's, of the signs.
        negatives: share of the negative ones that it calls negative.
        always: agreement of “always positive” on the same rows.
        seconds: of processor time.
    """

    names: int
    of_names: int
    features: int
    rows: float
    agreement: float
    kappa: float
    negatives: float
    always: float
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.names} of {self.of_names} names, {self.features:,} features, {self.rows:.1%} of rows; signs: "
            f"κ {self.kappa:.3f}, recall of negatives {self.negatives:.3f}, agreement {self.agreement:.3f} "
            f"(always positive: κ 0, recall 0, agreement {self.always:.3f}); {self.seconds:.1f} s"
        )


def texts_of_positives(data: Path) -> Iterator[pa.Table]:
    """Yield the reviews of the positives."""
    positives = pa_csv.read_csv(data / FEATURES / "positives.csv")
    wanted = _pairs(positives.column("user"), positives.column("item"))
    path = data / REVIEWS
    for table in read_reviews(path, review_columns(path), LoaderReport()):
        yield table.filter(pc.is_in(_pairs(table.column("user"), table.column("item")), value_set=wanted))


def measured(name: str, data: Path, **settings: object) -> Figures:
    """Extract, and compare with the given profiles."""
    given = pa_csv.read_csv(data / FEATURES / "user_feature.csv")
    reviews = list(texts_of_positives(data))
    extractor, choice = make_extractor(name, **settings)  # type: ignore[arg-type]
    extractor.extract(["warm up"])
    begun = time.process_time()
    found = extract_mentions(reviews, extractor, choice).mentions
    seconds = time.process_time() - begun
    count = found.column("count").cast(pa.float64())
    sums = pa.table(
        {
            "pair": _pairs(found.column("user"), found.column("feature")),
            "sum": pc.multiply(found.column("sentiment"), count),
        }
    )
    profiles = sums.group_by("pair").aggregate([("sum", "sum")])
    places = pc.index_in(_pairs(given.column("user"), given.column("feature")), value_set=profiles.column("pair"))
    is_found = np.asarray(places.is_valid()).astype(bool)
    own = np.asarray(profiles.column("sum_sum").take(places.drop_null())) < 0
    theirs = np.asarray(given.column("mean_sentiment").cast(pa.float64()))[is_found] < 0
    names = pc.unique(given.column("feature"))
    features = pc.unique(found.column("feature"))
    agreement = float((own == theirs).mean())
    return Figures(
        pc.sum(pc.is_in(names, value_set=features)).as_py(),
        len(names),
        len(features),
        float(is_found.mean()),
        agreement,
        _kappa(own, theirs),
        float(own[theirs].mean()),
        float((~theirs).mean()),
        seconds,
    )


def _kappa(own: npt.NDArray[np.bool_], theirs: npt.NDArray[np.bool_]) -> float:
    """Return Cohen's κ of two judges with two answers."""
    chance = own.mean() * theirs.mean() + (1 - own.mean()) * (1 - theirs.mean())
    return float(((own == theirs).mean() - chance) / (1 - chance))


def _pairs(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.Array:
    joined = pc.binary_join_element_wise(first.cast(pa.string()), second.cast(pa.string()), "\t")
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def main() -> None:
    """Measure, and print one line for each extractor."""
    parser = argparse.ArgumentParser(description="Features out of reviews, beside Sentires'")
    parser.add_argument("data", type=Path, help="the folder of the data sets")
    parser.add_argument("--model", default="", help="a pipeline of spaCy")
    arguments = parser.parse_args()
    names = pa_csv.read_csv(arguments.data / FEATURES / "user_feature.csv").column("feature").unique().to_pylist()
    print(f"textblob: {measured('textblob', arguments.data)}")
    print(f"names:    {measured('names', arguments.data, names=names)}")
    if arguments.model:
        print(f"spacy:    {measured('spacy', arguments.data, model=arguments.model)}")


if __name__ == "__main__":
    main()
