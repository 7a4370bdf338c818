"""Genesys Cloud, Twilio Conversational Intelligence and NICE: calls of contact centres."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.speakers import with_fitting_unit
from workbench.corpus.formats.makers.values import among, at, first, name, objs, sample, text
from workbench.corpus.formats.opened import UnreadableFile
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import millis, number, scaled, since_1970, taken_as_utc, tidy
from workbench.domain.conversations import Channel, Side

_MIN_SINCE_1970 = 1e11  # milliseconds: a smaller number is an offset
_GENESYS_SIDES = {
    "external": Side.CUSTOMER,
    "customer": Side.CUSTOMER,
    "internal": Side.COMPANY,
    "agent": Side.COMPANY,
    "user": Side.COMPANY,
}
_TRANSCRIPT = re.compile(r"/Transcripts/(GT\w+)")


def is_genesys(document: Any) -> bool:
    """Return whether a document is a transcript of Genesys Cloud."""
    return "phrases" in sample(at(document, "transcripts"))


def genesys_drafts(documents: Iterable[Any]) -> list[Draft]:
    """Return a conversation for each conversation id: after a transfer, it has several documents."""
    out: dict[str, Draft] = {}
    for place, document in enumerate(documents):
        draft = _genesys_draft(document)
        known = out.setdefault(draft.id or f"#{place}", draft)
        if known is not draft:
            known.turns += draft.turns
            known.sides |= draft.sides
            known.duration_s = max(known.duration_s or 0, draft.duration_s or 0) or None
    return list(out.values())


def _genesys(document: Any) -> list[Draft] | None:
    return [_genesys_draft(document)] if is_genesys(document) else None


def _genesys_draft(document: Any) -> Draft:
    origin = number(first(document, "conversationStartTime", "startTime"))
    draft = Draft(
        [], id=name(document.get("conversationId")), duration_s=millis(at(document, "duration", "milliseconds"))
    )
    draft.started = since_1970(origin) if origin and origin > _MIN_SINCE_1970 else None
    draft.channel = Channel.TELEPHONY if text(document.get("mediaType")).lower() == "call" else None
    for transcript in objs(document.get("transcripts")):
        draft.language = draft.language or name(transcript.get("language"))
        for one in objs(transcript.get("phrases")):
            speaker = known_speaker(one.get("participantPurpose"))
            start = number(one.get("startTimeMs"))
            if start is None:
                start = number(at(one, "offset", "milliseconds"))
            elif start > _MIN_SINCE_1970:
                start = start - origin if origin else None
            length = number(at(one, "duration", "milliseconds"))
            end = None if start is None or length is None else tidy((start + length) / 1000)
            said = text(first(one, "decoratedText", "text"))
            draft.turns.append(DraftTurn(said, speaker, millis(start), end))
            if speaker and (side := _GENESYS_SIDES.get(speaker.lower())):
                draft.sides[speaker] = side
    return draft


def is_twilio(document: Any) -> bool:
    """Return whether a document has sentences from Twilio, or describes the transcript that they belong to."""
    return _is_twilio_sentences(document) or _is_twilio_resource(document)


def twilio_drafts(documents: Iterable[Any]) -> list[Draft]:
    """Return a conversation for each transcript: its pages together, with the names in its resource.

    Raises:
        UnreadableFile: there are only transcripts' resources, without sentences.
    """
    resources: dict[str, dict[str, Any]] = {}
    pages: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        if _is_twilio_resource(document):
            resources[text(document["sid"])] = document
        elif _is_twilio_sentences(document):
            found = _TRANSCRIPT.search(
                text(at(document, "meta", "url")) or text(at(document, "meta", "first_page_url"))
            )
            own = found[1] if found else name(first(document, "transcript_sid", "transcriptSid")) or ""
            pages.setdefault(own, []).extend(objs(document["sentences"]))
    if not pages:
        raise UnreadableFile(
            "describes a transcript without its sentences; save the answer of …/Sentences too, and import both"
        )
    if len(pages) == 1 and len(resources) == 1 and "" in pages:
        pages = {next(iter(resources)): pages[""]}
    return [_twilio_draft(own, held, resources.get(own, {})) for own, held in pages.items()]


def _twilio(document: Any) -> list[Draft] | None:
    return twilio_drafts([document]) if is_twilio(document) else None


def _is_twilio_sentences(document: Any) -> bool:
    return bool({"media_channel", "mediaChannel"} & sample(at(document, "sentences")).keys())


def _is_twilio_resource(document: Any) -> bool:
    return text(at(document, "sid")).startswith("GT") and isinstance(at(document, "channel"), dict)


def _twilio_draft(own: str, sentences: list[dict[str, Any]], resource: dict[str, Any]) -> Draft:
    draft = Draft([], id=own or None, language=name(resource.get("language_code")))
    draft.started = taken_as_utc(resource.get("media_start_time"))
    draft.duration_s = number(resource.get("duration"))
    people = {number(one.get("channel_participant")): one for one in objs(at(resource, "channel", "participants"))}
    in_ms = "mediaChannel" in sample(sentences)
    unit_s = 0.001 if in_ms else 1.0
    for one in sentences:
        channel = first(one, "media_channel", "mediaChannel")
        who = people.get(number(channel), {})
        speaker = known_speaker(first(who, "full_name", "role")) or (None if channel is None else f"channel {channel}")
        start = scaled(first(one, "start_time", "startTime"), unit_s)
        end = scaled(first(one, "end_time", "endTime"), unit_s)
        draft.turns.append(DraftTurn(text(first(one, "transcript", "text")), speaker, start, end))
        if speaker and (side := side_of(who.get("role"))):
            draft.sides[speaker] = side
    return with_fitting_unit(draft, 1_000, "seconds, not milliseconds") if in_ms else draft


def _nice(document: Any) -> list[Draft] | None:
    words = objs(at(document, "transcript_detailed"))
    if not among(sample(words), "w", "s"):
        return None
    draft = Draft([], id=name(document.get("mediaId")), started=taken_as_utc(document.get("dateCreated")))
    draft.duration_s = millis(document.get("length"))
    draft.turns = runs(
        TimedWord(text(one.get("w")), known_speaker(one.get("sp")), millis(one.get("s")), millis(one.get("e")))
        for one in words
    )
    draft.sides = {one.speaker: side for one in draft.turns if one.speaker and (side := side_of(one.speaker))}
    return [draft]


GENESYS = Maker("Genesys Cloud", _genesys)
TWILIO = Maker("Twilio Conversational Intelligence", _twilio)
NICE = Maker("NICE Uptivity", _nice)
