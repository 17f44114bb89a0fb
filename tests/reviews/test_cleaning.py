from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graphrec.reviews.cleaning import LONGEST_WORD, PIECE, pieces_of, words_of


def test_what_markup_and_control_characters_become() -> None:
    assert pieces_of("a &#34;good&#34;\x00strap&amp;more") == ['a "good" strap&more']
    assert pieces_of("it doesn't, it isn’t, CAN'T") == ["it does not, it is not, CA not"]
    assert pieces_of(f"ab {'x' * (LONGEST_WORD + 1)} cd") == ["ab   cd"]
    assert pieces_of(" \n\t ") == []


def test_words_stand_between_punctuation() -> None:
    assert words_of("The Gig-Bag's 9V_power/supply") == ["the", "gig", "bag", "s", "9v", "power", "supply"]
    assert words_of("音质 ÄÖ!") == ["音质", "äö"]


@given(st.lists(st.sampled_from(["ab", "cde", " ", "\n"]), max_size=30), st.integers(1, 900))
def test_pieces_hold_every_word_whole(parts: list[str], times: int) -> None:
    text = " ".join(parts * times)
    pieces = pieces_of(text)
    assert all(len(piece) <= PIECE for piece in pieces)
    assert [word for piece in pieces for word in piece.split()] == text.split()


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    for piece in pieces_of(text):
        piece.encode()
        assert not any(ord(sign) < 32 and sign not in "\t\n\r" for sign in piece)
