"""Fireflies, Chorus, Avoma, Fathom, Read.ai, Webex, Otter, Grain and Symbl: recorded meetings."""

from __future__ import annotations

from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.times import (
    between,
    clock,
    earlier,
    millis,
    moment,
    number,
    scaled,
    seconds,
    taken_as_utc,
    tidy,
    zoned,
)
from workbench.domain.conversations import Channel, Side

_OTTER_RATE = 1 / 16_000
_SCOPES = {"internal": Side.COMPANY, "external": Side.CUSTOMER}


def _fireflies(document: Any) -> list[Draft] | None:
    data = obj(at(document, "data")) or obj(document)
    held = objs(data.get("transcripts")) or [one for one in (obj(data.get("transcript")), data) if one]
    found = [one for one in held if isinstance(one.get("sentences"), list) and _is_fireflies(one)]
    return [_fireflies_draft(one) for one in found] or None


def _is_fireflies(transcript: dict[str, Any]) -> bool:
    keys = sample(transcript["sentences"])
    told = {"host_email", "organizer_email", "meeting_attendees", "dateString", "fireflies_users", "transcript_url"}
    spoken = {"speaker_name", "speaker_id", "raw_text"} & keys.keys() and {"text", "sentence", "raw_text"} & keys.keys()
    return bool(spoken) or bool(not keys and told & transcript.keys())


def _fireflies_list(document: Any) -> list[Draft] | None:
    keys = sample(document)
    if "speaker_name" not in keys or not {"sentence", "text", "raw_text"} & keys.keys():
        return None
    return [_fireflies_draft({"sentences": document})]


def _fireflies_draft(transcript: dict[str, Any]) -> Draft:
    draft = Draft([], id=name(transcript.get("id")), title=name(transcript.get("title")))
    draft.started = taken_as_utc(first(transcript, "date", "dateString"))
    draft.duration_s = scaled(transcript.get("duration"), 60)
    names = {name(one.get("id")): known_speaker(one.get("name")) for one in objs(transcript.get("speakers"))}
    for one in objs(transcript["sentences"]):
        own = name(one.get("speaker_id"))
        speaker = known_speaker(one.get("speaker_name")) or names.get(own) or known_speaker(own)
        start, end = seconds(first(one, "start_time", "startTime")), seconds(first(one, "end_time", "endTime"))
        draft.turns.append(DraftTurn(text(first(one, "text", "sentence", "raw_text")), speaker, start, end))
    spoken = {turn.speaker for turn in draft.turns}
    for one in objs(transcript.get("meeting_attendees")):
        called, email = name(first(one, "displayName", "name")), name(one.get("email"))
        if email and called in spoken and called:
            draft.addresses[called] = email
    return draft


def _chorus(document: Any) -> list[Draft] | None:
    data = obj(at(document, "data")) or obj(document)
    attributes = obj(data.get("attributes"))
    recording = obj(attributes.get("recording"))
    utterances = objs(recording.get("utterances"))
    if not isinstance(recording.get("utterances"), list):
        return None
    draft = Draft([], id=name(data.get("id")), title=name(first(attributes, "name", "title", "subject")))
    draft.started, draft.duration_s = taken_as_utc(recording.get("start_time")), number(recording.get("duration"))
    addresses = {name(one.get("name")): name(one.get("email")) for one in objs(attributes.get("participants"))}
    for one in utterances:
        speaker = known_speaker(first(one, "speaker_name", "speaker_id"))
        start, length = number(one.get("snippet_time")), number(one.get("snippet_length"))
        end = None if start is None or length is None else tidy(start + length)
        draft.turns.append(DraftTurn(text(one.get("snippet")), speaker, start, end))
        if speaker and (side := side_of("customer" if one.get("speaker_type") == "cust" else one.get("speaker_type"))):
            draft.sides[speaker] = side
        if speaker and (email := addresses.get(speaker)):
            draft.addresses[speaker] = email
    return [draft]


