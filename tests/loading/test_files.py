from __future__ import annotations

import pytest

from graphrec.errors import InputError
from graphrec.loading.files import is_encoding, refuse_other_encodings


@pytest.mark.parametrize("name", ["utf-8", "UTF8", "utf-8-sig", "latin-1", "cp1252", "ascii", "koi8-r", "gb18030"])
def test_encodings_that_files_are_written_in(name: str) -> None:
    assert is_encoding(name)
    refuse_other_encodings(name, "m.toml")


@pytest.mark.parametrize(
    "name",
    ["punycode", "idna", "undefined", "base64", "rot13", "hex", "unicode_escape", "raw_unicode_escape", "utf-7",
     "utf-16", "utf-32", "cp037", "klingon", "", "\x00", "é", "x" * 500],
)  # fmt: skip
def test_what_is_no_encoding_of_a_text_file_is_refused_in_words(name: str) -> None:
    assert not is_encoding(name)
    with pytest.raises(InputError, match="files cannot be read in the encoding"):
        refuse_other_encodings(name, "m.toml")
