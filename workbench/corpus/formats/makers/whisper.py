"""Whisper and tools based on it: whisper.cpp, WhisperX, faster-whisper, OpenAI's API, Hugging Face pipelines."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker, sides_of
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import millis, number

_TEXT_ONLY = frozenset({"text", "usage", "task", "language", "duration", "logprobs", "segments", "words"})
_OF_SEGMENTS = frozenset({"id", "seek", "start", "end", "text", "words", "speaker", "avg_logprob", "tokens"})


def _cpp(document: Any) -> list[Draft] | None:
    segments = objs(at(document, "transcription"))
    if not segments or "offsets" not in sample(segments):
        return None
    draft = Draft([], language=name(at(document, "result", "language")))
    for one in segments:
        times = obj(one.get("offsets"))
        speaker = known_speaker(one.get("speaker"))
        speaker = None if speaker == "?" else speaker
        draft.turns.append(
            DraftTurn(text(one.get("text")), speaker, millis(times.get("from")), millis(times.get("to")))
        )
    return [draft]


def _segments(document: Any) -> list[Draft] | None:
    segments = objs(at(document, "segments"))
    if not segments or not among(sample(segments), "start", "end", "text"):
        return None
    length = number(document.get("duration"))
    draft = Draft([], id=name(first(document, "id")), language=name(first(document, "language", "language_code")))
    draft.duration_s = length
    draft.turns = [turn for one in segments for turn in _split(one)]
    draft.sides = sides_of(turn.speaker for turn in draft.turns)
    return [draft]


def _segment_list(document: Any) -> list[Draft] | None:
    """Read only the segments, as scripts around faster-whisper save them."""
    keys = sample(document)
    if not among(keys, "start", "end", "text"):
        return None
    if not (keys.keys() <= _OF_SEGMENTS - {"speaker"} or among(keys, "avg_logprob", "no_speech_prob")):
        return None
    return [Draft([turn for one in objs(document) for turn in _split(one)])]


def _split(segment: dict[str, Any]) -> list[DraftTurn]:
    """Return the segment's turn, or several if the speaker changes between its words."""
    own = known_speaker(segment.get("speaker"))
    words = objs(segment.get("words"))
    speakers = {known_speaker(one["speaker"]) for one in words if "speaker" in one} - {None}
    if len(speakers) > 1:
        return _runs(words, own)
    said = text(segment.get("text"))
    speaker = own or (speakers.pop() if speakers else None)
    return [DraftTurn(said, speaker, number(segment.get("start")), number(segment.get("end")))]


def _runs(words: list[dict[str, Any]], last: str | None) -> list[DraftTurn]:
    spoken = []
    for one in words:
        last = known_speaker(one.get("speaker")) or last  # numbers have neither times nor speakers
        shown = text(first(one, "word", "text"))
        before = "" if shown.startswith(" ") else " "
        spoken.append(TimedWord(shown, last, number(one.get("start")), number(one.get("end")), before))
    return runs(spoken)


def _chunks(document: Any) -> list[Draft] | None:
    keys = obj(document)
    chunks = objs(keys.get("chunks"))
    speakers = objs(keys.get("speakers"))
    held = speakers if among(sample(speakers), "timestamp", "text") else chunks
    return [Draft([_chunk(one) for one in held])] if _are_chunks(held) else None


def _chunk_list(document: Any) -> list[Draft] | None:
    held = objs(document)
    return [Draft([_chunk(one) for one in held])] if _are_chunks(held) else None


def _are_chunks(held: list[dict[str, Any]]) -> bool:
    keys = sample(held)
    return "text" in keys and isinstance(keys.get("timestamp"), list)


def _chunk(chunk: dict[str, Any]) -> DraftTurn:
    start, end = number(at(chunk, "timestamp", 0)), number(at(chunk, "timestamp", 1))
    return DraftTurn(text(chunk.get("text")), known_speaker(chunk.get("speaker")), start, end)


def _text_only(document: Any) -> list[Draft] | None:
    if not isinstance(document, dict) or not isinstance(document.get("text"), str) or document.keys() - _TEXT_ONLY:
        return None
    draft = Draft([DraftTurn(document["text"])], language=name(document.get("language")))
    draft.notes.append("the file has one text without times or speakers")
    return [draft]


CPP = Maker("whisper.cpp", _cpp)
SEGMENTS = Maker("Whisper", _segments)
CHUNKS = Maker("Hugging Face pipeline", _chunks)
TEXT_ONLY = Maker("OpenAI transcription", _text_only)
SEGMENT_LIST = Maker("Whisper segments", _segment_list, of_turns=True)
CHUNK_LIST = Maker("Hugging Face chunks", _chunk_list, of_turns=True)