def _avoma(document: Any) -> list[Draft] | None:
    held = objs(at(document, "transcript"))
    if not among(sample(held), "transcript", "timestamps"):
        return None
    people = {name(one.get("id")): one for one in objs(document.get("speakers"))}
    draft = Draft([], id=name(first(document, "uuid", "meeting_uuid")))
    for one in held:
        who = people.get(name(one.get("speaker_id")), {})
        speaker = known_speaker(first(who, "name", "email")) or known_speaker(one.get("speaker_id"))
        draft.turns.append(DraftTurn(text(one.get("transcript")), speaker, number(at(one, "timestamps", 0))))
        if speaker and isinstance(who.get("is_rep"), bool):
            draft.sides[speaker] = Side.COMPANY if who["is_rep"] else Side.CUSTOMER
        if speaker and (email := name(who.get("email"))):
            draft.addresses[speaker] = email
    return [draft]


def _fathom(document: Any) -> list[Draft] | None:
    held = objs(at(document, "transcript"))
    keys = sample(held)
    if not isinstance(keys.get("speaker"), dict) or "timestamp" not in keys:
        return None
    own = name(first(document, "recording_id", "id"))
    draft = Draft([], id=own, title=name(first(document, "title", "meeting_title")))
    draft.started = taken_as_utc(document.get("recording_start_time"))
    draft.duration_s = between(draft.started, taken_as_utc(document.get("recording_end_time")))
    draft.language = name(document.get("transcript_language"))
    if url := name(first(document, "share_url", "url")):
        draft.fields["url"] = url
    invited = objs(document.get("calendar_invitees"))
    by_email = {text(one.get("email")).lower(): one for one in invited if one.get("email")}
    by_name = {name(first(one, "matched_speaker_display_name", "name")): one for one in invited}
    for one in held:
        who = obj(one.get("speaker"))
        speaker = known_speaker(first(who, "display_name", "name"))
        email = name(first(who, "matched_calendar_invitee_email", "email"))
        start = (
            clock(text(one.get("timestamp")))
            if isinstance(one.get("timestamp"), str)
            else seconds(one.get("timestamp"))
        )
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, start))
        match = by_email.get((email or "").lower()) or by_name.get(speaker) or {}
        if speaker and (address := email or name(match.get("email"))):
            draft.addresses[speaker] = address
        if speaker and isinstance(match.get("is_external"), bool):
            draft.sides[speaker] = Side.CUSTOMER if match["is_external"] else Side.COMPANY
    return [draft]


def _read_ai(document: Any) -> list[Draft] | None:
    blocks = objs(at(document, "transcript", "speaker_blocks"))
    if not isinstance(at(document, "transcript", "speaker_blocks"), list):
        return None
    draft = Draft([], id=name(first(document, "session_id", "id")), title=name(document.get("title")))
    draft.started = taken_as_utc(document.get("start_time"))
    starts = [moment(one.get("start_time")) for one in blocks]
    origin = draft.started or min(filter(None, starts), default=None)
    draft.started = origin
    draft.duration_s = between(draft.started, taken_as_utc(document.get("end_time")))
    addresses = {name(one.get("name")): name(one.get("email")) for one in objs(document.get("participants"))}
    for one, start in zip(blocks, starts, strict=True):
        speaker = known_speaker(first(obj(one.get("speaker")), "name") or one.get("speaker_name"))
        offset = between(origin, start) if start else seconds(one.get("start_time"))
        end = moment(one.get("end_time"))
        until = between(origin, end) if end else seconds(one.get("end_time"))
        draft.turns.append(DraftTurn(text(one.get("words")), speaker, offset, until))
        if speaker and (email := addresses.get(speaker)):
            draft.addresses[speaker] = email
    return [draft]


def _webex(document: Any) -> list[Draft] | None:
    held = objs(at(document, "items"))
    if "offsetMillisecond" not in sample(held):
        return None
    by_transcript: dict[str | None, list[dict[str, Any]]] = {}
    for one in held:
        by_transcript.setdefault(name(one.get("transcriptId")), []).append(one)
    return [_webex_draft(own, snippets) for own, snippets in by_transcript.items()]


def _webex_draft(own: str | None, snippets: list[dict[str, Any]]) -> Draft:
    draft = Draft([], id=own, language=name(sample(snippets).get("language")), channel=Channel.WEB_CONFERENCE)
    for one in snippets:
        speaker = known_speaker(first(one, "personName", "personEmail"))
        start, length = millis(one.get("offsetMillisecond")), millis(one.get("durationMillisecond"))
        end = None if start is None or length is None else tidy(start + length)
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, start, end))
        said_at = zoned(one.get("startTime"))
        if draft.started is None and said_at and start is not None:
            draft.started = earlier(said_at, start)
        if speaker and (email := name(one.get("personEmail"))):
            draft.addresses[speaker] = email
    return draft


