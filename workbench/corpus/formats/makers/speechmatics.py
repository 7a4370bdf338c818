"""Speechmatics: words and punctuation, in version 2 and in version 1, which has numbers as text."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from workbench.corpus.formats.draft import Draft
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import SpokenChannels
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import number, tidy

_UNSPACED = ("ja", "cmn", "zh", "yue", "th", "lo", "km", "my")  # languages written without spaces
_TO_PREVIOUS, _TO_NEXT = ("previous", "both"), ("next", "both")


def _version_2(document: Any) -> list[Draft] | None:
    results = objs(at(document, "results"))
    keys = sample(results)
    if not (among(keys, "type", "alternatives") or "speaker_change" in {one.get("type") for one in results[:20]}):
        return None
    if not ({"job", "format", "message", "metadata"} & document.keys()):
        return None
    draft = Draft([], id=name(at(document, "job", "id")), duration_s=number(at(document, "job", "duration")))
    draft.language = name(at(document, "metadata", "transcription_config", "language"))
    if not draft.language or draft.language == "auto":
        draft.language = name(at(keys, "alternatives", 0, "language"))
    delimiter = "" if text(draft.language).split("-")[0].split("_")[0] in _UNSPACED else " "
    channels = SpokenChannels(one.get("channel") for one in results)
    spoken: list[TimedWord] = []
    attach, last = False, None
    for one in results:
        best = obj(at(one, "alternatives", 0))
        shown = text(first(best, "content"))
        if one.get("type") in ("speaker_change", "audio_event") or not shown:
            continue
        mark = one.get("type") == "punctuation"
        attaches = text(one.get("attaches_to")) or ("previous" if mark else "none")
        own = channels.name(one.get("channel"), best.get("speaker"))
        speaker = last if mark and attaches in _TO_PREVIOUS and spoken else own
        before = "" if attach or attaches in _TO_PREVIOUS else delimiter
        attach, last = attaches in _TO_NEXT, speaker
        spoken.append(TimedWord(shown, speaker, number(one.get("start_time")), number(one.get("end_time")), before))
    draft.turns = runs(_by_time(spoken))
    return [draft]


def _by_time(words: list[TimedWord]) -> list[TimedWord]:
    """Return the words of several channels by time; punctuation stays after its word."""
    keyed, last = [], 0.0
    for word in words:
        last = last if word.before == "" or word.start_s is None else word.start_s
        keyed.append((last, word))
    return [word for _, word in sorted(keyed, key=lambda pair: pair[0])]


def _version_1(document: Any) -> list[Draft] | None:
    words = objs(at(document, "words"))
    if not isinstance(at(document, "job"), dict) or not among(sample(words), "name", "time"):
        return None
    held = sorted(
        (start, known_speaker(first(one, "name", "speaker")))
        for one in objs(document.get("speakers"))
        if (start := number(one.get("time"))) is not None
    )
    starts = [start for start, _ in held]
    draft = Draft([], id=name(at(document, "job", "id")), duration_s=number(at(document, "job", "duration")))
    draft.language = name(at(document, "job", "lang"))
    spoken: list[TimedWord] = []
    for one in words:
        shown, start, length = text(one.get("name")), number(one.get("time")), number(one.get("duration"))
        mark = shown in (".", ",", "?", "!", ";", ":")
        place = bisect_right(starts, start + 1e-6) - 1 if start is not None else -1
        speaker = held[place][1] if place >= 0 else None
        if mark:
            speaker = spoken[-1].speaker if spoken else speaker
        end = None if start is None or length is None or mark else tidy(start + length)
        spoken.append(TimedWord(shown, speaker, None if mark else start, end, "" if mark else " "))
    draft.turns = runs(spoken)
    return [draft]


MAKERS = (Maker("Speechmatics", _version_2), Maker("Speechmatics, version 1", _version_1))
