"""``graphrec reviews``: features, opinions and sentiment out of the texts of reviews."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.load import file_lines
from graphrec.commands.options import JsonOption
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.wording import counted, readable, share

if TYPE_CHECKING:
    from graphrec.loading.contract import LoaderReport
    from graphrec.reviews.extraction import Extraction

EXAMPLES = """Examples:

\b
  graphrec reviews reviews_Beauty_5.json.gz --out mentions.parquet --workers 4
  graphrec reviews shop.csv --columns user=who,item=what,text=words --out mentions.parquet
  graphrec reviews reviews.json --extractor names --names features.txt --out mentions.parquet

Then load them with the reviews:

\b
  graphrec load amazon reviews_Beauty_5.json.gz --option mentions=mentions.parquet"""


def reviews(
    file: Annotated[Path, typer.Argument(help="JSON lines, Parquet or CSV with a user, an item and a text.")],
    out: Annotated[Path, typer.Option("--out", metavar="FILE", parser=named_output, help="The Parquet file to write.")],
    columns: Annotated[
        str,
        typer.Option("--columns", metavar="user=A,item=B,text=C", help="The columns, where they are not known ones."),
    ] = "",
    extractor: Annotated[
        str, typer.Option("--extractor", help="textblob or spacy: nouns with an opinion near; names: a vocabulary.")
    ] = "textblob",
    names: Annotated[
        Path | None, typer.Option("--names", metavar="FILE", help="The vocabulary of names, one a line.")
    ] = None,
    model: Annotated[str, typer.Option("--model", help="The pipeline of spacy, en_core_web_sm.")] = "",
    window: Annotated[int, typer.Option("--window", help="Words to each side in which an opinion is near.")] = 4,
    min_reviews: Annotated[
        int | None, typer.Option("--min-reviews", help="Reviews that must speak of a feature: 3; of names, 1.")
    ] = None,
    max_share: Annotated[
        float | None, typer.Option("--max-share", help="Share of the reviews that may speak of it: 0.5; of names, 1.")
    ] = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes side by side.")] = 1,
    json: JsonOption = False,
) -> None:
    """Extract what reviews say of features. Stopped, even killed, the same command goes on where it was."""
    from graphrec.loading.contract import LoaderReport
    from graphrec.loading.extracted_file import extract_file
    from graphrec.loading.id_list import read_ids
    from graphrec.loading.review_texts import ReviewColumns, review_columns
    from graphrec.own_kinds import MENTIONS
    from graphrec.reviews.mentions import FeatureChoice
    from graphrec.reviews.registry import make_extractor

    prepare_output(out, MENTIONS, json=json)
    found_by, usual = make_extractor(
        extractor, window=window, model=model, names=() if names is None else read_ids(names)
    )
    choice = FeatureChoice(
        usual.min_reviews if min_reviews is None else min_reviews, usual.max_share if max_share is None else max_share
    )
    read = review_columns(file, ReviewColumns.read(columns) if columns else None)
    report = LoaderReport()
    with bars() as progress:
        found = extract_file(file, read, out, found_by, choice, report, workers=workers, progress=progress)
    if json:
        print_json(_result(found, out, report))
    else:
        say(*_lines(found, out, report))


def _result(found: Extraction, out: Path, report: LoaderReport) -> dict[str, Any]:
    return {
        "file": str(out),
        "mentions": found.mentions.num_rows,
        "reviews": found.reviews,
        "speaking": found.speaking,
        "silent": found.reviews - found.speaking,
        "candidates": found.candidates,
        "features": found.features,
        "resumed": found.resumed,
        "files": [asdict(file) for file in report.files],
        "remarks": report.remarks,
    }


def _lines(found: Extraction, out: Path, report: LoaderReport) -> list[str]:
    lines = [
        f"Wrote {out}: {counted(found.mentions.num_rows, 'mention')} of {counted(found.features, 'feature')}.",
        f"  {share(found.speaking, found.reviews)} reviews say something of a feature.",
        f"  {share(found.features, found.candidates)} candidates became features.",
    ]
    if found.resumed:
        lines.append(f"  {counted(found.resumed, 'review')} had been read by an earlier run.")
    for file in report.files:
        lines += file_lines(file)
    return lines + [f"  {readable(remark, 300)}" for remark in report.remarks]
