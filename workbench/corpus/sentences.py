"""Splits turns into sentences, with exact offsets and interpolated times (C3).

sentencex does the splitting; docs/decisions/0001-sentence-splitter.md says why, and what is corrected here;
docs/decisions/0024-text.md limits the length of sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal, get_args

from sentencex import get_sentence_boundaries

from workbench.corpus.long_sentences import cluster_start, cut, is_in_cluster
from workbench.corpus.unspaced import mended
from workbench.corpus.word_pieces import MAX_WORDS as MAX_WORDS
from workbench.domain.conversations import Conversation, Sentence, Turn
from workbench.domain.errors import InvalidArgument
from workbench.domain.language_tags import primary_language
from workbench.domain.texts import is_blank

SplitUnit = Literal["sentence", "turn"]
MAX_SPLIT = 10_000
"""The most characters that are split together: sentencex takes quadratic time if quotes do not match."""

_SAID = re.compile("[^\\W_\u115f\u1160\u3164\uffa0]")  # a visible letter or digit
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WIDE_SPACE = re.compile(r"[^\S\x00-\x7f]")
# sentencex reads them as abbreviations (No. 5, Maine, Oklahoma), but in speech they end sentences.
_SHORT_ANSWER = re.compile(r"\b(?:no|me|ok|id|ill)\.(?:\s+(?!\d)|(?=[A-Z]))", re.IGNORECASE)
_STOP = re.compile(r"[.!?…。！？]['\"”’»)\]]*\s")
_WIDE_STOP = re.compile(r"[。！？｡।॥၊။។៕۔؟]['\"”’»)\]」』）】]*")
_PAUSES = (re.compile(r"\n\s*\n"), re.compile(r"\n"), _STOP, _WIDE_STOP, re.compile(r"\s"))
# Their rules require a capital after a full stop, which lower-case transcripts never have.
_CAPITAL_AFTER_STOP = frozenset({"de", "da", "fi", "cs", "ca", "sk"})


def spans(text: str, language: str | None = None, *, unit: SplitUnit = "sentence") -> list[tuple[int, int]]:
    """Return the positions of the sentences of ``text``: ``(start, end)`` in characters, in order.

    White space and null bytes around a sentence belong to none. Otherwise only invisible characters on their own are
    left out, and no sentence is empty. With ``unit`` "turn" the whole text is one sentence. A sentence that has too
    many words, or more than an encoder reads, is cut: see :mod:`workbench.corpus.long_sentences`; so is a turn that is
    more than an encoder reads. ``language`` is BCP 47; English rules where it is unknown.

    Raises:
        InvalidArgument: ``unit`` is not one of its values.
    """
    if unit not in get_args(SplitUnit):
        raise InvalidArgument(f"unit: {unit!r} must be one of {', '.join(get_args(SplitUnit))}")
    if unit == "turn":
        pieces = _trimmed(text, [(0, len(text))])
    else:
        pieces = _joined(text, _trimmed(text, mended(text, _split(text, language))))
    parts = (part for piece in pieces for part in cut(text, *piece, words=unit == "sentence"))
    return [part for part in _trimmed(text, parts) if not is_blank(text[slice(*part)])]


def sentences_of(conversation: Conversation, unit: SplitUnit = "sentence") -> Iterator[Sentence]:
    """Yield the conversation's sentences in order."""
    for number, turn in enumerate(conversation.turns):
        yield from sentences_in(turn, conversation.id, number, conversation.language, unit)


def sentences_in(
    turn: Turn, conversation_id: str, number: int, language: str | None, unit: SplitUnit = "sentence"
) -> Iterator[Sentence]:
    """Yield the sentences of one turn, whose number is given."""
    for index, (start, end) in enumerate(spans(turn.text, language, unit=unit)):
        yield Sentence(
            id=sentence_id(conversation_id, number, index),
            conversation_id=conversation_id,
            turn=number,
            index=index,
            start=start,
            end=end,
            start_s=_start_s(turn, start),
            text=turn.text[start:end],
        )


def sentence_id(conversation_id: str, turn: int, index: int) -> str:
    return f"{conversation_id}:{turn}:{index}"


def parse_sentence_id(sentence_id: str) -> tuple[str, int, int] | None:
    """Return conversation id, turn and index, or None if this is not a sentence id."""
    conversation_id, *numbers = sentence_id.rsplit(":", 2)
    if len(numbers) != 2 or not all(number.isascii() and number.isdigit() for number in numbers):
        return None
    return conversation_id, int(numbers[0]), int(numbers[1])


def _split(text: str, language: str | None) -> Iterator[tuple[int, int]]:
    code = primary_language(language)
    if code in _CAPITAL_AFTER_STOP and text == text.lower():
        code = "en"
    # sentencex takes UTF-8, and panics at a capital, a wide space and a stop; replaced one for one to keep offsets.
    whole = _WIDE_SPACE.sub(" ", _SURROGATE.sub("\ufffd", text))
    for first, last in _passages(text):
        for piece in get_sentence_boundaries(code, whole[first:last]):
            start, end = first + piece["start_index"], first + piece["end_index"]
            for answer in _SHORT_ANSWER.finditer(text, start, end):
                yield start, answer.end()
                start = answer.end()
            yield start, end


def _passages(text: str) -> Iterator[tuple[int, int]]:
    """Yield the whole text, or passages of at most ``MAX_SPLIT`` characters.

    Passages end at a paragraph, line, stop or space.
    """
    start = 0
    while len(text) - start > MAX_SPLIT:
        end = start + MAX_SPLIT
        for pause in _PAUSES:
            found = [match.end() for match in pause.finditer(text, start + MAX_SPLIT // 2, end)]
            if found:
                end = found[-1]
                break
        else:
            end = cluster_start(text, end)
        yield start, end
        start = end
    yield start, len(text)


def _trimmed(text: str, pieces: Iterator[tuple[int, int]] | list[tuple[int, int]]) -> list[tuple[int, int]]:
    out = []
    for start, end in pieces:
        piece = text[start:end].replace("\0", " ")  # as normalising does
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        if end > start:
            out.append((start, end))
    return out


def _joined(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join pieces without letters and digits (an emoji, stray dots, invisible characters) to the piece before them."""
    out: list[tuple[int, int]] = []
    for start, end in pieces:
        if out and (not _SAID.search(text, start, end) or is_in_cluster(text, start)):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _start_s(turn: Turn, offset: int) -> float | None:
    if turn.start_s is None or turn.end_s is None or turn.end_s <= turn.start_s:
        return turn.start_s
    return turn.start_s + (turn.end_s - turn.start_s) * offset / len(turn.text)
