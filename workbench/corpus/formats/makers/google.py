"""Google: Speech-to-Text 1 and 2, Conversational Insights, entries of Meet's transcripts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import SpokenChannels
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import between, number, seconds, since_1970, zoned

_STARTS = ("startTime", "startOffset", "start_time", "start_offset")
_ENDS = ("endTime", "endOffset", "end_time", "end_offset")
_RESULT_ENDS = ("resultEndTime", "resultEndOffset", "result_end_time", "result_end_offset")
_SPEAKERS = ("speakerTag", "speakerLabel", "speaker_tag", "speaker_label")
_ENTRY = re.compile(r"conferenceRecords/([^/]+)/transcripts/([^/]+)")
_MIN_SINCE_1970 = 1e14  # microseconds: a smaller number is an offset


def _speech(document: Any) -> list[Draft] | None:
    response = document.get("response", document) if isinstance(document, dict) else {}
    held = at(response, "results")
    if isinstance(held, dict):
        out = [
            _draft(found, uri)
            for uri, one in held.items()
            if (
                found := objs(at(one, "transcript", "results"))
                or objs(at(one, "inlineResult", "transcript", "results"))
            )
        ]
        return out or None
    results = objs(held)
    keys = sample(results)
    if not results or "alternatives" not in keys or {"speaker_labels", "result_index"} & obj(response).keys():
        return None
    if "timestamps" in obj(at(keys, "alternatives", 0)) or "type" in keys:
        return None
    return [_draft(results, None)]


def _draft(results: list[dict[str, Any]], own: str | None) -> Draft:
    draft = Draft([], id=own)
    draft.language = next(filter(None, (name(first(one, "languageCode", "language_code")) for one in results)), None)
    words = [objs(at(one, "alternatives", 0, "words")) for one in results]
    last = words[-1] if words else []
    if any(_tag(one) for one in last) and len(words) > 1 and len(last) >= sum(map(len, words[:-1])) > 0:
        draft.turns = runs(_words(last, lambda one: _tag(one)))
        draft.notes.append("the last result repeats every word with its speaker; it alone was read")
        return draft
    channels = SpokenChannels(first(one, "channelTag", "channel_tag") for one in results)
    before: float | None = 0.0
    for one, spoken in zip(results, words, strict=True):
        end = seconds(first(one, *_RESULT_ENDS))
        channel = first(one, "channelTag", "channel_tag")
        draft.turns += _result(text(at(one, "alternatives", 0, "transcript")), spoken, channel, channels, before, end)
        before = None if channels.name(channel, None) else end
    return draft


def _result(
    said: str,
    words: list[dict[str, Any]],
    channel: Any,
    channels: SpokenChannels,
    before: float | None,
    end: float | None,
) -> list[DraftTurn]:
    """Return a result's turn; or several if its words have several speakers."""
    spoken = _words(words, lambda one: channels.name(channel, _tag(one)))
    turns = runs(spoken)
    if len(turns) > 1 or (turns and not said.strip()):
        return turns
    if turns:
        turns[0].text = said
        return turns
    return [DraftTurn(said, channels.name(channel, None), before, end)]


def _words(words: list[dict[str, Any]], speaker: Any) -> list[TimedWord]:
    out = []
    for place, one in enumerate(words):
        start, end = seconds(first(one, *_STARTS)), seconds(first(one, *_ENDS))
        if start is None and end is not None and place == 0:
            start = 0.0  # zeros are omitted
        out.append(TimedWord(text(first(one, "word")), speaker(one), start, end))
    return out


def _tag(word: dict[str, Any]) -> str | None:
    found = known_speaker(first(word, *_SPEAKERS))
    return None if found == "0" else found


def _insights(document: Any) -> list[Draft] | None:
    entries = objs(at(document, "entries"))
    keys = sample(entries)
    if not among(keys, "text", "role") or not {"user_id", "start_timestamp_usec", "userId"} & keys.keys():
        return None
    draft = Draft([], id=name(first(document, "conversation_id", "id")))
    stamps = [number(first(one, "start_timestamp_usec", "startTimestampUsec")) for one in entries]
    least = min((one for one in stamps if one is not None), default=None)
    absolute = least is not None and least > _MIN_SINCE_1970
    draft.started = since_1970(least) if absolute else None
    for one, stamp in zip(entries, stamps, strict=True):
        speaker = known_speaker(one.get("role"))
        start = None if stamp is None else round((stamp - (least if absolute and least else 0)) / 1e6, 6)
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, start))
        if speaker and (side := side_of(speaker)):
            draft.sides[speaker] = side
    return [draft]


def is_meet(document: Any) -> bool:
    """Return whether a document contains entries of Meet's transcripts, or the participants that they name."""
    return isinstance(at(document, "transcriptEntries"), list) or bool(_participants(document))


def meet_drafts(documents: Iterable[Any]) -> list[Draft]:
    """Return a conversation for each transcript with entries in these documents, with the participants' names."""
    names: dict[str, str] = {}
    held: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        names |= _participants(document)
        for one in objs(at(document, "transcriptEntries")):
            found = _ENTRY.search(text(one.get("name")))
            held.setdefault(f"{found[1]}/{found[2]}" if found else "", []).append(one)
    return [_meet_draft(own, entries, names) for own, entries in held.items()]


def _meet(document: Any) -> list[Draft] | None:
    return meet_drafts([document]) if isinstance(at(document, "transcriptEntries"), list) else None


def _meet_draft(own: str, entries: list[dict[str, Any]], names: dict[str, str]) -> Draft:
    starts = [zoned(one.get("startTime")) for one in entries]
    origin = min(filter(None, starts), default=None)
    draft = Draft([], id=own or None, started=origin, language=name(sample(entries).get("languageCode")))
    for one, start in zip(entries, starts, strict=True):
        resource = text(one.get("participant"))
        speaker = names.get(resource) or known_speaker(resource.rpartition("/")[2])
        end = between(origin, zoned(one.get("endTime")))
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, between(origin, start), end))
    return draft


def _participants(document: Any) -> dict[str, str]:
    """Return the names by resource, such as "conferenceRecords/x/participants/1"."""
    out = {}
    for one in objs(at(document, "participants")):
        users = (obj(one.get(kind)) for kind in ("signedinUser", "anonymousUser", "phoneUser"))
        called = next(filter(None, (known_speaker(user.get("displayName")) for user in users)), None)
        if called and "/participants/" in text(one.get("name")):
            out[text(one["name"])] = called
    return out


SPEECH = Maker("Google Speech-to-Text", _speech)
INSIGHTS = Maker("Google Conversational Insights", _insights)
MEET = Maker("Google Meet entries", _meet)
