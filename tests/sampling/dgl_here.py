"""Where DGL is to be expected."""

from __future__ import annotations

import pytest

from graphrec.errors import ModelError
from graphrec.sampling.dgl_import import dgl_has_wheel, import_dgl
from tests.conftest import absent


def need_dgl() -> None:
    """Skip a test where DGL has no wheel; where it has one, its absence is a failure in CI."""
    try:
        import_dgl()
    except ModelError as error:
        if not dgl_has_wheel():
            pytest.skip(str(error))
        absent(str(error))