def _otter(document: Any) -> list[Draft] | None:
    speech = obj(at(document, "speech")) or obj(document)
    held = objs(speech.get("transcripts"))
    if not isinstance(speech.get("transcripts"), list) or not ("otid" in speech or "start_offset" in sample(held)):
        return None
    draft = Draft([], id=name(speech.get("otid")), title=name(speech.get("title")))
    draft.started, draft.duration_s = taken_as_utc(speech.get("start_time")), number(speech.get("duration"))
    names = {
        name(first(one, "speaker_id", "id")): known_speaker(first(one, "speaker_name", "name"))
        for one in objs(speech.get("speakers"))
    }
    for one in held:
        own = name(first(one, "speaker_id"))
        speaker = (names.get(own) or known_speaker(own)) if own else None
        start, end = scaled(one.get("start_offset"), _OTTER_RATE), scaled(one.get("end_offset"), _OTTER_RATE)
        draft.turns.append(DraftTurn(text(one.get("transcript")), speaker, start, end))
    return [draft]


def _grain(document: Any) -> list[Draft] | None:
    keys = sample(document)
    if not ("participant_id" in keys or _has(document, "participant_id")) or not among(keys, "start", "text"):
        return None
    return [_grain_draft({}, objs(document))]


def _grain_recording(document: Any) -> list[Draft] | None:
    found = next((objs(at(document, key)) for key in ("transcript", "transcript_json") if at(document, key)), [])
    if not _has(found, "participant_id") or not among(sample(found), "start", "text"):
        return None
    return [_grain_draft(obj(document), found)]


def _grain_draft(recording: dict[str, Any], held: list[dict[str, Any]]) -> Draft:
    draft = Draft([], id=name(recording.get("id")), title=name(recording.get("title")))
    draft.started, draft.duration_s = (
        taken_as_utc(recording.get("start_datetime")),
        millis(recording.get("duration_ms")),
    )
    people = {name(one.get("id")): one for one in objs(recording.get("participants"))}
    for one in held:
        who = people.get(name(one.get("participant_id")) or "", {})
        speaker = known_speaker(first(one, "speaker")) or known_speaker(who.get("name"))
        draft.turns.append(DraftTurn(text(one.get("text")), speaker, millis(one.get("start")), millis(one.get("end"))))
        if speaker and (email := name(who.get("email"))):
            draft.addresses[speaker] = email
        if speaker and (side := _SCOPES.get(text(who.get("scope")).lower())):
            draft.sides[speaker] = side
    return draft


def _has(held: Any, key: str) -> bool:
    return any(key in one for one in objs(held)[:20])


def _symbl(document: Any) -> list[Draft] | None:
    held = objs(at(document, "messages"))
    keys = sample(held)
    if "from" not in keys or not {"timeOffset", "conversationId"} & keys.keys():
        return None
    draft = Draft([], id=name(first(document, "conversationId") or keys.get("conversationId")))
    for one in held:
        who = obj(one.get("from"))
        speaker = known_speaker(first(who, "name", "email", "id"))
        said_at, until = zoned(one.get("startTime")), zoned(one.get("endTime"))
        start, length = number(one.get("timeOffset")), number(one.get("duration"))
        if draft.started is None and said_at:
            draft.started = earlier(said_at, start)
        if start is None:
            start = between(draft.started, said_at)
        if start is not None and length is None:
            length = between(said_at, until)
        end = None if start is None or length is None else tidy(start + length)
        draft.turns.append(DraftTurn(text(first(one, "text", "payload")), speaker, start, end))
        if speaker and (email := name(who.get("email"))):
            draft.addresses[speaker] = email
    return [draft]


FIREFLIES = Maker("Fireflies", _fireflies)
FIREFLIES_LIST = Maker("Fireflies sentences", _fireflies_list, of_turns=True)
CHORUS = Maker("Chorus", _chorus)
AVOMA = Maker("Avoma", _avoma)
FATHOM = Maker("Fathom", _fathom)
READ_AI = Maker("Read.ai", _read_ai)
WEBEX = Maker("Webex snippets", _webex)
OTTER = Maker("Otter", _otter)
GRAIN = Maker("Grain recording", _grain_recording)
GRAIN_LIST = Maker("Grain transcript", _grain, of_turns=True)
SYMBL = Maker("Symbl messages", _symbl)
