"""Turns into sentences: nothing lost, offsets exact, times interpolated (C3)."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.corpus.sentences import MAX_WORDS, parse_sentence_id, sentence_id, sentences_of, spans
from workbench.domain.conversations import Conversation, Turn
from workbench.domain.texts import UNSEEN, is_blank

LANGUAGES = [None, "en", "en-GB", "de", "es", "fr", "fi", "ja", "ar", "hi", "zh_TW", "xx"]
# What splitters stumble over: stops, quotes, abbreviations, all kinds of space, smileys, halves of characters.
PIECES = st.sampled_from(
    [*"abXZ  .!?…'\"()1\n\t", "é", "。", "¿", "\u2028", "\xa0", "\x85", "\0", "🙂", "\ud83d", "Mr.", "No.", "e.g."]
)
texts = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=60))


@given(texts, st.sampled_from(LANGUAGES))
def test_every_character_but_white_space_is_in_exactly_one_sentence(text, language):
    found = spans(text, language)
    assert all(a_end <= b_start for (_, a_end), (b_start, _) in pairwise(found))
    outside = text
    for start, end in reversed(found):
        piece = text[start:end].replace("\0", " ")
        assert piece == piece.strip() != ""
        assert len(piece.split()) <= MAX_WORDS
        outside = outside[:start] + outside[end:]
    assert is_blank(outside)


@given(texts)
def test_a_whole_turn_is_one_sentence_where_that_is_the_unit(text):
    whole = text.replace("\0", " ")
    start = len(whole) - len(whole.lstrip())
    assert spans(text, unit="turn") == ([] if is_blank(text) else [(start, start + len(whole.strip()))])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("space", ["\xa0", "\u2009", "\u202f", "\u3000", "\x85"])
def test_a_wide_space_before_a_stop_is_read_like_a_plain_one(language, space):
    """sentencex 1.0.32 panics at a capital letter, such a space and a stop."""
    assert spans(f"Vitamin C{space}. Then we go on.", language) == spans("Vitamin C . Then we go on.", language)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("No. Thank you for all.", "en", ["No.", "Thank you for all."]),
        ("It is in room No. 5 today.", "en", ["It is in room No. 5 today."]),
        ("That works for me. Thanks.", "en", ["That works for me.", "Thanks."]),
        ("that is great. i like it", "en", ["that is great.", "i like it"]),
        ("Mr. Smith agreed, e.g. to pay.", "en", ["Mr. Smith agreed, e.g. to pay."]),
        ("How are you? 🙂", "en", ["How are you? 🙂"]),
        ("das tut mir leid. wer leitet das?", "de", ["das tut mir leid.", "wer leitet das?"]),
        ("¿Qué tal? Muy bien.", "es", ["¿Qué tal?", "Muy bien."]),
    ],
)
def test_what_is_said_is_split_as_a_reader_would(text, language, expected):
    assert [text[start:end] for start, end in spans(text, language)] == expected


def test_a_long_sentence_is_cut_into_even_parts():
    text = " ".join(["word"] * (2 * MAX_WORDS + 10))
    lengths = [len(text[start:end].split()) for start, end in spans(text)]
    assert sum(lengths) == 2 * MAX_WORDS + 10
    assert max(lengths) - min(lengths) <= 1
    assert len(lengths) == 3


def test_what_shows_nothing_is_no_sentence():
    for code in (code for first, last in UNSEEN for code in range(first, last + 1)):
        sign = chr(code)
        assert spans(sign) == spans(f" {sign}\n{sign}{sign} ") == spans(sign * 300, unit="turn") == [], hex(code)
        assert len(spans(f"Yes. {sign} {sign} No, thanks.")) == 2, hex(code)
    call = Conversation(id="a", turns=(Turn(text="\u200b\ufeff\u3164 \u2800"), Turn(text="\u200bYes.")))
    assert [one.id for one in sentences_of(call)] == ["a:1:0"]


def test_ids_offsets_and_times():
    turn = Turn(text="One. Two. ", start_s=10.0, end_s=20.0)
    call = Conversation(id="a:b", turns=(Turn(text=""), turn, Turn(text="Three.", start_s=30.0)))
    found = list(sentences_of(call))
    assert [s.id for s in found] == ["a:b:1:0", "a:b:1:1", "a:b:2:0"]
    assert [s.text for s in found] == ["One.", "Two.", "Three."]
    assert [s.text for s in found[:2]] == [turn.text[s.start : s.end] for s in found[:2]]
    assert [s.start_s for s in found] == [10.0, 15.0, 30.0]
    assert parse_sentence_id(found[1].id) == ("a:b", 1, 1)


@given(st.text(), st.integers(0, 999), st.integers(0, 999))
def test_an_id_gives_back_what_it_was_made_of(conversation, turn, index):
    assert parse_sentence_id(sentence_id(conversation, turn, index)) == (conversation, turn, index)


@pytest.mark.parametrize("text", ["", "call", "call:1", "call:1:x", "call:-1:0", "call:²:0"])
def test_what_is_no_id_is_told(text):
    assert parse_sentence_id(text) is None


def test_an_unknown_unit_is_refused():
    with pytest.raises(ValueError, match="sentence, turn"):
        spans("Yes.", unit="word")
