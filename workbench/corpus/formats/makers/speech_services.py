"""Rev AI, Gecko, Gladia, Soniox, ElevenLabs Scribe and IBM Watson: files of words with speakers."""

from __future__ import annotations

from collections import Counter
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import SpokenChannels
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import millis, number

_MARK = "<"  # begins <end> and <fin> of Soniox
_HESITATION = "%HESITATION"


def _rev(document: Any) -> list[Draft] | None:
    monologues = objs(at(document, "monologues"))
    if not monologues or "elements" not in sample(monologues):
        return None
    names = {name(one.get("id")): name(one.get("name")) for one in objs(document.get("speakers"))}
    draft = Draft([], id=name(first(document, "id", "job_id")), language=name(document.get("language")))
    for one in monologues:
        elements = objs(one.get("elements"))
        speaker = known_speaker(one.get("speaker"))
        info = obj(one.get("speaker_info"))
        speaker = known_speaker(first(info, "display_name", "name")) or names.get(speaker) or speaker
        starts = [time for element in elements if (time := number(element.get("ts"))) is not None]
        ends = [time for element in elements if (time := number(element.get("end_ts"))) is not None]
        said = "".join(text(element.get("value")) for element in elements)
        draft.turns.append(DraftTurn(said, speaker, min(starts, default=None), max(ends, default=None)))
    return [draft]


def _gecko(document: Any) -> list[Draft] | None:
    monologues = objs(at(document, "monologues"))
    if not monologues or "terms" not in sample(monologues):
        return None
    draft = Draft([])
    for one in monologues:
        speaker = known_speaker(first(obj(one.get("speaker")), "name", "id") or one.get("speaker"))
        said = "".join(
            ("" if term.get("type") == "PUNCTUATION" else " ") + text(term.get("text"))
            for term in objs(one.get("terms"))
        )
        start, end = number(one.get("start")), number(one.get("end"))
        if start is None:
            start, end = number(at(one, "terms", 0, "start")), number(at(one, "terms", -1, "end"))
        draft.turns.append(DraftTurn(said, speaker, start, end))
    return [draft]


def _gladia(document: Any) -> list[Draft] | None:
    found = obj(at(document, "result", "transcription")) or obj(at(document, "transcription"))
    utterances = objs(found.get("utterances"))
    if not isinstance(found.get("utterances"), list) or not ("full_transcript" in found or "languages" in found):
        return None
    channels = SpokenChannels(one.get("channel") for one in utterances)
    draft = Draft([], id=name(document.get("id")), language=name(at(found, "languages", 0)))
    draft.duration_s = number(at(document, "result", "metadata", "audio_duration"))
    for one in utterances:
        draft.language = draft.language or name(one.get("language"))
        speaker = channels.name(one.get("channel"), one.get("speaker"))
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, number(one.get("start")), number(one.get("end"))))
    return [draft]


def _soniox(document: Any) -> list[Draft] | None:
    tokens = objs(at(document, "tokens"))
    if not tokens or "start_ms" not in sample(tokens):
        return None
    languages: Counter[str] = Counter()
    draft = Draft([], id=name(document.get("id")))
    spoken = []
    for one in tokens:
        shown = text(one.get("text"))
        if one.get("translation_status") == "translation":
            draft.left_out["translated word"] += 1
            continue
        if shown.startswith(_MARK) and shown.endswith(">"):
            continue
        languages[text(one.get("language"))] += 1
        speaker = known_speaker(one.get("speaker"))
        spoken.append(TimedWord(shown, speaker, millis(one.get("start_ms")), millis(one.get("end_ms")), ""))
    draft.turns = runs(spoken)
    draft.language = max(languages, key=lambda one: languages[one], default=None)
    return [draft]


def _eleven(document: Any) -> list[Draft] | None:
    channels = objs(at(document, "transcripts"))
    held = channels if among(sample(channels), "words", "language_code") else [obj(document)]
    if at(held, 0, "words", 0, "type") not in ("word", "spacing", "audio_event"):
        return None
    named = SpokenChannels(one.get("channel_index", at_) for at_, one in enumerate(held))
    own = name(first(document, "transcription_id", "request_id"))
    draft = Draft([], id=own, language=name(held[0].get("language_code")))
    draft.duration_s = number(first(document, "audio_duration_secs"))
    spoken = []
    for place, one in enumerate(held):
        channel = one.get("channel_index", place)
        last = 0.0
        for entry in objs(one.get("words")):
            spacing = entry.get("type") == "spacing"
            start = number(entry.get("start"))
            last = last if start is None else start
            speaker = named.name(entry.get("channel_index", channel), entry.get("speaker_id"))
            end = None if spacing else number(entry.get("end"))
            spoken.append((last, TimedWord(text(entry.get("text")), speaker, None if spacing else start, end, "")))
    if len(held) > 1:
        spoken.sort(key=lambda pair: pair[0])
    draft.turns = runs(word for _, word in spoken)
    return [draft]


def _watson(document: Any) -> list[Draft] | None:
    results = objs(at(document, "results"))
    results = [inner for one in results for inner in (objs(one.get("results")) or [one])]
    alternatives = obj(at(sample(results), "alternatives", 0))
    labels = objs(at(document, "speaker_labels")) or objs(at(document, "results", 0, "speaker_labels"))
    if not results or "alternatives" not in sample(results) or not ("timestamps" in alternatives or labels):
        return None
    by_start = {number(one.get("from")): known_speaker(one.get("speaker")) for one in labels}
    draft = Draft([])
    spoken: list[TimedWord] = []
    for one in results:
        if one.get("final") is False:
            draft.left_out["interim result"] += 1
            continue
        words = [_timed(entry, by_start) for entry in at(one, "alternatives", 0, "timestamps") or ()]
        kept = [word for word in words if word.text and word.text != _HESITATION]
        draft.left_out["hesitation"] += sum(word.text == _HESITATION for word in words)
        if labels:
            spoken += kept
            continue
        said = text(at(one, "alternatives", 0, "transcript")).replace(_HESITATION, " ")
        ends = [word.end_s for word in words if word.end_s is not None]
        start = words[0].start_s if words else None
        draft.turns.append(DraftTurn(" ".join(said.split()), None, start, max(ends, default=None)))
    draft.turns += runs(spoken)
    return [draft]


def _timed(entry: Any, by_start: dict[float | None, str | None]) -> TimedWord:
    start = number(at(entry, 1))
    return TimedWord(text(at(entry, 0)), by_start.get(start), start, number(at(entry, 2)))


REV = Maker("Rev AI", _rev)
GECKO = Maker("Gecko", _gecko)
GLADIA = Maker("Gladia", _gladia)
SONIOX = Maker("Soniox", _soniox)
ELEVEN = Maker("ElevenLabs Scribe", _eleven)
WATSON = Maker("IBM Watson", _watson)
