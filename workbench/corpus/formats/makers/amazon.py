"""Amazon Transcribe; Transcribe Call Analytics and Connect Contact Lens, calls and chats, stored and in real time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from workbench.corpus.formats.draft import Draft, DraftTurn
from workbench.corpus.formats.makers.maker import Maker
from workbench.corpus.formats.makers.values import among, at, first, name, obj, objs, sample, text
from workbench.corpus.formats.opened import UnreadableFile
from workbench.corpus.formats.roles import known_speaker, side_of
from workbench.corpus.formats.runs import TimedWord, runs
from workbench.corpus.formats.times import between, millis, number, taken_as_utc
from workbench.domain.conversations import Channel, Side

_EVENT = "event"


def _transcribe(document: Any) -> list[Draft] | None:
    results = obj(at(document, "results"))
    if not (isinstance(results.get("transcripts"), list) and isinstance(results.get("items"), list)):
        return None
    if text(document.get("status")).upper() == "FAILED":
        raise UnreadableFile(
            f"is from a failed job: {text(document.get('failureReason')) or 'no reason is given'}; run it again"
        )
    draft = Draft([], id=name(document.get("jobName")), language=name(results.get("language_code")))
    channels = objs(at(results, "channel_labels", "channels"))
    if channels:
        spoken = [word for one in channels for word in _words(objs(one.get("items")), {}, one.get("channel_label"))]
        spoken.sort(key=lambda pair: pair[0])
        draft.turns = runs(word for _, word in spoken)
        return [draft]
    by_time = {
        text(one.get("start_time")): one.get("speaker_label", segment.get("speaker_label"))
        for segment in objs(at(results, "speaker_labels", "segments"))
        for one in objs(segment.get("items"))
    }
    draft.turns = runs(word for _, word in _words(objs(results["items"]), by_time, None))
    segments = objs(results.get("audio_segments"))
    if segments and all(turn.speaker is None for turn in draft.turns):
        draft.turns = [
            DraftTurn(text(one.get("transcript")), None, number(one.get("start_time")), number(one.get("end_time")))
            for one in segments
        ]
    return [draft]


def _words(items: list[dict[str, Any]], by_time: dict[str, Any], channel: Any) -> Iterator[tuple[float, TimedWord]]:
    """Yield each word with the time to sort it by; punctuation gets the time and speaker of its word."""
    last, speaker = 0.0, None
    where = known_speaker(channel)
    names: dict[str, str | None] = {}
    for item in items:
        content = text(_best(item).get("content"))
        if item.get("type") == "punctuation":
            yield last, TimedWord(content, speaker, before="")
            continue
        start = number(item.get("start_time"))
        last = last if start is None else start
        label = text(item.get("speaker_label") or (by_time.get(text(item.get("start_time"))) if by_time else None))
        if label not in names:
            names[label] = " ".join(filter(None, (where, known_speaker(label)))) or None
        speaker = names[label]
        yield last, TimedWord(content, speaker, start, number(item.get("end_time")))


def _best(item: dict[str, Any]) -> dict[str, Any]:
    found = item.get("alternatives")
    return obj(found[0]) if isinstance(found, list) and found else {}


def _analytics(document: Any) -> list[Draft] | None:
    turns = objs(at(document, "Transcript"))
    others = ("Participants", "CustomerMetadata", "ConversationCharacteristics", "ContentMetadata")
    if not isinstance(at(document, "Transcript"), list) or not any(one in document for one in others):
        return None
    own = name(at(document, "CustomerMetadata", "ContactId")) or name(document.get("JobName"))
    draft = Draft([], id=own, language=name(document.get("LanguageCode")))
    draft.duration_s = millis(at(document, "ConversationCharacteristics", "TotalConversationDurationMillis"))
    draft.channel = Channel.TELEPHONY if document.get("Channel") == "VOICE" else None
    matched = at(document, "Categories", "MatchedCategories")
    if isinstance(matched, list) and (listed := ", ".join(filter(None, map(text, matched)))):
        draft.fields["categories"] = listed
    people = {found: one for one in objs(document.get("Participants")) if (found := name(one.get("ParticipantId")))}
    _take(draft, turns, people)
    return [draft]


def _real_time(document: Any) -> list[Draft] | None:
    segments = objs(at(document, "Segments"))
    keys = sample(segments)
    if not ("Transcript" in keys or among(keys, "Utterance", "Categories") or "Utterance" in keys):
        return None
    turns = [obj(one.get("Transcript")) for one in segments if isinstance(one.get("Transcript"), dict)]
    draft = Draft([], id=name(first(document, "ContactId", "contactId")))
    draft.left_out[_EVENT] += len(segments) - len(turns)
    _take(draft, turns, {})
    return [draft]


def _take(draft: Draft, turns: list[dict[str, Any]], people: dict[str, dict[str, Any]]) -> None:
    moments = [taken_as_utc(_absolute(one)) for one in turns]
    spoken = [at for one, at in zip(turns, moments, strict=True) if at and not _is_event(one)]
    origin = min(spoken, default=None)
    draft.started = origin
    for one, moment in zip(turns, moments, strict=True):
        if _is_event(one):
            draft.left_out[_EVENT] += 1
            continue
        who = people.get(name(one.get("ParticipantId")) or "", {})
        role = known_speaker(first(one, "ParticipantRole") or first(who, "ParticipantRole"))
        speaker = known_speaker(first(one, "DisplayName") or first(who, "DisplayName"))
        speaker = speaker or role or known_speaker(one.get("ParticipantId"))
        start, end = millis(one.get("BeginOffsetMillis")), millis(one.get("EndOffsetMillis"))
        if start is None and moment is not None:
            start = between(origin, moment)
        if start is None:
            start = millis(at(one, "Time", "BeginOffsetMillis"))
            end = millis(at(one, "Time", "EndOffsetMillis"))
        draft.turns.append(DraftTurn(text(first(one, "Content", "Text")), speaker, start, end))
        if speaker and (side := _side(role or speaker)):
            draft.sides[speaker] = side


def _absolute(turn: dict[str, Any]) -> Any:
    return first(turn, "AbsoluteTime") or at(turn, "Time", "AbsoluteTime")


def _is_event(turn: dict[str, Any]) -> bool:
    return turn.get("Type") == "EVENT" or "event." in text(turn.get("ContentType"))


def _side(role: str) -> Side | None:
    return Side.COMPANY if role == "CUSTOM_BOT" else side_of(role)


MAKERS = (
    Maker("Amazon Transcribe", _transcribe),
    Maker("Amazon Contact Lens or Call Analytics", _analytics),
    Maker("Amazon Contact Lens, real time", _real_time),
)
