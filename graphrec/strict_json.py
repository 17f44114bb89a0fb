"""JSON as the standard has it: without NaN and infinities, and read within bounds."""

from __future__ import annotations

import json
import math
import stat
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from pathlib import Path


def dumps(value: Any, **options: Any) -> str:
    """Return a value as JSON; a number that JSON does not know, such as NaN, is null.

    Args:
        value: dictionaries, lists, tuples, texts, numbers, truth values and None.
        options: of ``json.dumps``.
    """
    return json.dumps(_known(value), allow_nan=False, **options)


def read_json(path: Path, largest: int) -> Any:
    """Return what a JSON file holds.

    Args:
        path: a regular file, or a link to one; nothing is read from a device or a pipe.
        largest: bytes that it may have.

    Raises:
        OSError: it cannot be read.
        ValueError: it is no file, too large, or no JSON; says in words which.
    """
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError("it is no file")
    if about.st_size > largest:
        raise ValueError(f"it has {about.st_size:,} bytes, and {largest:,} at most are read")
    try:
        return json.loads(path.read_bytes(), parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    except UnicodeDecodeError as error:
        raise ValueError("it is not UTF-8 text") from error


def _known(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _known(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_known(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"it holds {constant}, which is no JSON")
