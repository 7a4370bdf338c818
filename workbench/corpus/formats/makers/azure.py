"""Azure Speech: batch, fast and real-time transcription, and the input of its language service."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import SpokenChannels
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.times import TICKS, millis, scaled, seconds, tidy

_UNRECOGNISED = "phrase that was not recognised"


def _batch(document: Any) -> list[Draft] | None:
    if not isinstance(at(document, "recognizedPhrases"), list):
        return None
    phrases = objs(document["recognizedPhrases"])
    channels = SpokenChannels(one.get("channel") for one in phrases)
    draft = Draft([], duration_s=_time(document, "duration"))
    for one in phrases:
        if text(one.get("recognitionStatus") or "Success") != "Success":
            draft.left_out[_UNRECOGNISED] += 1
            continue
        best = obj(at(one, "nBest", 0))
        speaker = channels.name(one.get("channel"), first(one, "speaker") if "speaker" in one else best.get("speaker"))
        draft.turns.append(_timed(one, text(first(best, "display", "lexical")), speaker))
        draft.language = draft.language or name(one.get("locale"))
    return [draft]


def _fast(document: Any) -> list[Draft] | None:
    phrases = objs(at(document, "phrases"))
    if not phrases or "offsetMilliseconds" not in sample(phrases):
        return None
    channels = SpokenChannels(one.get("channel") for one in phrases)
    draft = Draft([], duration_s=millis(document.get("durationMilliseconds")))
    for one in phrases:
        draft.turns.append(_timed(one, text(one.get("text")), channels.name(one.get("channel"), one.get("speaker"))))
        draft.language = draft.language or name(one.get("locale"))
    return [draft]


def _results(document: Any) -> list[Draft] | None:
    """Read the SDK's result for each phrase, saved one after the other."""
    results = objs(document)
    if not among(sample(results), "RecognitionStatus", "Offset"):
        return None
    channels = SpokenChannels(one.get("Channel") for one in results)
    draft = Draft([])
    for one in results:
        shown = text(first(one, "DisplayText") or first(obj(at(one, "NBest", 0)), "Display", "Lexical"))
        if text(one.get("RecognitionStatus")) not in ("Success", "0", "RecognizedSpeech") or not shown:
            draft.left_out[_UNRECOGNISED] += 1
            continue
        start, length = scaled(one.get("Offset"), TICKS), scaled(one.get("Duration"), TICKS)
        speaker = channels.name(one.get("Channel"), one.get("SpeakerId"))
        draft.turns.append(DraftTurn(shown, speaker, start, _sum(start, length)))
    return [draft]


def _language_input(document: Any) -> list[Draft] | None:
    held = objs(at(document, "analysisInput", "conversations")) or objs(at(document, "conversations"))
    if not held or "conversationItems" not in sample(held):
        return None
    out = []
    for one in held:
        draft = Draft([], id=name(one.get("id")), language=name(one.get("language")))
        for item in objs(one.get("conversationItems")):
            speaker = known_speaker(first(item, "participantId", "role"))
            draft.turns.append(DraftTurn(text(first(item, "text", "itn", "lexical")), speaker))
            if speaker and (side := side_of(first(item, "role"))):
                draft.sides[speaker] = side
        out.append(draft)
    return out


def _timed(phrase: dict[str, Any], said: str, speaker: str | None) -> DraftTurn:
    start = _time(phrase, "offset")
    return DraftTurn(said, speaker, start, _sum(start, _time(phrase, "duration")))


def _time(value: dict[str, Any], key: str) -> float | None:
    """Return seconds from ticks, milliseconds or an ISO duration, whichever the version has."""
    ticks = scaled(first(value, f"{key}InTicks", f"{key}Ticks"), TICKS)
    if ticks is not None:
        return ticks
    found = millis(value.get(f"{key}Milliseconds"))
    return seconds(value.get(key)) if found is None and isinstance(value.get(key), str) else found


def _sum(start: float | None, length: float | None) -> float | None:
    return None if start is None or length is None else tidy(start + length)


MAKERS = (
    Maker("Azure batch transcription", _batch),
    Maker("Azure fast transcription", _fast),
    Maker("Azure language service input", _language_input),
    Maker("Azure Speech SDK results", _results, of_turns=True),
)
