"""Conversations of hostile and ordinary pieces, for property tests of redaction."""

from __future__ import annotations

from hypothesis import strategies as st

from workbench.domain.conversations import Conversation, LabelSpan, Party, Turn

PIECES = [
    *["4111 1111 1111 1111", "4111-1111-1111-1111", "4111", "1111", "5500000000000004", "378282246310005"],
    *["+49 30 1234567", "030 1234567", "0171", "2345678", "(212) 555-0123", "212", "555", "0123", "06 12 34 56 78"],
    *["four", "one", "one", "double", "oh", "o", "uh", "plus", "vier", "quatre vingt", "dix", "hundred", "twenty"],
    *["DE89 3704 0044 0532 0130 00", "DE89", "GB82 WEST 1234 5698 7654 32", "d", "e"],
    *["ann.lee@example.com", "ann", "at", "dot", "com", "example", "@", ".", "-", "_", "my email is", "underscore"],
    *["my name is", "this is", "speaking", "from", "i'm", "Ann", "LEE", "will", "Will", "O'Neil", "Zoë", "Zoe\u0308"],
    *["order", "phone", "call me at", "number", "number is", "Tel.", "dollars", "€", "2026-05-12", "12:30", "#"],
    *["田中", "さん", "電話", "です", "と申します", "名前は", "שלום", "مرحبا", "\u202b", "\u200b", "\u00a0"],
    *["[CARD]", "[NAME]", "[PHONE]", "[", "]", "CARD", "NAME", "hello", "the", "and", "Dr.", "hi", "thanks"],
    *["0", "1", "2", "٠٣٠", "０９０", "/", ",", ", ", ". ", "\n", "!", "'", "’"],
]
GAPS = [" ", " ", " ", "", "-", ", ", ". ", ".", "  ", "\n", "'", "\u200f"]
PARTIES = (
    Party(id="a", name="Ann Lee"),
    Party(id="zoe.oneil", email="w.will@example.com"),
    Party(id="t", name="田中 太郎"),
    Party(id="b", name="Will O'Neil-Zoë"),
    Party(id="agent", name="Agent"),
)


@st.composite
def texts(draw: st.DrawFn, most: int = 24) -> str:
    """Return a text of pieces that make up, or break, what redaction looks for."""
    pieces = draw(st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=3)), max_size=most))
    return "".join(piece + draw(st.sampled_from(GAPS)) for piece in pieces)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Return a conversation with spans that lie anywhere."""
    turns = []
    for text in draw(st.lists(texts(), min_size=1, max_size=3)):
        ends = sorted(draw(st.lists(st.integers(0, max(len(text), 0)), min_size=2, max_size=2)))
        spans = (LabelSpan(label="x", start=ends[0], end=ends[1]),) if ends[0] < ends[1] else ()
        turns.append(Turn(text=text, party=draw(st.sampled_from(["a", "t", "new.name", None])), spans=spans))
    language = draw(st.sampled_from([None, "en", "de", "fr-FR", "ja", "en-GB"]))
    title = draw(st.one_of(st.none(), texts(6)))
    return Conversation(id="c", turns=tuple(turns), parties=PARTIES, language=language, title=title)
