"""From a file of reviews to a file of mentions; stopped at any moment, the same call goes on."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from graphrec import strict_json
from graphrec.loading.review_features import nothing_found_error
from graphrec.loading.review_texts import read_reviews
from graphrec.output_places import file_place, is_stream
from graphrec.own_kinds import MENTIONS, MENTIONS_NOTE
from graphrec.progress import Progress, no_progress
from graphrec.reviews.extraction import Extraction, extract_mentions
from graphrec.reviews.parts import PartFolder
from graphrec.whole_file import whole_file

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.review_texts import ReviewColumns
    from graphrec.reviews.extractor import Extractor
    from graphrec.reviews.mentions import FeatureChoice


def extract_file(
    reviews: Path,
    columns: ReviewColumns,
    out: Path,
    extractor: Extractor,
    choice: FeatureChoice,
    report: LoaderReport,
    *,
    workers: int = 1,
    progress: Progress = no_progress,
) -> Extraction:
    """Extract the mentions of a file of reviews, and write them as Parquet.

    Parts are kept in the folder ``OUT.parts`` beside the file until it is whole; where it is a stream, in a temporary
    one. The file depends on the reviews and the settings alone, byte for byte.

    Args:
        reviews: the file.
        columns: of user, item and text.
        out: the file to write.
        extractor: finds features in texts.
        choice: which candidates become features.
        report: receives the account of the file.
        workers: processes side by side.
        progress: called after each part.

    Raises:
        InputError: a file is unusable, ``out`` must not be replaced, or no feature was found.
        MissingExtraError: a package that the extractor stands on is not installed.
    """
    with ExitStack() as stack:
        if is_stream(out):
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="graphrec-")))
        else:
            place = file_place(out, MENTIONS)
            folder = place.with_name(f"{place.name}.parts")
        found = extract_mentions(
            read_reviews(reviews, columns, report),
            extractor,
            choice,
            workers=workers,
            folder=folder,
            progress=progress,
        )
        if not found.mentions.num_rows:
            raise nothing_found_error(found, choice, str(reviews))
        note = {
            "extractor": dict(extractor.settings),
            "min_reviews": choice.min_reviews,
            "max_share": choice.max_share,
        }
        table = found.mentions.replace_schema_metadata({MENTIONS_NOTE: strict_json.dumps(note, sort_keys=True)})
        with whole_file(out, MENTIONS) as draft:
            pq.write_table(table, draft)
        PartFolder.at(folder).remove()
    return found
